"""What the application gives to the nodes of its runs: models, memory and a tool's services."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from nodes.contract import Memory, NodeError, Services

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


class Models(Protocol):
    """``graphs.models.resolve.ModelRegistry`` by shape."""

    def default(self) -> str: ...

    def chat_model(
        self, reference: str, *, temperature: float | None = None, max_tokens: int | None = None
    ) -> "BaseChatModel": ...

    def secret_values(self) -> Sequence[str]: ...


class Spaces(Protocol):
    """Opens a memory space by name; ``source`` (run, number, node, label) marks what is added to it."""

    def __call__(self, name: str, /, *, source: Mapping[str, Any]) -> Memory: ...


def no_memory(name: str, /, *, source: Mapping[str, Any]) -> Memory:
    """For an application without memory."""
    raise NodeError(f"There is no memory here, so none named {name!r}", mend="Install nodeloom[memory].")


SavedWorkflows = Callable[[str], Mapping[str, Any]]
"""Id or title of a saved workflow -> its document. Raises NodeError with the nearest names."""


def no_workflows(name: str, /) -> Mapping[str, Any]:
    """For an application that saves none."""
    raise NodeError(f"There are no saved workflows here, so none named {name!r}", mend="Save it first.")


Refused = Callable[[str], Collection[str]]
"""Id of a run -> keys of the permissions (``graphs.permissions``) that its workflow was refused."""


def nothing_refused(run_id: str, /) -> Collection[str]:
    """For an application that asks nobody."""
    return ()


@dataclass(frozen=True)
class Providers:
    """The doors of the workspace."""

    models: Models
    services: Callable[[str], Services]
    """Id of a run -> what its tools may ask of the workspace."""
    memory: Spaces = no_memory
    """May raise NodeError."""
    workflow: SavedWorkflows = no_workflows
    """May raise NodeError."""
    refused: Refused = nothing_refused
    """Workflows that a run makes or loads are held to it."""

    def default_model(self) -> str:
        """The workspace's default reference."""
        return self.models.default()

    def secret_values(self) -> Sequence[str]:
        """Keys, to be struck out of error texts."""
        return self.models.secret_values()

    async def chat_model(self, reference: str, settings: Mapping[str, Any]) -> "BaseChatModel":
        """A LangChain chat model; in a thread, for the first use may import libraries or start a server."""
        return await asyncio.to_thread(self.models.chat_model, reference, **settings)
