"""From a reference to a LangChain chat model, and which providers are ready to be used."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Protocol

import httpx
from langchain_core.language_models import BaseChatModel

from graphs.models import readiness
from graphs.models.builtin.manifest import DEFAULT, MODELS, model_file
from graphs.models.readiness import Provider
from graphs.models.references import Reference, parse, unknown_model
from graphs.models.script import Player, Script
from graphs.models.scripted import ScriptedChat
from graphs.models.workspace import (
    DEFAULT_KEY,
    OLLAMA_ADDRESS,
    OLLAMA_KEY,
    Endpoint,
    EndpointStore,
    SecretStore,
    SettingsStore,
)  # fmt: skip
from nodes.contract import NodeError

TIMEOUT: Final = 120.0
"""Seconds without a byte from a provider before a call is given up."""
LOCAL_TIMEOUT: Final = 600.0
"""The same for models on this computer: a long answer to a schema comes in one piece, at a few tokens
a second when the machine is busy. The node's own timeout ends it sooner."""
BUILTIN_MAX_TOKENS: Final = 1_024
"""Tokens of an answer of the built-in model where nothing else is said. Its good answers are shorter; now and
then it repeats itself, and without a bound it would do so to the end of its context, for minutes."""
SUGGESTIONS: Final = {
    "openai": ("openai:gpt-4o-mini", "openai:gpt-4o"),
    "anthropic": ("anthropic:claude-haiku-4-5", "anthropic:claude-sonnet-4-5"),
}

ScriptSource = Callable[[str], Script]
"""Name (of a script) or id (of a run) -> its script. Raises NodeError where there is none."""


class Server(Protocol):
    """``builtin.server.ModelServer`` by shape: starts on demand."""

    def address(self, model: str) -> tuple[str, str]:
        """Base URL (with ``/v1``) and API key. Raises NodeError when it cannot run."""
        ...


class ModelRegistry:
    """All chat models of a workspace. Thread-safe; models are kept by their parameters."""

    def __init__(
        self,
        settings: SettingsStore,
        secrets: SecretStore,
        endpoints: EndpointStore,
        models_folder: Path,
        *,
        server: Server | None = None,
        scripts: ScriptSource | None = None,
        recordings: ScriptSource | None = None,
    ) -> None:
        self._settings = settings
        self._secrets = secrets
        self._endpoints = endpoints
        self._folder = models_folder
        self._server = server
        self._scripts = scripts
        self._recordings = recordings
        self._added: dict[str, Script] = {}
        self._player = lru_cache(maxsize=256)(self._new_player)
        self._built = lru_cache(maxsize=128)(self._build)

    # --- which model ---

    def default(self) -> str:
        """The reference for workflows that name none: as set, else the built-in model."""
        return str(self._settings.get(DEFAULT_KEY, None) or f"builtin:{DEFAULT.name}")

    def set_default(self, reference: str) -> None:
        """Raises NodeError for a reference that cannot be."""
        self._settings.set(DEFAULT_KEY, str(self.check(reference)))

    def check(self, reference: str) -> Reference:
        """Parse, and see that the model of a built-in is known. Nothing is asked of any server."""
        parsed = parse(reference, self._named())
        if parsed.provider == "builtin":
            model_file(parsed.model)
        return parsed

    def add_script(self, script: Script) -> None:
        """Make ``scripted:<name>`` answer from ``script``."""
        self._added[script.name] = script
        self._player.cache_clear()

    # --- the model itself ---

    def chat_model(
        self, reference: str, *, temperature: float | None = None, max_tokens: int | None = None
    ) -> BaseChatModel:
        """The model, ready to be called; the same object for the same parameters.

        None leaves the provider's own default. May take seconds: libraries are imported and the
        built-in model's server is started on first use, so call it in a thread. Raises NodeError
        when something is missing, with how to mend it.
        """
        parsed = self.check(reference)
        address, key = self._access(parsed)
        return self._built(parsed, address, key, temperature, max_tokens)

    def secret_values(self) -> list[str]:
        """The keys in use, for striking them out of error texts."""
        names = [*readiness.KEYS.values(), *(one.secret for one in self._named().values() if one.secret)]
        return [value for name in names if (value := self._secrets.get(name))]

    def _access(self, reference: Reference) -> tuple[str, str]:
        """Address ("" for the provider's own) and key ("" for none) of a model, as they are now."""
        match reference.provider:
            case "builtin":
                return self._builtin_address(reference.model)
            case "ollama":
                return self._ollama(), ""
            case "scripted" | "recorded":
                return "", ""
            case provider if provider in readiness.KEYS:
                return "", self._key(readiness.KEYS[provider], provider)
            case provider:
                endpoint = self._named()[provider]
                return endpoint.base_url, self._key(endpoint.secret, provider) if endpoint.secret else ""

    def _named(self) -> dict[str, Endpoint]:
        return {one.name: one for one in self._endpoints.list()}

    def _ollama(self) -> str:
        return str(self._settings.get(OLLAMA_KEY) or OLLAMA_ADDRESS)

    def _builtin_address(self, model: str) -> tuple[str, str]:
        if self._server is None:
            raise NodeError(
                "The built-in model has no server in this process", mend="Use another model, or start Nodeloom itself."
            )
        return self._server.address(model)

    def _key(self, name: str, provider: str) -> str:
        value = self._secrets.get(name)
        if not value:
            raise NodeError(
                f"{provider} needs a key: the secret {name} is not set",
                mend=f"Add {name} in Settings under Keys, or set it in the environment.",
            )
        return value

    def _build(
        self, reference: Reference, address: str, key: str, temperature: float | None, max_tokens: int | None
    ) -> BaseChatModel:
        common = {"temperature": temperature, "max_tokens": max_tokens}
        match reference.provider:
            case "scripted" | "recorded":
                return ScriptedChat(player=self._player(reference), model=reference.model, max_tokens=max_tokens)
            case "openai":
                from langchain_openai import ChatOpenAI  # 1.6 s: only when such a model is used

                return _openai(ChatOpenAI, model=reference.model, api_key=key, timeout=TIMEOUT, **common)
            case "anthropic":
                return _anthropic(model=reference.model, api_key=key, **common)
            case "ollama":
                return _ollama(
                    model=reference.model, base_url=address, temperature=temperature, num_predict=max_tokens,
                    client_kwargs={"timeout": LOCAL_TIMEOUT, "limits": httpx.Limits(max_keepalive_connections=0)},
                )  # fmt: skip
            case "builtin":
                from graphs.models.builtin.chat import BuiltinChat  # 1.6 s: only when it is used

                compatible = _compatible(reference.model, address, key, temperature, max_tokens or BUILTIN_MAX_TOKENS)
                return _openai(BuiltinChat, timeout=LOCAL_TIMEOUT, **compatible)
            case _:
                from langchain_openai import ChatOpenAI

                compatible = _compatible(reference.model, address, key, temperature, max_tokens)
                return _openai(ChatOpenAI, timeout=TIMEOUT, **compatible)

    def _new_player(self, reference: Reference) -> Player:
        if reference.provider == "scripted" and reference.model in self._added:
            return Player(self._added[reference.model])
        source = self._scripts if reference.provider == "scripted" else self._recordings
        if source is None:
            raise unknown_model(reference, self._added if reference.provider == "scripted" else ())
        return Player(source(reference.model))

    # --- what is ready ---

    def providers(self) -> list[Provider]:
        """Each provider with what it still needs, for ``GET /models``. Asks Ollama's address (at most 0.5 s)."""
        return [
            readiness.builtin(self._folder, DEFAULT),
            *(readiness.keyed(name, self._secrets) for name in readiness.KEYS),
            readiness.ollama(self._ollama()),
            *(readiness.endpoint(one, self._secrets) for one in self._named().values()),
        ]

    def suggestions(self) -> list[str]:
        """References worth offering: of the providers that are ready, the built-in ones first."""
        found = [f"builtin:{name}" for name in MODELS]
        for provider in self.providers():
            found += SUGGESTIONS.get(provider.provider, ()) if provider.ready else ()
            found += [f"{provider.provider}:{model}" for model in provider.models]
        return found


