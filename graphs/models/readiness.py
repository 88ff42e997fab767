"""Whether a provider can be used now, and if not, what is missing and how to mend it."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from graphs.models.builtin.manifest import ModelFile
from graphs.models.workspace import Endpoint, SecretStore
from nodes.contract import NodeError

KEYS: Final = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
"""Provider -> the secret that holds its key."""
PACKAGES: Final = {
    "openai": "langchain_openai",
    "anthropic": "langchain_anthropic",
    "ollama": "langchain_ollama",
    "builtin": "xllamacpp",
}
EXTRAS: Final = {"anthropic": "providers", "ollama": "providers", "builtin": "builtin"}


@dataclass(frozen=True)
class Provider:
    """One provider's readiness."""

    provider: str
    needs: str = ""
    """What is missing and how to mend it; empty when it is ready."""
    models: tuple[str, ...] = ()
    """Models it said it has."""

    @property
    def ready(self) -> bool:
        return not self.needs


def keyed(provider: str, secrets: SecretStore) -> Provider:
    """A provider that needs its package and a key."""
    missing = _package(provider)
    if not missing and not secrets.get(KEYS[provider]):
        missing = f"Add the secret {KEYS[provider]} in Settings under Keys, or set it in the environment."
    return Provider(provider, missing)


def builtin(folder: Path, model: ModelFile) -> Provider:
    """The built-in model: its engine and its file."""
    missing = _package("builtin")
    if not missing and not (folder / model.filename).is_file():
        missing = f"Fetch it once ({model.bytes / 1e9:.1f} GB): Settings, Models, Fetch, or `nodeloom model fetch`."
    return Provider("builtin", missing)


def ollama(address: str) -> Provider:
    """Ollama: its package, and a server that answers; lists the models it has pulled."""
    missing = _package("ollama")
    if missing:
        return Provider("ollama", missing)
    try:
        answer = httpx.get(f"{address.rstrip('/')}/api/tags", timeout=0.5, trust_env=False)
        models = tuple(str(one["name"]) for one in answer.raise_for_status().json()["models"])
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError):
        return Provider(
            "ollama", f"No Ollama answers at {address}. Start it with `ollama serve`, or change the address."
        )
    if not models:
        return Provider("ollama", f"Ollama at {address} has no model. Get one with `ollama pull qwen3:4b`.")
    return Provider("ollama", models=models)


def endpoint(one: Endpoint, secrets: SecretStore) -> Provider:
    """An address of the user's: its key, where it names one."""
    if one.secret and not secrets.get(one.secret):
        return Provider(one.name, f"Add the secret {one.secret} in Settings under Keys.")
    return Provider(one.name)


def require(provider: str) -> None:
    """Raises NodeError when the provider's package is not installed."""
    missing = _package(provider)
    if missing:
        raise NodeError(f"{provider} cannot be used: its package is not installed", mend=missing)


def _package(provider: str) -> str:
    if importlib.util.find_spec(PACKAGES[provider]) is not None:
        return ""
    return f"Install it: pip install 'nodeloom[{EXTRAS.get(provider, 'all')}]'."
