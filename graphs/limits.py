"""What a run may spend, counted across its parallel nodes, and the stop when it has.

The meter is asked before every node and before every model call. Where a limit is reached the run ends
in the status ``limit``; nothing finished is lost, and raised limits let it go on.
"""

import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from graphs.document import Limits
from graphs.limit_reached import LimitReached

UNLIMITED_STEPS: Final = 100_000
"""Node runs where no limit is set: LangGraph wants one."""


@dataclass
class Meter:
    """Counts of one run. Only its own event loop touches it, so it needs no lock."""

    limits: Limits
    steps: int = 0
    seconds_before: float = 0.0
    """Wall time of the run's earlier segments."""
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float = 0.0
    kept: int = 0
    """Of the steps, those that did not run: their outcome was taken from a trace. They count for no limit."""
    started: float = field(default_factory=time.monotonic)

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens

    @property
    def seconds(self) -> float:
        """Wall time spent running, waits for people not counted."""
        return self.seconds_before + time.monotonic() - self.started

    @property
    def recursion_limit(self) -> int:
        """Steps of a graph: at most two for each node run, for a join or the end of a frame may take its own."""
        steps = self.limits.steps
        return 2 * (steps if steps is not None else UNLIMITED_STEPS) + 10

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the limit on wall time; None without one."""
        return None if self.limits.seconds is None else max(0.0, self.limits.seconds - self.seconds)

    def take_step(self) -> int:
        """Count a node run and return its number. Raises LimitReached."""
        limits = self.limits
        if limits.steps is not None and self.steps - self.kept >= limits.steps:
            raise LimitReached("steps", f"The run has used its {limits.steps} node runs.")
        self.check()
        self.steps += 1
        return self.steps

    def check(self) -> None:
        """Raise LimitReached where tokens, money or time are spent."""
        limits = self.limits
        if limits.tokens is not None and self.tokens >= limits.tokens:
            raise LimitReached("tokens", f"The run has used {self.tokens} of its {limits.tokens} tokens.")
        if limits.usd is not None and self.usd >= limits.usd and self.usd > 0:
            raise LimitReached("usd", f"The run has cost {self.usd:.4f} of its {limits.usd:.4f} US dollars.")
        if limits.seconds is not None and self.seconds >= limits.seconds:
            raise self.time_is_up()

    def time_is_up(self) -> LimitReached:
        return LimitReached("seconds", f"The run has used its {self.limits.seconds:g} seconds.")

    def spend(self, input_tokens: int, output_tokens: int, usd: float) -> None:
        self.input_tokens += input_tokens
        self.output_tokens += output_tokens
        self.usd += usd

    def spent(self) -> dict[str, float]:
        """The totals as the run row and the ``run.spent`` event have them."""
        return {"steps": self.steps, "seconds": round(self.seconds, 3), "tokens": self.tokens, "usd": self.usd}


@dataclass
class InnerMeter(Meter):
    """Counts of a workflow inside a run: it has limits of its own, and all it spends is the run's."""

    outer: Meter = field(kw_only=True)
    outer_reached: LimitReached | None = None
    """Set where it was not its own limits that ended it."""

    def take_step(self) -> int:
        super().take_step()
        with self._outside():
            return self.outer.take_step()

    def check(self) -> None:
        super().check()
        with self._outside():
            self.outer.check()

    def spend(self, input_tokens: int, output_tokens: int, usd: float) -> None:
        super().spend(input_tokens, output_tokens, usd)
        self.outer.spend(input_tokens, output_tokens, usd)

    @contextmanager
    def _outside(self) -> Generator[None]:
        try:
            yield
        except LimitReached as error:
            self.outer_reached = error
            raise
