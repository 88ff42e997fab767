"""The engine over a workspace: what nodes may reach, the runner, and the writer of the trace.

Imported on first use only: LangGraph takes two seconds and 60 MB.
"""

from functools import partial
from typing import TYPE_CHECKING, Any, cast

from graphs.executor import Executor
from graphs.heap import settle
from graphs.providers import Providers, Spaces
from graphs.runner import Runner
from graphs.tracer import SpanSink
from nodes.registry import KINDS
from store.spans import SpanWriter
from store.visits import Visits
from ui.services import RunServices, refused_to, runnable_workflow

if TYPE_CHECKING:
    from ui.workspace import Workspace


class Engine:
    """The runs of a workspace. ``close`` ends them and writes what is queued."""

    def __init__(self, workspace: "Workspace", executor: Executor | None = None) -> None:
        """``executor``: who decides when a queued run is worked on; without one it is at once, in this process."""
        settle()
        self._spans = SpanWriter(workspace.database)
        self._visits = Visits(workspace.database)
        # The store knows nothing of nodes and graphs: what it gives has their shapes, not their classes.
        sink = cast(SpanSink, self._spans)
        memory = cast(Spaces, workspace.memories.space)
        self.runner = Runner(
            runs=workspace.runs,
            versions=workspace.workflows,
            spans=sink,
            providers=Providers(
                models=workspace.models,
                services=partial(RunServices, workspace),
                memory=memory,
                workflow=partial(runnable_workflow, workspace),
                refused=partial(refused_to, workspace),
            ),
            kinds=KINDS,
            checkpoints=workspace.home.checkpoints,
            questions=workspace.questions,
            trace=self._recorded,
            executor=executor,
        )

    def flush(self) -> None:
        """Write every span there is, so that a trace read next is whole."""
        self._spans.flush()

    def _recorded(self, run_id: str) -> list[Any]:
        self.flush()
        return list(self._visits.of(run_id))

    def close(self) -> None:
        self.runner.close()
        self._spans.close()
