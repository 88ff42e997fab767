"""The engine of a workspace whose runs are worked on by other processes: what ``ui.engine`` offers, over a line."""

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from graphs.answerer import Answerer
from graphs.breakpoints import Breakpoint, Command, Edits
from graphs.document import Document
from graphs.fork_request import ForkRequest
from graphs.stream import EventLog
from nodes.contract import NodeError
from store.runs import RunRow
from ui.workers.supervisor import WorkerGone, Workers

if TYPE_CHECKING:
    from ui.workspace import Workspace

POLL: Final = 1.0
"""Seconds a call waits for events before it looks whether anybody still follows."""
SOMEBODY: Final = Answerer()
NO_EDITS: Final = Edits()


class RemoteEngine:
    """The runs of a workspace, worked on elsewhere. Opening it costs nothing; the first run starts the workers."""

    def __init__(self, workspace: "Workspace", workers: Workers) -> None:
        self._workers = workers
        self.runner = RemoteRunner(workspace, workers)

    def flush(self) -> None:
        """Have every span written that there is."""
        self._workers.tell_all(lambda line: line.flush())

    def close(self) -> None:
        self._workers.close()


class RemoteRunner:
    """``graphs.runner.Runner`` by shape, as far as pages and API use it."""

    def __init__(self, workspace: "Workspace", workers: Workers) -> None:
        self._workspace = workspace
        self._workers = workers
        self._followed = _Followed(self)
        self.debugger = RemoteDebugger(self)

    def ask(self, run_id: str | None, method: str, *given: Any) -> Any:
        """Call a method of the worker that has the run. Raises as the method, and WorkerGone."""
        run = self._workspace.runs.get(run_id) if run_id else None
        return self._workers.ask(lambda line: getattr(line, method)(*given), run)

    def start(self, document: Document, inputs: Mapping[str, Any], **more: Any) -> str:
        return self.ask(None, "start", document, dict(inputs), more)

    def fork(self, run_id: str, request: ForkRequest, document: Document | None = None, **more: Any) -> str:
        return self.ask(run_id, "fork", run_id, request, document, more)

    def stop(self, run_id: str) -> None:
        self.ask(run_id, "stop", run_id)

    def answer(self, run_id: str, interrupt: str, answer: Mapping[str, Any], who: Answerer = SOMEBODY) -> None:
        self.ask(run_id, "answer", run_id, interrupt, dict(answer), who)

    def go_on(self, run_id: str) -> None:
        self.ask(run_id, "go_on", run_id)

    def resume(self, run_id: str, limits: Mapping[str, Any] | None = None) -> None:
        self.ask(run_id, "resume", run_id, dict(limits or {}))

    def next_nodes(self, run_id: str) -> list[str]:
        return self.ask(run_id, "next_nodes", run_id)

    def last_visit(self, run_id: str) -> str | None:
        return self.ask(run_id, "last_visit", run_id)

    def forked_document(self, run_id: str, request: ForkRequest, document: Document | None = None) -> Document:
        return self.ask(run_id, "forked_document", run_id, request, document)

    def events(self, run_id: str, after: int = 0) -> AsyncIterator[dict[str, Any]]:
        """As ``Runner.events``; ends early where the worker dies, and can then be asked for again."""
        return self._followed.follow(run_id, after)

    async def wait(self, run_id: str) -> RunRow:
        return await asyncio.to_thread(self.wait_here, run_id)

    def wait_here(self, run_id: str) -> RunRow:
        while True:
            try:
                self.ask(run_id, "wait", run_id)
            except WorkerGone:
                continue  # the next one goes on with the run
            return self._workspace.runs.get(run_id)


class RemoteDebugger:
    """``graphs.debugger.Debugger`` by shape."""

    def __init__(self, runner: RemoteRunner) -> None:
        self._runner = runner

    def command(
        self, run_id: str, command: Command, *, interrupt: str | None = None, edits: Edits = NO_EDITS,
        breakpoints: Sequence[Breakpoint] | None = None,
    ) -> None:  # fmt: skip
        self._runner.ask(run_id, "command", run_id, command, interrupt, edits, breakpoints)

    def set_breakpoints(self, run_id: str, breakpoints: Sequence[Breakpoint]) -> None:
        self._runner.ask(run_id, "set_breakpoints", run_id, breakpoints)


class _Followed:
    """The logs that somebody follows: each is copied by one thread, for however many follow it."""

    def __init__(self, runner: RemoteRunner) -> None:
        self._runner = runner
        self._lock = threading.Lock()
        self._logs: dict[str, tuple[EventLog, int]] = {}

    async def follow(self, run_id: str, after: int) -> AsyncIterator[dict[str, Any]]:
        log = self._join(run_id)
        try:
            async for event in log.follow(after):
                yield event
        finally:
            self._leave(run_id, log)

    def _join(self, run_id: str) -> EventLog:
        with self._lock:
            log, count = self._logs.get(run_id, (None, 0))
            if log is None or log.closed:
                log, count = EventLog(), 0
                threading.Thread(target=self._copy, args=(run_id, log), name="events", daemon=True).start()
            self._logs[run_id] = (log, count + 1)
            return log

    def _leave(self, run_id: str, log: EventLog) -> None:
        with self._lock:
            current, count = self._logs.get(run_id, (log, 0))
            if current is log:
                self._logs[run_id] = (log, count - 1)

    def _is_followed(self, run_id: str, log: EventLog) -> bool:
        """Where nobody follows any more, the log is forgotten."""
        with self._lock:
            current, count = self._logs.get(run_id, (None, 0))
            if current is log and count <= 0:
                del self._logs[run_id]
                return False
            return current is log

    def _copy(self, run_id: str, log: EventLog) -> None:
        try:
            closed = False
            while not closed and self._is_followed(run_id, log):
                events, closed = self._runner.ask(run_id, "events_after", run_id, log.last_seq, POLL)
                log.copy(events)
        except NodeError:
            pass  # whoever follows asks again
        finally:
            log.close()
