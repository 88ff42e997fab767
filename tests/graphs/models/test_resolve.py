"""From references to models, and what providers still need."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from graphs.models import readiness
from graphs.models.builtin.manifest import DEFAULT
from graphs.models.resolve import provider_list
from graphs.models.script import Script
from nodes.contract import NodeError
from tests.graphs.models.conftest import Workspace
from tests.graphs.models.fake_provider import FakeProvider


def script(name: str, text: str) -> Script:
    return Script.model_validate({"name": name, "replies": [{"text": text, "repeat": True}]})


class FixedServer:
    """Stands where the built-in model's server does."""

    def address(self, model: str) -> tuple[str, str]:
        return f"http://127.0.0.1:1/{model}/v1", "k"


def test_the_built_in_model_is_the_default_until_one_is_set(workspace: Workspace):
    """The setting is checked before it is kept."""
    registry = workspace.registry()
    assert registry.default() == f"builtin:{DEFAULT.name}"
    registry.set_default(" openai:gpt-4o ")
    assert workspace.registry().default() == "openai:gpt-4o"
    with pytest.raises(NodeError, match='no "qwen9"'):
        registry.set_default("builtin:qwen9")


def test_models_are_kept_by_their_parameters(workspace: Workspace):
    """The same parameters give the same object, a new key a new one."""
    workspace.secrets["OPENAI_API_KEY"] = "sk-1"
    registry = workspace.registry()
    first = registry.chat_model("openai:gpt-4o", temperature=0.5, max_tokens=9)
    assert registry.chat_model("openai:gpt-4o", temperature=0.5, max_tokens=9) is first
    assert registry.chat_model("openai:gpt-4o", temperature=0.6, max_tokens=9) is not first
    workspace.secrets["OPENAI_API_KEY"] = "sk-2"
    assert registry.chat_model("openai:gpt-4o", temperature=0.5, max_tokens=9) is not first


def test_each_provider_gets_its_client(workspace: Workspace):
    """The classes of the libraries, with the parameters in place."""
    workspace.secrets |= {"OPENAI_API_KEY": "sk-1", "ANTHROPIC_API_KEY": "sk-2"}
    workspace.settings.set("models.ollama", "http://127.0.0.1:7777")
    registry = workspace.registry(server=FixedServer())
    names = ["openai:gpt-4o", "anthropic:claude-sonnet-4-5", "ollama:qwen3:4b", f"builtin:{DEFAULT.name}"]
    models = [registry.chat_model(name, temperature=0.25, max_tokens=64) for name in names]
    assert [type(model).__name__ for model in models] == ["ChatOpenAI", "ChatAnthropic", "ChatOllama", "BuiltinChat"]
    assert {getattr(model, "temperature", None) for model in models} == {0.25}
    assert getattr(models[2], "base_url", None) == "http://127.0.0.1:7777"
    assert getattr(models[3], "openai_api_base", None) == f"http://127.0.0.1:1/{DEFAULT.name}/v1"


def test_scripts_are_found_by_name_and_runs_by_id(workspace: Workspace):
    """Added scripts first, then the sources given."""
    registry = workspace.registry(
        scripts=lambda name: script(name, "from the template"), recordings=lambda run: script(run, f"run {run}")
    )
    registry.add_script(script("mine", "added"))
    answers = [registry.chat_model(name).invoke("?").text for name in ("scripted:mine", "scripted:t", "recorded:r1")]
    assert answers == ["added", "from the template", "run r1"]


@pytest.mark.parametrize(
    ("reference", "what"),
    [
        ("openai:gpt-4o", "secret OPENAI_API_KEY is not set"),
        ("office:m", "secret OFFICE_TOKEN is not set"),
        (f"builtin:{DEFAULT.name}", "no server in this process"),
        ("scripted:none", 'scripted has no "none"'),
        ("recorded:r9", 'recorded has no "r9"'),
    ],
)
def test_what_is_missing_is_named(workspace: Workspace, reference: str, what: str):
    """A model that cannot be made says which thing it lacks."""
    workspace.endpoint("office", "http://127.0.0.1:1/v1", "OFFICE_TOKEN")
    with pytest.raises(NodeError, match=what) as caught:
        workspace.registry().chat_model(reference)
    assert caught.value.mend


def test_providers_say_what_they_need(workspace: Workspace, provider: Callable[[str], FakeProvider]):
    """A key, a file, a server that answers, or nothing."""
    ollama = provider("good")
    workspace.secrets["OPENAI_API_KEY"] = "sk-1"
    workspace.settings.set("models.ollama", ollama.url.removesuffix("/v1"))
    workspace.endpoint("office", "http://127.0.0.1:1/v1", "OFFICE_TOKEN")
    registry = workspace.registry()
    needs = {one["provider"]: one["needs"] for one in provider_list(registry.providers())}
    assert needs["openai"] == needs["ollama"] == ""
    assert "1.1 GB" in needs["builtin"]
    assert "ANTHROPIC_API_KEY" in needs["anthropic"]
    assert "OFFICE_TOKEN" in needs["office"]
    assert {"openai:gpt-4o-mini", "ollama:qwen3:4b"} <= set(registry.suggestions())
    assert not any(one.startswith("anthropic:") for one in registry.suggestions())


def test_a_silent_ollama_is_told_with_its_address(workspace: Workspace):
    """Nothing listens there."""
    workspace.settings.set("models.ollama", "http://127.0.0.1:9")
    found = {one.provider: one for one in workspace.registry().providers()}
    assert "No Ollama answers at http://127.0.0.1:9" in found["ollama"].needs


def test_a_missing_package_is_told_with_its_extra(workspace: Workspace, monkeypatch: pytest.MonkeyPatch):
    """The advice is the command that installs it."""
    monkeypatch.setitem(readiness.PACKAGES, "anthropic", "no_such_package_xyz")
    workspace.secrets["ANTHROPIC_API_KEY"] = "sk-1"
    with pytest.raises(NodeError, match="package is not installed") as caught:
        workspace.registry().chat_model("anthropic:claude-sonnet-4-5")
    assert "nodeloom[providers]" in caught.value.mend


def test_nothing_heavy_is_imported_before_a_model_is_used():
    """Providers' libraries, prices and the engine wait until they are needed."""
    code = (
        "import sys, graphs.models.resolve, graphs.models.prices, graphs.models.builtin.server\n"
        "heavy = {'langchain_openai', 'langchain_anthropic', 'langchain_ollama', 'genai_prices', 'xllamacpp'}\n"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
