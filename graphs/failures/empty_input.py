"""A node that asks a model was handed an empty value for an input it cannot do without.

The model before it gave nothing, so this one worked on nothing, and made something up. That a file, a memory or
a list is empty is no fault.
"""

from collections.abc import Iterator
from typing import Any, Final

from graphs.failures.finding import Detector, Found
from graphs.failures.said import is_empty
from graphs.failures.trace import Step, Trace, Visit


def check(visit: Visit, trace: Trace) -> Iterator[Found]:
    """One finding for each required input that came empty from a node that asks a model too."""
    if not visit.of("chat") or not trace.knows(visit.step):
        return
    given: Any = trace.input(visit.row) or {}
    node = visit.step.node or ""
    for port in trace.subject.ports(node).inputs:
        if port.required and port.name in given and is_empty(given[port.name]):
            feeds = trace.subject.feeds_into.get((node, port.name), [])
            before = [step for feed in feeds if (step := _last_before(feed.source, visit.step, trace))]
            sources = [step.node for step in before if trace.calls_below(step, "chat")]
            if sources:
                names = ", ".join(repr(trace.label(source)) for source in sources)
                yield Found(
                    visit.step.id, f"The input {port.name!r} came empty from {names}, and the model was asked anyway",
                    f"See why {names} gave nothing, and route around this node when it does.",
                    tuple(step.id for step in before),
                )  # fmt: skip


def _last_before(node: str, step: Step, trace: Trace) -> Step | None:
    earlier = [visit for visit in trace.visits_of(node) if visit.order < step.order]
    return earlier[-1] if earlier else None


DETECTOR: Final = Detector("empty_input", "system", "warning", "Worked on an empty input", visit=check)
