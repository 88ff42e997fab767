"""Runs as this process knows them: their rows, their events, who waits for them."""

import asyncio
import concurrent.futures
import threading
from dataclasses import dataclass, field
from typing import Any, Final

from graphs.active import ActiveRun
from graphs.cache import Compiled
from graphs.run_table import RunRow, RunTable
from graphs.segment import Ending
from graphs.stream import EventLog
from graphs.tracer import snapshot

ROW_EVERY: Final = 1.0
"""Seconds between two writes of a running run's totals."""
LOGS_KEPT: Final = 100
"""Event logs of finished runs kept in memory."""
_SPAN_STATUS: Final = {"done": "ok", "failed": "error", "waiting": "waiting", "queued": "waiting"}


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
    compiled: Compiled | None = None
    """Its graph, where whoever begins it has it at hand."""
    is_stopping: bool = False
    """A person stops it."""
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


class Lives:
    """The runs of this process, by id. Hold ``lock`` where two calls belong together.

    Never take it on the engine's loop: who holds it may wait for that.
    """

    def __init__(self, runs: RunTable) -> None:
        self.lock = threading.RLock()
        self._runs = runs
        self._live: dict[str, Live] = {}

    def get(self, run_id: str) -> Live | None:
        with self.lock:
            return self._live.get(run_id)

    def keep(self, live: Live) -> None:
        with self.lock:
            self._live[live.row.id] = live

    def revived(self, row: RunRow) -> Live:
        """The run in this process, though another may have begun it."""
        with self.lock:
            live = self._live.get(row.id)
            if live is None:
                live = self._live[row.id] = Live(row, told_again(row), retold=True)
            live.row = row
            return live

    def log_of(self, run_id: str) -> EventLog:
        """The run's events; of one that this process did not work on, how it stands."""
        live = self.get(run_id)
        return live.log if live else self.revived(self._runs.get(run_id)).log

    def working(self, run_id: str) -> ActiveRun | None:
        """The run in memory, while it is worked on."""
        live = self.get(run_id)
        return live.run if live else None

    def is_here(self, run_id: str) -> bool:
        """Whether this process works on it, or is about to."""
        live = self.get(run_id)
        return live is not None and (live.task is not None or live.row.status == "queued")

    def tasks(self) -> "list[asyncio.Task[None]]":
        """Of all runs worked on."""
        with self.lock:
            return [live.task for live in self._live.values() if live.task is not None]

    def active(self) -> list[ActiveRun]:
        """All runs worked on."""
        with self.lock:
            return [live.run for live in self._live.values() if live.run is not None]

    def wake(self, live: Live) -> None:
        """Nothing works on the run any more: tell who waits for that."""
        with self.lock:
            waiters, live.changed = live.changed, []
        for waiter in waiters:
            waiter.set_result(None)

    def forget_old(self) -> None:
        """Drop the logs of runs that ended long ago."""
        with self.lock:
            ended = [id for id, live in self._live.items() if live.task is None and live.log.closed]
            for id in ended[:-LOGS_KEPT]:
                del self._live[id]


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
