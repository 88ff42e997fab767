"""The embedded executor: runs on a thread and an event loop of their own.

The web server's loop only hands over and listens, so it stays responsive while runs work. Every public
method may be called from any thread; the coroutines from any event loop.
"""

import asyncio
import concurrent.futures
import threading
import time
from collections.abc import AsyncIterator, Coroutine, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from graphs.active import ActiveRun
from graphs.cache import Compiled, GraphCache
from graphs.checkpoints import Checkpoints
from graphs.document import Document, Limits, canonical
from graphs.inputs import checked_inputs
from graphs.intermediate import Kinds
from graphs.limits import Meter
from graphs.providers import Providers
from graphs.run_table import RunRow, RunTable, Versions
from graphs.segment import Ending, execute, explained
from graphs.stream import EventLog
from graphs.tracer import SpanSink, Tracer, snapshot
from graphs.workshop import RunWorkshop
from nodes.contract import NodeError

AT_ONCE: Final = 16
"""Runs worked on at the same time; further ones are queued."""
LOGS_KEPT: Final = 100
"""Event logs of finished runs kept in memory."""
ROW_EVERY: Final = 1.0
"""Seconds between two writes of a running run's totals."""
RESUMABLE: Final = ("failed", "stopped", "limit", "lost")
_SPAN_STATUS: Final = {"done": "ok", "failed": "error", "waiting": "waiting"}


@dataclass
class Live:
    """A run in this process."""

    row: RunRow
    log: EventLog
    task: "asyncio.Task[None] | None" = None
    answers: dict[str, Any] = field(default_factory=dict[str, Any])
    changed: "list[concurrent.futures.Future[None]]" = field(default_factory=list["concurrent.futures.Future[None]"])
    """Completed when the segment ends."""


class NotPossible(NodeError):
    """A run is not in a status in which this can be done."""


