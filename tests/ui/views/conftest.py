"""A workspace in a fresh home, and pages run on it without a browser."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from store.runs import RunRow
from ui.workspace import Workspace, workspace

APP = Path(__file__).parents[3] / "ui" / "app.py"
HASH = "a" * 64


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """The workspace of a home nobody used before, without any key."""
    monkeypatch.setenv("NODELOOM_HOME", str(tmp_path / "home"))
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    workspace.cache_clear()
    opened = workspace()
    yield opened
    opened.close()
    workspace.cache_clear()


@pytest.fixture
def open_page(home: Workspace) -> Callable[..., AppTest]:
    """Run one page as the navigation would; keywords are its address."""

    def script(name: str) -> None:
        import importlib

        from ui import session

        session.enter(name)
        importlib.import_module(f"ui.views.{name}").page()

    def run(name: str, **address: str) -> AppTest:
        test = AppTest.from_function(script, args=(name,), default_timeout=60)
        for key, value in address.items():
            test.query_params[key] = value
        return test.run()

    return run


@pytest.fixture
def add_run(home: Workspace) -> Callable[..., RunRow]:
    """Write a run by hand, with any field."""

    def add(**fields: Any) -> RunRow:
        run = home.runs.create(title=fields.pop("title", "Maths tutor"), version_hash=HASH, inputs={"problem": "1 + 1"})
        return home.runs.update(run.id, **({"status": "done", "started_at": 1_000.0, "seconds": 3.0} | fields))

    return add


def texts(test: AppTest) -> str:
    """Everything the page says in words, in order."""
    said = [
        str(getattr(element, "value", "")) for element in [*test.markdown, *test.error, *test.caption, *test.header]
    ]
    html = [str(element.proto.body) for element in test.get("html")]
    return "\n".join([*said, *html])


def component(test: AppTest) -> Any:
    """What the packaged component was mounted with; None where it was not."""
    found = test.get("bidi_component")
    return found[0].proto if found else None
