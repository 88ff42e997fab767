"""Python snippets, sealed off: each runs in a process of its own, without files and without network.

The interpreter is Monty (pydantic-monty), a subset of Python made for code a model wrote: what a snippet can reach is
what it is given as ``functions`` and ``inputs``, and nothing else. A call of a function comes back into the event loop,
so that a tool is called there like any other. All is bounded, and no limit can be caught from inside.

We step from call to call with Monty's blocking client in a thread: its async one aborts the interpreter at
exit (7 of 25 runs of version 1.4.0), the blocking one does not (0 of 25).
"""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from nodes.errors import NodeError
from nodes.snippet_calls import Bounds, CallRefused, SnippetCalls, SnippetFunction, Stopped
from nodes.snippet_faults import fault_in
from nodes.snippet_text import clipped

if TYPE_CHECKING:
    from pydantic_monty import CollectString, MontyError, MontySession

__all__ = ["Bounds", "CallRefused", "SnippetFunction", "SnippetResult", "SnippetSession", "run_snippet"]

MAX_ERROR: Final = 2_000  # characters
_LIMITS: Final = ("TimeoutError: feed time limit", "MemoryError: memory limit", "RuntimeError: suspension limit")
_FINDING: Final = threading.Lock()  # it finds its program by sysconfig, whose first use is not thread-safe (3.11)
LOOKUPS: Final = 1_000  # names, imports and clock readings that also stop a snippet for an answer


@dataclass(frozen=True)
class SnippetResult:
    """What came of a snippet."""

    ok: bool
    value: Any
    """Of its last expression, as Python has it; None where there is none or it failed. See ``plain``."""
    printed: str
    """Up to the error, where there is one; cut to the bound."""
    error: str
    """``ZeroDivisionError: division by zero``; '' when ``ok``."""
    line: int | None
    """Of the error, counted from 1, where it is known."""


async def run_snippet(
    code: str,
    *,
    seconds: float,
    memory_mb: int,
    functions: Mapping[str, SnippetFunction] | None = None,
    inputs: Mapping[str, Any] | None = None,
    bounds: Bounds | None = None,
) -> SnippetResult:
    """Run ``code``, at most ``seconds`` of its own computing, holding at most ``memory_mb``.

    ``functions``: name -> async function with JSON-like arguments and result. ``inputs``: name -> JSON-like
    value. It ends within ``seconds + bounds.wait_seconds`` and about a second of grace, also when it is
    cancelled. What the snippet did wrong is in the result; NodeError: no snippet can be run here.
    """
    async with SnippetSession(seconds=seconds, memory_mb=memory_mb, functions=functions, bounds=bounds) as session:
        return await session.run(code, inputs)


class SnippetSession:
    """Snippets one after another that share their names, as in a notebook; the bounds are those of each.

    A snippet stopped at a limit takes the names with it: ``forgot`` is true then, and the next begins anew.
    """

    def __init__(
        self,
        *,
        seconds: float,
        memory_mb: int,
        functions: Mapping[str, SnippetFunction] | None = None,
        bounds: Bounds | None = None,
    ) -> None:
        self._seconds, self._memory_mb = seconds, memory_mb
        self._functions, self._bounds = functions or {}, bounds or Bounds()
        self._stack = ExitStack()
        self._session: MontySession | None = None
        self.forgot = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *raised: object) -> None:
        self._close()

    async def run(self, code: str, inputs: Mapping[str, Any] | None = None) -> SnippetResult:
        """See ``run_snippet``."""
        from pydantic_monty import CollectString, MontyError  # loads a native library that few workflows need

        fault = fault_in(code, self._functions)
        if fault is not None:
            return SnippetResult(False, None, "", *fault)
        printed = CollectString(max_bytes=4 * self._bounds.output + 65_536)
        calls = SnippetCalls(self._functions, self._bounds)
        value, error, line, self.forgot = None, "", None, True
        try:
            session = self._session = self._session or await _unbroken(self._open)
            value = await _driven(session, code, dict(inputs or {}), printed, calls)
            self.forgot = False
        except MontyError as problem:
            error, line = self._explained(problem), _line(problem)
            self.forgot = line is None or str(problem).startswith(_LIMITS)
        except Stopped as stopped:
            error = str(stopped)
        finally:
            if self.forgot:
                self._close()
        return SnippetResult(not error, value, clipped(printed.output, self._bounds.output), error, line)

    def _open(self) -> "MontySession":
        from pydantic_monty import Monty, ResourceLimits

        limits = ResourceLimits(
            max_feed_duration_secs=self._seconds,
            max_memory=self._memory_mb * 2**20,
            max_recursion_depth=self._bounds.recursion,
            max_suspensions=self._bounds.calls + LOOKUPS,
        )
        try:
            with _FINDING:
                # A pool of one: 3 ms, and nothing is left over for anyone else's snippet.
                pool = Monty(max_processes=1, request_timeout=self._seconds + 2)
            return self._stack.enter_context(self._stack.enter_context(pool).checkout(limits=limits))
        except RuntimeError as error:
            said = f"The process for snippets does not start: {error}"
            raise NodeError(said, mend="Install pydantic-monty again.") from error

    def _close(self) -> None:
        self._session = None
        self._stack.close()  # ends the process, 1 ms

    def _explained(self, error: "MontyError") -> str:
        text = str(error)[:MAX_ERROR]
        if text.startswith(_LIMITS[0]):
            return f"It took longer than {self._seconds:g} s and was stopped ({text})"
        if text.startswith(_LIMITS[1]):
            return f"It held more than {self._memory_mb} MB, or printed too much, and was stopped ({text})"
        if text.startswith(_LIMITS[2]):
            return f"It asked for names, modules or the time more than {LOOKUPS} times and was stopped ({text})"
        return text


async def _unbroken(work: Callable[[], "MontySession"]) -> "MontySession":
    """In a thread and to its end, also when cancelled: what it opens would be left open otherwise."""
    done = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(done)
    except asyncio.CancelledError:
        await asyncio.wait([done])
        raise


async def _driven(
    session: "MontySession", code: str, inputs: dict[str, Any], printed: "CollectString", calls: SnippetCalls
) -> Any:
    """Start it, and answer each call it makes until it is done."""
    from pydantic_monty import FunctionSnapshot, FutureSnapshot, MontyComplete

    worker = session.worker_pid
    known = dict.fromkeys(calls.functions, _never_called)
    step: Any = await _turn(
        worker, session.feed_start, code, inputs=inputs, external_lookup=known, print_callback=printed
    )
    while not isinstance(step, MontyComplete):
        if isinstance(step, FutureSnapshot):
            step = await _turn(worker, step.resume, calls.settled(step))
        elif isinstance(step, FunctionSnapshot) and calls.takes(step):
            step = await _turn(worker, step.resume, await calls.answer(step))
        else:  # a name, an import, a refused file: Monty's own answer
            step = await _turn(worker, step.resume_auto)
    return step.output


def _never_called() -> None:
    """Stands for a function where a snippet only names it; calls are answered by ``SnippetCalls``."""


async def _turn(worker: int | None, go_on: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """One stretch of computing, in a thread. Cancelled, its process is ended: it would compute on otherwise."""
    try:
        return await asyncio.to_thread(go_on, *arguments, **named)
    except asyncio.CancelledError:
        if worker is not None:
            os.kill(worker, signal.SIGTERM)
        raise


def _line(error: "MontyError") -> int | None:
    frames = error.traceback() if hasattr(error, "traceback") else []  # pyright: ignore[reportAttributeAccessIssue]
    return frames[-1].line if frames else None
