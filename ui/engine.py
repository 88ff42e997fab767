"""The engine over a workspace: what nodes may reach, the runner, and the writer of the trace.

Imported on first use only: LangGraph takes two seconds and 60 MB.
"""

import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

from graphs.heap import settle
from graphs.providers import Providers, Spaces
from graphs.runner import Runner
from graphs.tracer import SpanSink
from nodes.contract import NodeError
from nodes.registry import KINDS
from store.errors import NotFound
from store.spans import SpanWriter

if TYPE_CHECKING:
    from ui.workspace import Workspace


class Services:
    """``nodes.contract.Services``: what a tool may ask of the workspace."""

    def __init__(self, workspace: "Workspace") -> None:
        self._grants = workspace.grants

    def folder(self, name: str) -> Path:
        """Raises NodeError where no folder is granted under the name."""
        try:
            return self._grants.get(name)
        except NotFound as error:
            raise NodeError(error.what, mend=error.mend) from None

    def now(self) -> float:
        return time.time()


class Engine:
    """The runs of a workspace. ``close`` ends them and writes what is queued."""

    def __init__(self, workspace: "Workspace") -> None:
        settle()
        self._spans = SpanWriter(workspace.database)
        # The store knows nothing of nodes and graphs: what it gives has their shapes, not their classes.
        sink = cast(SpanSink, self._spans)
        memory = cast(Spaces, workspace.memories.space)
        self.runner = Runner(
            runs=workspace.runs,
            versions=workspace.workflows,
            spans=sink,
            providers=Providers(workspace.models, Services(workspace), memory),
            kinds=KINDS,
            checkpoints=workspace.home.checkpoints,
        )

    def flush(self) -> None:
        """Write every span there is, so that a trace read next is whole."""
        self._spans.flush()

    def close(self) -> None:
        self.runner.close()
        self._spans.close()