def _compatible(
    model: str, address: str, key: str, temperature: float | None, max_tokens: int | None
) -> dict[str, Any]:
    """Of a server that speaks OpenAI's protocol: all know max_tokens, not all the newer max_completion_tokens."""
    extra = {"max_tokens": max_tokens} if max_tokens else None
    return {
        "model": model, "base_url": address, "api_key": key or "none", "temperature": temperature,
        "extra_body": extra, "use_responses_api": False,
    }  # fmt: skip


def _openai(kind: Callable[..., BaseChatModel], **options: Any) -> BaseChatModel:
    import httpx2
    from openai import DefaultAsyncHttpxClient

    # A kept connection belongs to the event loop that made it, and a model outlives loops.
    client = DefaultAsyncHttpxClient(limits=httpx2.Limits(max_keepalive_connections=0))
    # Its own two minutes between two chunks are too short for a local model that has others to answer first.
    return kind(
        max_retries=0, stream_usage=True, http_async_client=client, stream_chunk_timeout=options["timeout"], **options
    )


def _anthropic(**options: Any) -> BaseChatModel:
    readiness.require("anthropic")
    from langchain_anthropic import ChatAnthropic  # an extra, and slow to import

    given = {name: value for name, value in options.items() if value is not None}
    # Closed after each answer, for the same reason as above; its client cannot be handed in.
    return ChatAnthropic(timeout=TIMEOUT, max_retries=0, default_headers={"Connection": "close"}, **given)


def _ollama(**options: Any) -> BaseChatModel:
    readiness.require("ollama")
    from langchain_ollama import ChatOllama  # an extra, and slow to import

    return ChatOllama(**options)


def provider_list(providers: Sequence[Provider]) -> list[dict[str, Any]]:
    """As they are on the wire: ``{provider, ready, needs}``."""
    return [{"provider": one.provider, "ready": one.ready, "needs": one.needs} for one in providers]
