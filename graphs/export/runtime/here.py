"""Where a node runs: the workspace and the ledger that all that runs inside one node shares."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from langgraph.config import get_config
from langgraph.runtime import get_runtime

from graphs.export.runtime.ledger import LIMITS, Ledger
from graphs.export.runtime.state import State
from graphs.export.runtime.workspace import Workspace


@dataclass(frozen=True)
class Here:
    """The surroundings of a node that runs inside another: an item of a for-each, or a sub-workflow."""

    workspace: Workspace
    ledger: Ledger
    item: int | None = None
    task: str = ""
    """Of a sub-workflow: what the keys of its nodes are made from."""


INSIDE: Final[ContextVar[Here | None]] = ContextVar("inside", default=None)
_WORKSPACES: Final[dict[str, Workspace]] = {}


def surroundings(state: State) -> Here:
    """Those of the node around, or of the graph itself: the workspace given to it, and a ledger of its own."""
    inside = INSIDE.get()
    if inside is not None:
        return inside
    limits = get_config().get("configurable", {}).get(LIMITS) or {}
    return Here(_workspace(), Ledger.begun(state, limits))


def _workspace() -> Workspace:
    given = get_runtime(Workspace).context
    return given if isinstance(given, Workspace) else _WORKSPACES.setdefault("", Workspace())  # pyright: ignore
