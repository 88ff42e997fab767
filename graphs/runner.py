"""The embedded executor: runs on a thread and an event loop of their own.

The web server's loop only hands over and listens, so it stays responsive while runs work. Every public
method may be called from any thread; the coroutines from any event loop.
"""

import asyncio
import concurrent.futures
import contextvars
import threading
import time
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from graphs.activation import Activation
from graphs.answerer import Answerer
from graphs.breakpoints import Breakpoint, Session, check_breakpoints
from graphs.cache import Compiled, GraphCache
from graphs.checkpoints import Checkpoints
from graphs.debugger import WORKING, Debugger, names
from graphs.document import Document, Limits, canonical
from graphs.executor import Executor
from graphs.fork_request import NO_ORIGIN, ForkRequest, Origin
from graphs.forking import Forks, Trace, no_trace
from graphs.inputs import checked_inputs
from graphs.intermediate import Kinds
from graphs.live import Live, Lives
from graphs.memory_questions import MemoryQuestions
from graphs.providers import Providers
from graphs.questions import Desk, QuestionTable
from graphs.run_table import NotPossible, RunRow, RunTable, Versions
from graphs.segment import Ending
from graphs.stream import EventLog
from graphs.tracer import SpanSink
from graphs.work import GOES_ON, Work
from graphs.workshop import RunWorkshop

