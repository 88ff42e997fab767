"""What a run finds around it: models, memory, and what its tools may reach.

Give one to the graph, ``graph.ainvoke(..., context=Workspace(model="openai:gpt-5-mini"))``; without one, the
environment counts: ``MODEL``, ``OPENAI_BASE_URL`` and ``MEMORY_FOLDER``.
"""

import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel

from nodes.contract import NodeError, SearchProvider, ToolServer

OpenModel = Callable[..., BaseChatModel]
"""``(reference, temperature=..., max_tokens=...)`` -> model."""
NODELOOMS: Final = ("builtin", "scripted", "recorded")
"""Providers that are Nodeloom's own: here their models are the default one, unless ``models`` says otherwise."""
Embed = Callable[[Sequence[str]], Sequence[Sequence[float]]]


@dataclass
class Workspace:
    """Every field may stay as it is."""

    model: str | BaseChatModel = field(default_factory=lambda: os.environ.get("MODEL", ""))
    """The default model: ``provider:model`` as ``init_chat_model`` takes it, or a LangChain model."""
    base_url: str = field(default_factory=lambda: os.environ.get("OPENAI_BASE_URL", ""))
    """Of an OpenAI-compatible server; then ``model`` is the name of the model there."""
    models: Mapping[str, str | BaseChatModel] = field(default_factory=dict[str, "str | BaseChatModel"])
    """For references in the graph that ``init_chat_model`` does not know: reference -> model."""
    open_model: OpenModel | None = None
    """Opens every model, in place of all of the above."""
    memory: str | Path = field(default_factory=lambda: os.environ.get("MEMORY_FOLDER", "memory"))
    """Folder of the Chroma database."""
    embed: Embed | None = None
    """Texts -> vectors; None: Chroma's default, which fetches its model at the first use."""
    folders: Mapping[str, str | Path] = field(default_factory=dict[str, "str | Path"])
    databases: Mapping[str, str | Path] = field(default_factory=dict[str, "str | Path"])
    """Name in the graph -> SQLite file."""
    files: str | Path | None = None
    """The folder of a run's own files; None: a temporary one."""
    search: SearchProvider | None = None
    servers: Mapping[str, ToolServer] = field(default_factory=dict[str, ToolServer])
    """MCP servers by name."""
    price: Callable[[str, int, int], float] | None = None
    """(reference, input tokens, output tokens) -> US dollars; None: nothing is priced."""

    # --- models ---

    def chat_model(self, reference: str, **settings: Any) -> BaseChatModel:
        """The model of a reference, '' for the default one. Raises NodeError where there is none."""
        given = {name: value for name, value in settings.items() if value is not None}
        if self.open_model is not None:
            return self.open_model(reference, **given)
        named = reference if reference in self.models or reference.partition(":")[0] not in NODELOOMS else ""
        wanted = self.models.get(named, named) if named else self.model
        if isinstance(wanted, BaseChatModel):
            return wanted.model_copy(update={name: value for name, value in given.items() if hasattr(wanted, name)})
        if not wanted:
            raise NodeError("No model is set", mend="Give one: --model provider:name, or MODEL in the environment.")
        try:
            if self.base_url and not named:
                name = wanted.removeprefix("openai:")
                key = os.environ.get("OPENAI_API_KEY", "none")
                return init_chat_model(name, model_provider="openai", base_url=self.base_url, api_key=key, **given)
            return init_chat_model(wanted, **given)
        except (ValueError, ImportError) as error:
            raise NodeError(
                f"The model {wanted!r} cannot be opened: {error}",
                mend="Name one that init_chat_model knows, or map the reference in Workspace.models.",
            ) from error

    # --- nodes.contract.Services ---

    def folder(self, name: str) -> Path:
        """The folder given under ``name``. Raises NodeError."""
        return self._given("folder", self.folders, name)

    def database(self, name: str) -> Path:
        """The SQLite file given under ``name``. Raises NodeError."""
        return self._given("database", self.databases, name)

    def run_folder(self) -> Path:
        """The run's own folder."""
        return self._own_files

    def search_provider(self) -> SearchProvider:
        """The web search. Raises NodeError where none is given."""
        if self.search is None:
            raise NodeError("The web search is not set up", mend="Give Workspace(search=SearchProvider(...)).")
        return self.search

    def tool_server(self, name: str) -> ToolServer:
        """An MCP server. Raises NodeError where none of that name is given."""
        if name not in self.servers:
            raise NodeError(f"There is no MCP server {name!r}", mend="Give it in Workspace(servers={...}).")
        return self.servers[name]

    def secret(self, name: str) -> str:
        """A secret, from the environment. Raises NodeError where it is not set."""
        value = os.environ.get(name)
        if not value:
            raise NodeError(f"The secret {name} is not set", mend=f"Set {name} in the environment.")
        return value

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    @cached_property
    def _own_files(self) -> Path:
        path = Path(self.files) if self.files is not None else Path(tempfile.mkdtemp(prefix="run-"))
        path.mkdir(parents=True, exist_ok=True)
        return path

    def _given(self, sort: str, known: Mapping[str, str | Path], name: str) -> Path:
        if name not in known:
            raise NodeError(
                f"No {sort} is given as {name!r}",
                mend=f"Give it: --{sort} {name}=PATH, or in Workspace({sort}s={{...}}).",
            )
        return Path(known[name])
