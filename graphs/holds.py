"""Stops inside a sub-workflow that a node runs.

Such a workflow has no checkpoints, so a visit in it is held where it is: in memory, its process waiting. Where the
process dies, the node that uses the sub-workflow runs again from its top, and stops there again.
"""

import asyncio
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from graphs.breakpoints import Edits, Session, stop_form
from graphs.run_table import RunTable
from graphs.stops import stop_of
from nodes.contract import Outputs

if TYPE_CHECKING:
    from graphs.context import NodeContext
    from graphs.events import NodeWaiting
    from graphs.wrapper import Wrapper

Said = tuple[Edits, Mapping[str, Any]]
"""What a person changed, and the command with who gave it, where and when."""
HELD: Final = "held-"
"""How the interrupts of such stops begin."""


class Holds:
    """The visits of one run that are held."""

    def __init__(self, run_id: str, runs: RunTable, told: Callable[[], None]) -> None:
        """``told``: called whenever a visit is held."""
        self._run_id = run_id
        self._runs = runs
        self._told = told
        self._open: dict[str, tuple[dict[str, Any], asyncio.Future[Said]]] = {}
        self._written: set[str] = set()
        """Those that the run's row shows."""
        self._guard = threading.Lock()
        self._writing = threading.Lock()

    def __contains__(self, interrupt: str) -> bool:
        return interrupt in self._open

    def __bool__(self) -> bool:
        return bool(self._written)

    async def hold(self, ctx: "NodeContext", shown: Mapping[str, Any]) -> "Said":
        """Wait until a person lets the visit go on; what they changed, and who it was."""
        interrupt = f"{HELD}{ctx.span.id}-{shown['stop']['when']}"
        told: NodeWaiting = {"type": "node.waiting", "interrupt": interrupt, **shown}  # pyright: ignore[reportAssignmentType]
        future: asyncio.Future[Said] = asyncio.get_running_loop().create_future()
        self._open[interrupt] = ({"interrupt": interrupt, **shown}, future)
        try:
            await asyncio.to_thread(self._write)
            if self._is_shown(interrupt):
                ctx.run.emit(told)
                await asyncio.to_thread(self._told)  # it takes the lock of the runs
            return await future
        finally:
            self._open.pop(interrupt, None)
            self._written.discard(interrupt)

    def release(self, interrupt: str, edits: Edits, told: Mapping[str, Any]) -> None:
        """Let it go on; ``told``: the command, who gave it, where and when. From any thread."""
        with self._guard:
            _, future = self._open.pop(interrupt)
            self._written.discard(interrupt)
        self._write()
        future.get_loop().call_soon_threadsafe(_done, future, (edits, told))

    def _is_shown(self, interrupt: str) -> bool:
        """Note that the row shows it, if it is not released already."""
        with self._guard:
            if interrupt in self._open:
                self._written.add(interrupt)
            return interrupt in self._open

    def forget(self) -> None:
        """The run is being stopped: it does not wait any more."""
        self._open.clear()
        self._written.clear()

    def _write(self) -> None:
        with self._writing:  # the last write is of what is open then
            forms = [form for form, _ in list(self._open.values())]
            self._runs.update(self._run_id, status="waiting" if forms else "running", forms=forms)


def _done(future: "asyncio.Future[Said]", said: "Said") -> None:
    if not future.done():  # its run may have been stopped
        future.set_result(said)


class InnerStops:
    """Where one visit inside a sub-workflow stops (as ``graphs.stops.Stops``)."""

    span: None = None
    result: None = None

    def __init__(self, wrapper: "Wrapper", ctx: "NodeContext", session: Session | None, holds: Holds) -> None:
        self._wrapper = wrapper
        self._ctx = ctx
        self._session = session
        self._holds = holds
        self.told: list[dict[str, Any]] = []
        """The commands of people to this visit so far."""

    async def before(self, inputs: Mapping[str, Any]) -> Edits | None:
        """What a person changed before the node; None where it does not stop."""
        return await self._stopped(stop_of(self._wrapper, self._ctx, self._session, "before", inputs, None, {}))

    async def after(self, inputs: Mapping[str, Any], outcome: str, outputs: Outputs) -> Edits | None:
        """What a person changed after the node; None where it does not stop."""
        return await self._stopped(stop_of(self._wrapper, self._ctx, self._session, "after", inputs, outcome, outputs))

    async def _stopped(self, stop: Mapping[str, Any] | None) -> Edits | None:
        if stop is None:
            return None
        edits, told = await self._holds.hold(self._ctx, stop_form(self._wrapper.step, stop))
        self.told.append(dict(told))
        return edits
