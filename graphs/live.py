"""A run as this process knows it: its row, its events, who waits for it."""

import asyncio
import concurrent.futures
from dataclasses import dataclass, field
from typing import Any, Final

from graphs.active import ActiveRun
from graphs.run_table import RunRow, RunTable
from graphs.segment import Ending
from graphs.stream import EventLog
from graphs.tracer import snapshot

ROW_EVERY: Final = 1.0
"""Seconds between two writes of a running run's totals."""
_SPAN_STATUS: Final = {"done": "ok", "failed": "error", "waiting": "waiting"}


@dataclass
class Live:
    """A run in this process."""

    row: RunRow
    log: EventLog
    retold: bool = False
    """Another process worked on it before, whose events are gone."""
    task: "asyncio.Task[None] | None" = None
    run: ActiveRun | None = None
    """While it is worked on."""
    answers: dict[str, Any] = field(default_factory=dict[str, Any])
    changed: "list[concurrent.futures.Future[None]]" = field(default_factory=list["concurrent.futures.Future[None]"])
    """Completed when the segment ends."""

    @property
    def is_held(self) -> bool:
        """Whether it waits in memory, at a stop inside a sub-workflow."""
        return self.run is not None and bool(self.run.holds)

    def release(self) -> None:
        """It is being stopped, and does not wait any more."""
        if self.run is not None and self.run.holds is not None:
            self.run.holds.forget()


def totals(run: ActiveRun) -> dict[str, Any]:
    """What a run has spent, as its row has it."""
    meter = run.meter
    return {
        "steps": meter.steps, "seconds": meter.seconds, "usd": meter.usd,
        "input_tokens": meter.input_tokens, "output_tokens": meter.output_tokens, "kept": meter.kept,
    }  # fmt: skip


async def keep_row(run: ActiveRun, runs: RunTable) -> None:
    """Write the totals now and then, so that a killed run keeps its bill; until cancelled."""
    while True:
        await asyncio.sleep(ROW_EVERY)
        await asyncio.to_thread(runs.update, run.id, **totals(run))
        run.emit_spent()


def end_spans(run: ActiveRun, ending: Ending) -> None:
    """Close the run's span, and those a stop has cut."""
    run.root.end(
        _SPAN_STATUS.get(ending.status, "cancelled"), output=snapshot(ending.outputs), error=ending.error,
        input_tokens=run.meter.input_tokens, output_tokens=run.meter.output_tokens, usd=run.meter.usd,
    )  # fmt: skip
    run.tracer.end_all("cancelled")


def told_again(row: RunRow) -> EventLog:
    """The log of a run whose events are gone: how it stands."""
    log = EventLog()
    log.add({"type": "run.started", "run_id": row.id, "number": row.number, "limits": row.limits, "status": row.status})
    for form in row.forms:
        log.add({"type": "node.waiting", **form})
    if row.status not in ("queued", "running", "waiting"):
        log.add({"type": "run.finished", "status": row.status, "outputs": row.outputs, "error": row.error})
        log.close()
    return log
