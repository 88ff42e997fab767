"""The engine of a workspace whose runs are worked on by other processes: what ``ui.engine`` offers, over a line."""

import asyncio
import threading
from collections import OrderedDict
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
SOURCES: Final = 1_000
"""Runs of which it is remembered whose events were told."""
SOMEBODY: Final = Answerer()
NO_EDITS: Final = Edits()


class RemoteEngine:
    """The runs of a workspace, worked on elsewhere. Opening it costs nothing; the first run starts the workers."""

    def __init__(self, workspace: "Workspace", workers: Workers) -> None:
        self._workers = workers
        self.runner = RemoteRunner(workspace, workers)

    def flush(self) -> None:
        """Have every span written that there is."""
        self._workers.tell_all("flush")

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
        return self._workers.ask(method, *given, run=run)

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
        breakpoints: Sequence[Breakpoint] | None = None, who: Answerer = SOMEBODY,
    ) -> None:  # fmt: skip
        self._runner.ask(run_id, "command", run_id, command, interrupt, edits, breakpoints, who)

    def set_breakpoints(self, run_id: str, breakpoints: Sequence[Breakpoint]) -> None:
        self._runner.ask(run_id, "set_breakpoints", run_id, breakpoints)


class _Copy:
    """A run's log as it is in the worker, copied by a thread while anybody follows."""

    def __init__(self) -> None:
        self.log = EventLog()
        self.begun = threading.Event()
        """Set once it holds what there was when it was made."""
        self.followers = 0
        self.source = ""
        """Whose numbers its events have."""


class _Followed:
    """The logs that somebody follows, one copy of each for however many follow it."""

    def __init__(self, runner: RemoteRunner) -> None:
        self._runner = runner
        self._lock = threading.Lock()
        self._copies: dict[str, _Copy] = {}
        self._sources: OrderedDict[str, str] = OrderedDict()
        """Run -> the process whose events were told last."""

    async def follow(self, run_id: str, after: int) -> AsyncIterator[dict[str, Any]]:
        copy = self._join(run_id)
        try:
            await asyncio.to_thread(copy.begun.wait)
            async for event in copy.log.follow(after if self._still(run_id, copy.source) else 0):
                yield event
        finally:
            with self._lock:
                copy.followers -= 1

    def _join(self, run_id: str) -> _Copy:
        with self._lock:
            copy = self._copies.get(run_id)
            if copy is None or copy.log.closed:
                copy = self._copies[run_id] = _Copy()
                threading.Thread(target=self._fill, args=(run_id, copy), name="events", daemon=True).start()
            copy.followers += 1
            return copy

    def _still(self, run_id: str, source: str) -> bool:
        """Whether the numbers that a follower may know are this process's."""
        with self._lock:
            known = self._sources.pop(run_id, source)
            self._sources[run_id] = source
            while len(self._sources) > SOURCES:
                self._sources.popitem(last=False)
            return known == source

    def _is_followed(self, run_id: str, copy: _Copy) -> bool:
        """Whether to go on; where nobody follows any more, the copy is forgotten."""
        with self._lock:
            if copy.followers == 0 and self._copies.get(run_id) is copy:
                del self._copies[run_id]
            return copy.followers > 0

    def _fill(self, run_id: str, copy: _Copy) -> None:
        try:
            seconds, closed = 0.0, False
            while not closed and self._is_followed(run_id, copy):
                last = copy.log.last_seq
                events, closed, copy.source = self._runner.ask(run_id, "events_after", run_id, last, seconds)
                copy.log.copy(events)
                copy.begun.set()
                seconds = POLL
        except NodeError:
            pass  # the worker is gone: whoever follows asks again
        finally:
            copy.log.close()
            copy.begun.set()
            self._is_followed(run_id, copy)