RESUMABLE: Final = ("failed", "stopped", "limit", "lost")
SOMEBODY: Final = Answerer()
_LOOK: Final = 0.02
"""Seconds between two looks at what another process, or another thread, is to do."""


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
        trace: Trace = no_trace,
        questions: QuestionTable | None = None,
        executor: Executor | None = None,
    ) -> None:
        """``trace`` reads what was recorded; without it runs cannot be forked. Without ``executor`` they are worked
        on here, at once."""
        self._runs = runs
        self._versions = versions
        self._checkpoints = Checkpoints(checkpoints)
        self._cache = GraphCache(kinds, self._checkpoints)
        self.forks = Forks(runs, versions, self._cache, trace)
        self._desk = Desk(questions or MemoryQuestions())
        self._lives = Lives(runs)
        workshop = partial(RunWorkshop, GraphCache(kinds))
        activation = Activation(
            runs, self._checkpoints, spans, providers, trace, self.forks, self._desk, workshop, self._lives.wake
        )
        self._work = Work(
            runs, spans, self._checkpoints, activation, self._desk, self._lives, self._compiled, self._begin
        )
        self._executor = executor
        self.debugger = Debugger(runs, self._compiled, self._lives.working, self._lives.is_here, self._go_on)
        self._loop = asyncio.new_event_loop()
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
        label: str = "",
        breakpoints: Sequence[Breakpoint] = (),
        origin: Origin = NO_ORIGIN,
    ) -> str:
        """Begin a run and return its id. ``origin``: the run it goes out from.

        Raises InputErrors for inputs that do not fit, LoweringError for a document with errors, NodeError for a
        breakpoint that cannot be or an origin that is gone.
        """
        compiled = self._cache.get(document)
        values = checked_inputs(document.inputs, inputs)
        check_breakpoints(breakpoints, names(compiled))
        self._versions.pin(canonical(document), compiled.hash)
        row = self._runs.create(
            title=document.title, version_hash=compiled.hash, inputs=values, workflow_id=workflow_id,
            revision=revision, model=model, limits=(limits or document.limits).model_dump(), label=label,
            debugging=Session(tuple(breakpoints)).data() if breakpoints else None,
            parent_id=origin.parent_id, forked_at=origin.forked_at, changes=dict(origin.changes),
        )  # fmt: skip
        self._begin(Live(row, EventLog(), compiled=self.forks.compiled(origin, compiled)))
        return row.id

    def fork(
        self,
        run_id: str,
        request: ForkRequest,
        document: Document | None = None,
        *,
        revision: int | None = None,
        label: str = "",
        breakpoints: Sequence[Breakpoint] = (),
    ) -> str:
        """Begin a run that goes out from another, and return its id; ``document`` in place of the recorded one.

        Raises NotPossible while the other works, NodeError for a place or a change that cannot be, and as ``start``.
        """
        row = self._runs.get(run_id)
        if row.status in WORKING:
            raise NotPossible(f"The run {row.number} is {row.status}", mend="Stop it, or wait until it has ended.")
        return self.start(**self.forks.prepared(row, request, document, revision), label=label, breakpoints=breakpoints)

    def stop(self, run_id: str) -> None:
        """Stop the run where it is; it can be resumed. Raises NotPossible when it has ended."""
        with self._lives.lock:
            live = self._lives.get(run_id)
            if live is not None and live.task is not None:
                live.release()
                live.is_stopping = True
                self._loop.call_soon_threadsafe(live.task.cancel)
                return
            row = self._runs.get(run_id)
            if row.status not in GOES_ON or (row.status == "queued" and self._runs.claim(run_id) is None):
                raise NotPossible(f"The run {row.number} is {row.status}: there is nothing to stop")
        self._work.finish(self._lives.revived(row), Ending("stopped"), row.seconds)

    def answer(self, run_id: str, interrupt: str, answer: Mapping[str, Any], who: Answerer = SOMEBODY) -> None:
        """Give a person's answer to a waiting node; the run goes on. Raises NotPossible."""
        self._desk.write_down(self._runs.get(run_id), interrupt, answer, who)
        self.go_on(run_id)

    def go_on(self, run_id: str) -> None:
        """Resume a waiting run with the answers that are written down; one that works takes them when it waits."""
        row, here = self._runs.get(run_id), self._lives.working(run_id) is not None
        if row.status == "waiting" and not here:
            row = self._runs.update(row.id, status="queued")
        elif not here:
            return
        self._go_on(row, self._desk.given(row.id))

    def next_nodes(self, run_id: str) -> list[str]:
        """The nodes a run that stands would run next, as its checkpoint has them; [] where it has none."""
        row = self._runs.get(run_id)
        state = self._compiled(row).graph.get_state({"configurable": {"thread_id": row.id}})
        asked = [form["node"] for form in row.forms]
        return list(dict.fromkeys([*asked, *(name.partition("~")[0] for name in state.next)]))

    def last_visit(self, run_id: str) -> str | None:
        """The last visit of a run that ended well, by its span; None where there is none."""
        ended = [visit for visit in self.forks.recorded(self._runs.get(run_id)).all if visit.status == "ok"]
        return ended[-1].id if ended else None

    def forked_document(self, run_id: str, request: ForkRequest, document: Document | None = None) -> Document:
        """What a fork of the run would run. Raises NodeError for a place or a change that cannot be."""
        return self.forks.document(self._runs.get(run_id), request, document)

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
        cut = {"status": row.status, "at": row.ended_at, "resumed_at": time.time()}
        row = self._runs.update(
            run_id, limits=merged, status="queued", error=None, ended_at=None,
            interruptions=[*row.interruptions, cut],
        )  # fmt: skip
        live = self._lives.revived(row)
        live.log.reopen()
        self._begin(live)

    def events(self, run_id: str, after: int = 0) -> AsyncIterator[dict[str, Any]]:
        """Events numbered above ``after``, then those that come, until the run has ended."""
        return self.log(run_id).follow(after)

    def log(self, run_id: str) -> EventLog:
        """The run's events so far; of one that this process did not work on, how it stands."""
        return self._lives.log_of(run_id)

    def take(self, run_id: str) -> None:
        """Work on a queued run until its segment has ended; an executor calls it. Blocks.

        Nothing is done where the run has ended, waits, or is another process's: it may be called twice. It does not
        return any more once the runner drains, so that an executor does not take the run for done.
        """
        ended = self._taken(run_id)
        if ended is not None:
            ended.result()
        if self._work.is_draining:
            threading.Event().wait()

    def _taken(self, run_id: str) -> "concurrent.futures.Future[None] | None":
        """Claim a queued run and begin it, so that nobody sees it claimed and not begun; None where it cannot be."""
        with self._lives.lock:
            row = None if self._work.is_draining else self._runs.claim(run_id)
            if row is None:
                return None
            live, ended = self._lives.revived(row), concurrent.futures.Future[None]()
            live.answers.update(self._desk.given(row.id))
            live.changed.append(ended)
            live.log.reopen()
            self._work_here(live)
            return ended

    def drain(self, seconds: float) -> None:
        """End what runs at its next step, its state saved, and queue it again; what takes longer is cut. Blocks.

        From here on nothing is taken: the process is about to end.
        """
        self._work.is_draining = True
        for run in self._lives.active():
            run.control.request_drain("shutdown")
        deadline = time.monotonic() + seconds
        while self._lives.tasks() and time.monotonic() < deadline:
            time.sleep(_LOOK)
        self._call(_cancelled(self._lives.tasks())).result(timeout=15)

    async def wait(self, run_id: str) -> RunRow:
        """The row once nothing works on the run any more: ended, or waiting for a person."""
        while True:
            with self._lives.lock:
                live, woken = self._lives.get(run_id), concurrent.futures.Future[None]()
                held = live is not None and live.is_held
                works = live is not None and live.task is not None and not held
                if live is not None and works:
                    live.changed.append(woken)
            if works:
                await asyncio.wrap_future(woken)
                continue  # what it was woken for may be over already
            row = await asyncio.to_thread(self._runs.get, run_id)
            if held or self._executor is None or row.status not in WORKING:
                return row
            await asyncio.sleep(_LOOK)  # another process works on it, or will

    def wait_here(self, run_id: str) -> RunRow:
        """``wait`` for callers without an event loop, such as the terminal."""
        return asyncio.run(self.wait(run_id))

    @property
    def is_idle(self) -> bool:
        """Whether it works on nothing, but for what waits for a person."""
        return all(run.holds for run in self._lives.active()) and len(self._lives.tasks()) == len(self._lives.active())

    def close(self) -> None:
        """Stop what runs, which can be resumed, and end the thread."""
        self._call(_cancelled(self._lives.tasks())).result(timeout=15)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()
        self._checkpoints.close()

    # --- who works on it ---

    def _go_on(self, row: RunRow, answers: Mapping[str, Any]) -> None:
        """Resume a waiting run with words by interrupt."""
        live = self._lives.revived(row)
        with self._lives.lock:
            live.answers.update(answers)
            if live.task is None:
                self._begin(live)

    def _begin(self, live: Live) -> bool:
        """Have a run worked on: here and now (True), or as the executor decides."""
        self._lives.keep(live)
        if self._executor is None:
            self._work_here(live)
            return True
        if live.row.status != "queued":
            live.row = self._runs.update(live.row.id, status="queued")
        self._executor.submit(live.row.id)
        self._runs.hand_over(live.row.id)
        return False

    def _work_here(self, live: Live) -> None:
        started: concurrent.futures.Future[None] = concurrent.futures.Future()
        # The run is nobody's child: what surrounds the caller (an executor's own workflow) does not surround it.
        self._loop.call_soon_threadsafe(self._spawn, live, started, context=contextvars.Context())
        started.result(timeout=30)

    def _spawn(self, live: Live, started: "concurrent.futures.Future[None]") -> None:
        live.is_stopping = False
        live.task = self._loop.create_task(self._work.on(live))
        started.set_result(None)

    # --- runs of before ---

    def _compiled(self, row: RunRow) -> Compiled:
        """The graph of the version the run is pinned to."""
        whole = self._cache.get(Document.model_validate(self._versions.pinned(row.version_hash)))
        return self.forks.compiled(Origin.of(row), whole)

    def _call(self, work: Coroutine[Any, Any, None]) -> "concurrent.futures.Future[None]":
        return asyncio.run_coroutine_threadsafe(work, self._loop)


async def _cancelled(tasks: "list[asyncio.Task[None]]") -> None:
    """Cancel the runs, then wait for whatever the loop still has to do."""
    for task in tasks:
        task.cancel()
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*rest, return_exceptions=True)
