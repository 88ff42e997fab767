"""What the models need of the workspace, by shape: ``store``'s Settings, Secrets and Endpoints fit."""

from collections.abc import Sequence
from typing import Any, Final, Protocol

DEFAULT_KEY: Final = "models.default"
"""Setting: the reference for workflows that name no model."""
OLLAMA_KEY: Final = "models.ollama"
"""Setting: address of the Ollama server."""
OLLAMA_ADDRESS: Final = "http://127.0.0.1:11434"


class SettingsStore(Protocol):
    """Values are JSON-like."""

    def get(self, key: str, default: Any = None) -> Any: ...
    def set(self, key: str, value: Any) -> None: ...


class SecretStore(Protocol):
    """The stored value, else the environment's, else None."""

    def get(self, name: str) -> str | None: ...


class Endpoint(Protocol):
    """An OpenAI-compatible address of the user's, e.g. a vLLM server."""

    @property
    def name(self) -> str: ...
    @property
    def base_url(self) -> str:
        """With its path, as ``https://host/v1``."""
        ...

    @property
    def secret(self) -> str | None:
        """Name of the secret that holds its key; None: it wants none."""
        ...


class EndpointStore(Protocol):
    def list(self) -> Sequence[Endpoint]: ...
