"""What a run may spend and has spent, and what happened in it.

The totals are in the graph's state, so that a run that is resumed goes on counting. A node counts on a ledger
of its own, begun from the state; whatever runs inside the node shares it.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphs.export.runtime.state import EVENTS, SPENT, State
from graphs.limit_reached import LimitReached
from nodes.contract import RunEvent

LIMITS = "limits"
"""Key among the graph's ``configurable``: ``{"steps", "seconds", "tokens", "usd"}``, each optional."""


@dataclass
class Ledger:
    """Counts of one visit of a node, and of all that runs inside it, on top of the run's."""

    limits: Mapping[str, float]
    before: Mapping[str, float]
    """The run's totals when the visit began."""
    earlier: Sequence[RunEvent] = ()
    steps: int = 0
    tokens: int = 0
    usd: float = 0.0
    events: list[RunEvent] = field(default_factory=list[RunEvent])
    began: float = field(default_factory=time.monotonic)

    @classmethod
    def begun(cls, state: State, limits: Mapping[str, float]) -> "Ledger":
        """A ledger that goes on from the totals in ``state``."""
        return cls(limits, state.get(SPENT) or {}, tuple(RunEvent(**each) for each in state.get(EVENTS) or ()))

    @property
    def history(self) -> tuple[RunEvent, ...]:
        """What happened so far, oldest first."""
        return (*self.earlier, *self.events)

    @property
    def spent(self) -> dict[str, float]:
        """The run's totals: ``steps``, ``seconds``, ``tokens``, ``usd``."""
        own = {"steps": self.steps, "seconds": self._seconds, "tokens": self.tokens, "usd": self.usd}
        totals = {name: self.before.get(name, 0) + value for name, value in own.items()}
        return {**totals, "seconds": round(totals["seconds"], 3)}

    def take_step(self) -> int:
        """Count a node run and return its number. Raises LimitReached."""
        allowed = self.limits.get("steps")
        if allowed is not None and self.spent["steps"] >= allowed:
            raise LimitReached("steps", f"The run has used its {allowed:g} node runs.")
        self.check()
        self.steps += 1
        return int(self.spent["steps"])

    def check(self) -> None:
        """Raise LimitReached where tokens, money or time are spent."""
        spent = self.spent
        for name in ("tokens", "usd", "seconds"):
            allowed = self.limits.get(name)
            if allowed is not None and spent[name] >= allowed and spent[name] > 0:
                raise LimitReached(name, f"The run has used {spent[name]:.6g} of its {allowed:g} {name}.")

    def spend(self, tokens: int, usd: float) -> None:
        """Count a model call."""
        self.tokens += tokens
        self.usd += usd

    def update(self) -> dict[str, Any]:
        """What the visit adds to the state."""
        return {
            "steps": self.steps, "tokens": self.tokens, "usd": self.usd, "seconds": self._seconds,
            "until": time.time(),
        }  # fmt: skip

    @property
    def _seconds(self) -> float:
        return time.monotonic() - self.began
