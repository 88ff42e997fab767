"""The run was cut off in the middle: its process died, or somebody stopped it."""

from collections.abc import Iterator
from typing import Final

from graphs.failures.finding import Detector, Found
from graphs.failures.trace import NODE, Trace

CUT_OFF: Final = {"lost": "The process of the run died", "stopped": "The run was stopped"}


def check(trace: Trace) -> Iterator[Found]:
    """At most one finding: what was at work then."""
    how = CUT_OFF.get(trace.run.status)
    if how is None:
        return
    open_visits = [
        step for step in trace.steps.values() if step.operation == NODE and step.status in ("lost", "cancelled")
    ]
    names = ", ".join(dict.fromkeys(repr(trace.label(step.node)) for step in open_visits)) or "no node"
    span = open_visits[-1].id if open_visits else trace.root.id if trace.root else None
    yield Found(
        span, f"{how} while {names} was at work", "Resume it: what had ended is not run again.",
        tuple(step.id for step in open_visits[:-1]),
    )  # fmt: skip


DETECTOR: Final = Detector("interrupted", "system", "error", "Cut off", run=check)
