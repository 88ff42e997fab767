"""How the calls of a snippet are answered: its functions run in the event loop, within bounds."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pydantic_monty import FunctionSnapshot, FutureSnapshot

SnippetFunction = Callable[..., Awaitable[Any]]

MAX_REFUSAL: Final = 2_000  # characters
_SLEEPS: Final = frozenset({"system.sleep", "system.async_sleep"})


class CallRefused(Exception):
    """Raised by a function a snippet calls: the snippet sees a RuntimeError with this text, and may go on.

    Whatever else a function raises ends the snippet and reaches the caller of ``run_snippet``.
    """


class Stopped(Exception):
    """A bound on calls or waiting was reached: the snippet is over, and cannot catch it."""


@dataclass(frozen=True)
class Bounds:
    """What a snippet may use beside its computing time and memory."""

    wait_seconds: float = 60.0
    """In all, for the functions it calls and for sleeping."""
    calls: int = 100
    """Of its functions."""
    output: int = 8_000
    """Characters kept of what it prints."""
    recursion: int = 1_000
    """Calls inside calls."""


@dataclass
class SnippetCalls:
    """The functions of one snippet, and what it has used up of its bounds."""

    functions: Mapping[str, SnippetFunction]
    bounds: Bounds
    made: int = 0
    waited: float = 0.0
    _settled: dict[int, Any] = field(default_factory=dict[int, Any])

    def takes(self, step: "FunctionSnapshot") -> bool:
        """Whether the call is one of ours, and not a file or a name that Monty itself refuses."""
        return step.function_name in self.functions or _sleeps(step)

    async def answer(self, step: "FunctionSnapshot") -> Any:
        """What the call gives, in the form Monty takes it. Raises Stopped."""
        if _sleeps(step):
            await self._within(asyncio.sleep(max(float(step.args[0]), 0.0)))
            return {"return_value": None}
        self.made += 1
        if self.made > self.bounds.calls:
            raise Stopped(f"It called functions more than {self.bounds.calls} times and was stopped")
        answer = await self._called(self.functions[step.function_name], step)
        if not step.allow_eager_await:
            return answer
        self._settled[step.call_id] = answer  # written with ``await``, which small models like to do
        return {"future": ...}

    def settled(self, step: "FutureSnapshot") -> dict[int, Any]:
        """The answers of the awaited calls."""
        return {id: self._settled.pop(id, {"return_value": None}) for id in step.pending_call_ids}

    async def _called(self, function: SnippetFunction, step: "FunctionSnapshot") -> Any:
        try:
            inspect.signature(function).bind(*step.args, **step.kwargs)
        except TypeError as error:
            return {"exception": TypeError(f"{step.function_name}(): {error}")}
        try:
            return {"return_value": await self._within(function(*step.args, **step.kwargs))}
        except CallRefused as refused:
            return {"exception": RuntimeError(str(refused)[:MAX_REFUSAL])}

    async def _within(self, work: Awaitable[Any]) -> Any:
        """Its result, within what is left of the waiting time."""
        clock = asyncio.get_running_loop().time
        started = clock()
        limit = asyncio.timeout(self.bounds.wait_seconds - self.waited)
        try:
            async with limit:
                return await work
        except TimeoutError as error:
            if not limit.expired():
                raise
            said = (
                f"It took longer than {self.bounds.wait_seconds:g} s, waiting for functions or asleep, and was stopped"
            )
            raise Stopped(said) from error
        finally:
            self.waited += clock() - started


def _sleeps(step: "FunctionSnapshot") -> bool:
    return step.is_os_function and str(step.function_name) in _SLEEPS
