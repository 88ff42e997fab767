"""A run while it runs: what its nodes share, in memory only.

Compiled graphs are shared by runs, so nodes find their run in a context variable; asyncio hands it to
every task that the graph makes.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from langgraph.runtime import RunControl

from graphs.events import Event
from graphs.history import History
from graphs.limits import Meter
from graphs.people import People
from graphs.providers import Providers
from graphs.stream import EventLog
from graphs.tracer import Span, Tracer
from nodes.contract import NodeError, RunEvent, Services, Workshop

if TYPE_CHECKING:
    from graphs.compile import Bodies
    from graphs.context import NodeContext
    from graphs.holds import Holds
    from graphs.steering import Steering

SPENT_EVERY: Final = 0.25
"""Seconds between two ``run.spent`` events, at least."""


@dataclass
class ActiveRun:
    """One run in memory."""

    id: str
    inputs: Mapping[str, Any]
    model: str | None
    """The model chosen for the run; None: the workspace's default."""
    providers: Providers
    meter: Meter
    tracer: Tracer
    log: EventLog
    root: Span
    number: str = ""
    """The run's number for people, such as ``r-0042``."""
    slots: dict[str, asyncio.Semaphore] = field(default_factory=dict[str, asyncio.Semaphore])
    """Of each frame's visit, by its span: how many bodies may run at once."""
    broken: set[str] = field(default_factory=set[str])
    """Spans of frames of which an item has failed, so that no further item is begun."""
    last_spent: float = 0.0
    open_workshop: "Callable[[NodeContext], Workshop] | None" = None
    """Workflows as data, for the visit of a node."""
    bodies: "Bodies | None" = None
    """The sub-workflows attached to its nodes."""
    people: People = field(default_factory=People)
    """What people were asked and have said in it."""
    caller: "NodeContext | None" = None
    """Of a run inside another: the visit of the node that runs it."""
    task: str = ""
    """Of a run inside another: what the idempotency keys of its nodes are made from."""
    depth: int = 1
    """Workflows around it, itself counted."""
    earlier: Callable[[], Iterable[RunEvent]] = tuple
    """What happened in it before this process worked on it."""
    holds: "Holds | None" = None
    """Visits inside its sub-workflows that are held at a stop."""
    control: RunControl = field(default_factory=RunControl)
    """Ends it at its next step when it is drained."""
    steering: "Steering | None" = None
    """Of a run that is forked, debugged or pinned: what it does otherwise than its workflow says."""

    def emit(self, event: Event) -> None:
        self.log.add(event if self.caller is None else {**event, "within": self.root.id})

    def inside(self, caller: "NodeContext", root: Span, *, task: str, inputs: Mapping[str, Any]) -> "ActiveRun":
        """A run inside this one: it shares the meter, the trace, the log and the workspace."""
        return replace(self, caller=caller, root=root, task=task, inputs=inputs, slots={}, broken=set())

    def workshop(self, visit: "NodeContext") -> Workshop:
        """Workflows as data. Raises NodeError where runs cannot hold others."""
        if self.open_workshop is None:
            raise NodeError("Workflows cannot be run inside a run here", mend="Start the run in Nodeloom itself.")
        return self.open_workshop(visit)

    @cached_property
    def history(self) -> History:
        """What happened so far, in the runs around it too."""
        return self.caller.run.history if self.caller else History(self.log, self.earlier())

    @cached_property
    def services(self) -> Services:
        """What its tools may ask of the workspace."""
        return self.caller.run.services if self.caller else self.providers.services(self.id)

    def emit_spent(self, *, final: bool = False) -> None:
        """Tell what has been spent, at most four times a second."""
        if self.caller is not None:
            self.caller.run.emit_spent(final=final)
            return
        now = time.monotonic()
        if final or now - self.last_spent >= SPENT_EVERY:
            self.last_spent = now
            spent = self.meter.spent()
            self.log.add({"type": "run.spent", **spent})

    def slot(self, span: str, parallel: int) -> asyncio.Semaphore:
        """The slots of a frame's visit."""
        found = self.slots.get(span)
        if found is None:
            found = self.slots[span] = asyncio.Semaphore(parallel)
        return found


CURRENT: Final[ContextVar[ActiveRun]] = ContextVar("nodeloom_run")


class NodeFailed(Exception):
    """A node could not go on and nothing handles it: the run ends here."""

    def __init__(self, node: str, what: str, mend: str, type: str) -> None:
        super().__init__(what)
        self.node = node
        self.what = what
        self.mend = mend
        self.type = type

    def as_dict(self) -> dict[str, Any]:
        """As a run's error, and the arguments to make it again."""
        return {"node": self.node, "what": self.what, "mend": self.mend, "type": self.type}
