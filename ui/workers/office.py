"""What a worker does for the other processes of its home: the runner's methods, as plain calls."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from graphs.breakpoints import Breakpoint, Edits
from graphs.document import Document
from graphs.fork_request import ForkRequest
from graphs.runner import Runner
from ui.engine import Engine

METHODS: Final = frozenset({
    "start", "fork", "stop", "answer", "go_on", "resume", "command", "set_breakpoints", "next_nodes", "last_visit",
    "forked_document", "events_after", "wait", "flush", "close", "ping",
})  # fmt: skip


class Office:
    """Called from threads of the door; what it raises is raised at the other end."""

    def __init__(self, engine: Engine, process: str, end: Callable[[], None]) -> None:
        """``process``: the mark of this one; ``end`` ends it, in its own time."""
        self._engine = engine
        self._process = process
        self._end = end
        self._runner: Runner = engine.runner

    def call(self, name: str, *given: Any) -> Any:
        """One of ``METHODS`` by name."""
        return getattr(self, name)(*given)

    def ping(self) -> None:
        """Somebody is here."""

    def start(self, document: Document, inputs: Mapping[str, Any], more: Mapping[str, Any]) -> str:
        """As ``Runner.start``; ``more`` are its further arguments."""
        return self._runner.start(document, inputs, **more)

    def fork(self, run_id: str, request: ForkRequest, document: Document | None, more: Mapping[str, Any]) -> str:
        """As ``Runner.fork``."""
        return self._runner.fork(run_id, request, document, **more)

    def stop(self, run_id: str) -> None:
        self._runner.stop(run_id)

    def answer(self, run_id: str, interrupt: str, answer: Mapping[str, Any], who: Any) -> None:
        self._runner.answer(run_id, interrupt, answer, who)

    def go_on(self, run_id: str) -> None:
        self._runner.go_on(run_id)

    def resume(self, run_id: str, limits: Mapping[str, Any]) -> None:
        self._runner.resume(run_id, limits)

    def command(
        self, run_id: str, command: Any, interrupt: str | None, edits: Edits,
        breakpoints: Sequence[Breakpoint] | None, who: Any,
    ) -> None:  # fmt: skip
        """As ``Debugger.command``."""
        self._runner.debugger.command(
            run_id, command, interrupt=interrupt, edits=edits, breakpoints=breakpoints, who=who
        )

    def set_breakpoints(self, run_id: str, breakpoints: Sequence[Breakpoint]) -> None:
        self._runner.debugger.set_breakpoints(run_id, breakpoints)

    def next_nodes(self, run_id: str) -> list[str]:
        return self._runner.next_nodes(run_id)

    def last_visit(self, run_id: str) -> str | None:
        return self._runner.last_visit(run_id)

    def forked_document(self, run_id: str, request: ForkRequest, document: Document | None) -> Document:
        return self._runner.forked_document(run_id, request, document)

    def events_after(self, run_id: str, seq: int, seconds: float) -> tuple[list[dict[str, Any]], bool, str]:
        """As ``EventLog.wait_after``, of a run's log; and whose numbers these are: another process has others."""
        return *self._runner.log(run_id).wait_after(seq, seconds), self._process

    def wait(self, run_id: str) -> None:
        """Until the run has ended, or waits for a person."""
        self._runner.wait_here(run_id)

    def flush(self) -> None:
        self._engine.flush()

    def close(self) -> None:
        """End this process: what runs is drained, and goes on when a worker starts again. Returns at once."""
        self._end()