class Runner:
    """Starts, stops and resumes runs. ``close`` ends it."""

    def __init__(
        self,
        *,
        runs: RunTable,
        versions: Versions,
        spans: SpanSink,
        providers: Providers,
        kinds: Kinds,
        checkpoints: Path,
    ) -> None:
        self._runs = runs
        self._versions = versions
        self._spans = spans
        self._providers = providers
        self._checkpoints = Checkpoints(checkpoints)
        self._cache = GraphCache(kinds, self._checkpoints)
        self._open_workshop = partial(RunWorkshop, GraphCache(kinds))
        self._live: dict[str, Live] = {}
        self._lock = threading.RLock()
        self._loop = asyncio.new_event_loop()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._thread = threading.Thread(target=self._loop.run_forever, name="engine", daemon=True)
        self._thread.start()
        self.lost = [row.id for row in runs.recover()]
        """Runs whose process died; ``resume`` goes on with each."""

    # --- what callers ask for ---

    def start(
        self,
        document: Document,
        inputs: Mapping[str, Any],
        *,
        workflow_id: str | None = None,
        revision: int | None = None,
        model: str | None = None,
        limits: Limits | None = None,
    ) -> str:
        """Begin a run and return its id.

        Raises InputErrors for inputs that do not fit, LoweringError for a document with errors.
        """
        compiled = self._cache.get(document)
        values = checked_inputs(document.inputs, inputs)
        self._versions.pin(canonical(document), compiled.hash)
        row = self._runs.create(
            title=document.title, version_hash=compiled.hash, inputs=values, workflow_id=workflow_id,
            revision=revision, model=model, limits=(limits or document.limits).model_dump(),
        )  # fmt: skip
        self._begin(Live(row, EventLog()), compiled)
        return row.id

    def stop(self, run_id: str) -> None:
        """Stop the run where it is; it can be resumed. Raises NotPossible when it has ended."""
        with self._lock:
            live = self._live.get(run_id)
            if live is not None and live.task is not None:
                self._loop.call_soon_threadsafe(live.task.cancel)
                return
        row = self._runs.get(run_id)
        if row.status != "waiting":
            raise NotPossible(f"The run {row.number} is {row.status}: there is nothing to stop")
        self._finish(self._revived(row), Ending("stopped"), row.seconds)

    def answer(self, run_id: str, interrupt: str, answer: Mapping[str, Any]) -> None:
        """Give a person's answer to a waiting node; the run goes on. Raises NotPossible."""
        row = self._runs.get(run_id)
        open_forms = [form["interrupt"] for form in row.forms] if row.status == "waiting" else []
        if interrupt not in open_forms:
            raise NotPossible(
                f"The run {row.number} does not wait for {interrupt!r}",
                mend=f"It waits for: {', '.join(open_forms) or 'nothing'}.",
            )
        live = self._revived(row)
        with self._lock:
            live.answers[interrupt] = dict(answer)
            if live.task is None:
                self._begin(live, self._compiled(row))

    def resume(self, run_id: str, limits: Limits | Mapping[str, Any] | None = None) -> None:
        """Go on after a stop, a spent budget, a failure or a lost process; ``limits`` replace those named."""
        row = self._runs.get(run_id)
        if row.status not in RESUMABLE:
            raise NotPossible(
                f"The run {row.number} is {row.status} and cannot be resumed",
                mend=f"Runs that are {', '.join(RESUMABLE)} can.",
            )
        given = limits.model_dump() if isinstance(limits, Limits) else dict(limits or {})
        merged = Limits.model_validate({**row.limits, **given}).model_dump()
        row = self._runs.update(run_id, limits=merged, status="queued", error=None, ended_at=None)
        live = self._revived(row)
        live.log.reopen()
        self._begin(live, self._compiled(row))

    def events(self, run_id: str, after: int = 0) -> AsyncIterator[dict[str, Any]]:
        """Events numbered above ``after``, then those that come, until the run has ended."""
        return self._log_of(run_id).follow(after)

    async def wait(self, run_id: str) -> RunRow:
        """The row once nothing works on the run any more: ended, or waiting for a person."""
        with self._lock:
            live = self._live.get(run_id)
            if live is None or live.task is None:
                return self._runs.get(run_id)
            future: concurrent.futures.Future[None] = concurrent.futures.Future()
            live.changed.append(future)
        await asyncio.wrap_future(future)
        return await asyncio.to_thread(self._runs.get, run_id)

    def wait_here(self, run_id: str) -> RunRow:
        """``wait`` for callers without an event loop, such as the terminal."""
        return asyncio.run(self.wait(run_id))

    def close(self) -> None:
        """Stop what runs, which can be resumed, and end the thread."""
        with self._lock:
            tasks = [live.task for live in self._live.values() if live.task is not None]
        self._call(_cancelled(tasks)).result(timeout=15)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()
        self._checkpoints.close()

    # --- one segment ---

    def _begin(self, live: Live, compiled: Compiled) -> None:
        with self._lock:
            self._live[live.row.id] = live
            started: concurrent.futures.Future[None] = concurrent.futures.Future()
            self._loop.call_soon_threadsafe(self._spawn, live, compiled, started)
        started.result(timeout=30)

    def _spawn(self, live: Live, compiled: Compiled, started: "concurrent.futures.Future[None]") -> None:
        live.task = self._loop.create_task(self._work(live, compiled))
        started.set_result(None)

    async def _work(self, live: Live, compiled: Compiled) -> None:
        """Run a segment and record how it ended."""
        run: ActiveRun | None = None
        try:
            async with self._slots:
                run = await asyncio.to_thread(self._activate, live)
                ending = await self._segment(live, run, compiled)
                while ending.status == "waiting" and live.answers:  # given while the others were worked on
                    ending = await self._segment(live, run, compiled)
        except asyncio.CancelledError:
            ending = Ending("stopped")
        except Exception as error:
            ending = Ending("failed", error=explained(error))
        if run is not None:
            self._end_spans(run, ending)
            run.emit_spent(final=True)
        seconds = run.meter.seconds if run else live.row.seconds
        await asyncio.to_thread(self._finish, live, ending, seconds, run)

    async def _segment(self, live: Live, run: ActiveRun, compiled: Compiled) -> Ending:
        chores = [asyncio.create_task(run.tracer.announce_regularly()), asyncio.create_task(self._keep_row(run))]
        answers, live.answers = live.answers, {}
        try:
            return await execute(run, compiled, self._checkpoints, answers)
        finally:
            for chore in chores:
                chore.cancel()

    def _activate(self, live: Live) -> ActiveRun:
        """The run in memory, with what its earlier segments spent."""
        row = live.row = self._runs.get(live.row.id)
        fields: dict[str, Any] = {"status": "running", "forms": []}
        if row.started_at is None:
            fields["started_at"] = time.time()
        self._runs.update(row.id, **fields)
        tracer = Tracer(self._spans, row.id)
        root = tracer.start("invoke_workflow", row.title, None, id=row.id[:16], input=snapshot(row.inputs))
        if row.started_at is not None:
            root.row["started_at"] = root.started_at = row.started_at
        meter = Meter(
            Limits.model_validate(row.limits), steps=row.steps, seconds_before=row.seconds,
            input_tokens=row.input_tokens, output_tokens=row.output_tokens, usd=row.usd or 0.0,
        )  # fmt: skip
        live.log.add({
            "type": "run.started", "run_id": row.id, "number": row.number, "limits": row.limits, "status": "running",
        })  # fmt: skip
        return ActiveRun(
            row.id, row.inputs, row.model, self._providers, meter, tracer, live.log, root, row.number,
            open_workshop=self._open_workshop,
        )  # fmt: skip

    async def _keep_row(self, run: ActiveRun) -> None:
        """Write the totals now and then, so that a killed run keeps its bill."""
        while True:
            await asyncio.sleep(ROW_EVERY)
            await asyncio.to_thread(self._runs.update, run.id, **_totals(run))
            run.emit_spent()

    def _end_spans(self, run: ActiveRun, ending: Ending) -> None:
        run.root.end(
            _SPAN_STATUS.get(ending.status, "cancelled"), output=snapshot(ending.outputs), error=ending.error,
            input_tokens=run.meter.input_tokens, output_tokens=run.meter.output_tokens, usd=run.meter.usd,
        )  # fmt: skip
        run.tracer.end_all("cancelled")

    def _finish(self, live: Live, ending: Ending, seconds: float, run: ActiveRun | None = None) -> None:
        """The run's row, its checkpoints, its last event."""
        id = live.row.id
        try:
            live.row = self._runs.update(
                id, status=ending.status, outputs=ending.outputs, error=ending.error, forms=ending.forms,
                ended_at=None if ending.status == "waiting" else time.time(),
                **({**_totals(run), "seconds": seconds} if run else {}),
            )  # fmt: skip
            self._tidy(id, ending.status)
        except Exception as error:  # a full disk: the run's watchers still learn how it ended
            ending = Ending("failed", error=explained(error))
        with self._lock:
            live.task = None
            waiters, live.changed = live.changed, []
        if ending.status != "waiting":
            live.log.add({
                "type": "run.finished", "status": ending.status, "outputs": ending.outputs, "error": ending.error,
            })  # fmt: skip
            live.log.close()
            self._forget_old()
        for waiter in waiters:
            waiter.set_result(None)

    def _tidy(self, id: str, status: str) -> None:
        if status == "done":
            self._checkpoints.delete_thread(id)
        elif status != "waiting":
            self._checkpoints.keep_last(id)

    # --- runs of before ---

    def _compiled(self, row: RunRow) -> Compiled:
        """The graph of the version the run is pinned to."""
        return self._cache.get(Document.model_validate(self._versions.pinned(row.version_hash)))

    def _revived(self, row: RunRow) -> Live:
        """The run in this process, though another may have begun it."""
        with self._lock:
            live = self._live.get(row.id)
            if live is None:
                live = self._live[row.id] = Live(row, _told_again(row))
            live.row = row
            return live

    def _log_of(self, run_id: str) -> EventLog:
        with self._lock:
            live = self._live.get(run_id)
        return live.log if live else self._revived(self._runs.get(run_id)).log

    def _forget_old(self) -> None:
        with self._lock:
            ended = [id for id, live in self._live.items() if live.task is None and live.log.closed]
            for id in ended[:-LOGS_KEPT]:
                del self._live[id]

    def _call(self, work: Coroutine[Any, Any, None]) -> "concurrent.futures.Future[None]":
        return asyncio.run_coroutine_threadsafe(work, self._loop)


async def _cancelled(tasks: "list[asyncio.Task[None]]") -> None:
    """Cancel the runs, then wait for whatever the loop still has to do."""
    for task in tasks:
        task.cancel()
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*rest, return_exceptions=True)


def _totals(run: ActiveRun) -> dict[str, Any]:
    meter = run.meter
    return {
        "steps": meter.steps, "seconds": meter.seconds, "usd": meter.usd,
        "input_tokens": meter.input_tokens, "output_tokens": meter.output_tokens,
    }  # fmt: skip


def _told_again(row: RunRow) -> EventLog:
    """The log of a run whose events are gone: how it stands."""
    log = EventLog()
    log.add({"type": "run.started", "run_id": row.id, "number": row.number, "limits": row.limits, "status": row.status})
    for form in row.forms:
        log.add({"type": "node.waiting", **form})
    if row.status not in ("queued", "running", "waiting"):
        log.add({"type": "run.finished", "status": row.status, "outputs": row.outputs, "error": row.error})
        log.close()
    return log
