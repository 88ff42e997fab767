"""A run while it runs: what its nodes share, in memory only.

Compiled graphs are shared by runs, so nodes find their run in a context variable; asyncio hands it to
every task that the graph makes.
"""

import asyncio
import time
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

from graphs.events import Event
from graphs.limits import Meter
from graphs.providers import Providers
from graphs.stream import EventLog
from graphs.tracer import Span, Tracer

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

    def emit(self, event: Event) -> None:
        self.log.add(event)

    def emit_spent(self, *, final: bool = False) -> None:
        """Tell what has been spent, at most four times a second."""
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
