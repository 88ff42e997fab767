"""A run's row becomes a run in memory, at the beginning of each segment."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from graphs.active import ActiveRun
from graphs.breakpoints import Session
from graphs.cache import Compiled
from graphs.checkpoints import Checkpoints
from graphs.document import Limits
from graphs.fork_request import Origin
from graphs.forking import Forks, Trace, no_trace
from graphs.history import of_trace
from graphs.holds import Holds
from graphs.limits import Meter
from graphs.live import Live
from graphs.people import People
from graphs.providers import Providers
from graphs.questions import Desk
from graphs.recovered import recover
from graphs.run_table import RunRow, RunTable
from graphs.tracer import Span, SpanSink, Tracer, snapshot

if TYPE_CHECKING:
    from graphs.context import NodeContext
    from nodes.contract import Workshop


@dataclass(frozen=True)
class Activation:
    """What every run of a runner is given."""

    runs: RunTable
    checkpoints: Checkpoints
    spans: SpanSink
    providers: Providers
    trace: Trace
    forks: Forks
    desk: Desk
    workshop: "Callable[[NodeContext], Workshop]"
    wake: Callable[[Live], None]
    """Called when a run waits in memory."""

    def of(self, live: Live, compiled: Compiled) -> ActiveRun:
        """The run in memory, with what its earlier segments spent; its row says that it runs."""
        row = live.row = self.runs.get(live.row.id)
        fields: dict[str, Any] = {"status": "running", "forms": []}
        if row.started_at is None:
            fields["started_at"] = time.time()
        self.runs.update(row.id, **fields)
        was_killed = bool(row.interruptions) and row.interruptions[-1]["status"] == "lost"
        if was_killed and self.trace is not no_trace:
            recover(row, compiled.workflow, self.checkpoints, self.trace(row.id), self.spans)
        tracer = Tracer(self.spans, row.id)
        live.log.add({
            "type": "run.started", "run_id": row.id, "number": row.number, "limits": row.limits, "status": "running",
        })  # fmt: skip
        return ActiveRun(
            row.id, row.inputs, row.model, self.providers, _meter(row), tracer, live.log, _root(tracer, row),
            row.number, open_workshop=self.workshop,
            steering=self.forks.steering(row.id, Origin.of(row), compiled, row.model, Session.read(row.debugging)),
            people=self.desk.people(row.id) if row.started_at is not None else People(),
            holds=Holds(row.id, self.runs, partial(self.wake, live)),
            earlier=(lambda: of_trace(self.trace(row.id))) if live.retold and row.started_at is not None else tuple,
        )  # fmt: skip


def _meter(row: RunRow) -> Meter:
    return Meter(
        Limits.model_validate(row.limits), steps=row.steps, seconds_before=row.seconds,
        input_tokens=row.input_tokens, output_tokens=row.output_tokens, usd=row.usd or 0.0, kept=row.kept,
    )  # fmt: skip


def _root(tracer: Tracer, row: RunRow) -> Span:
    root = tracer.start("invoke_workflow", row.title, None, id=row.id[:16], input=snapshot(row.inputs))
    if row.started_at is not None:
        root.row["started_at"] = root.started_at = row.started_at
    if row.interruptions:
        root.note(attributes={"interruptions": row.interruptions})
    return root
