"""A node was tried again and again, and failed each time."""

from collections.abc import Iterator
from typing import Final

from graphs.failures.finding import Detector, Found
from graphs.failures.said import cut
from graphs.failures.trace import NODE, Trace


def check(trace: Trace) -> Iterator[Found]:
    """One finding for each visit that failed after more than one attempt."""
    for step in trace.steps.values():
        if step.operation == NODE and step.status == "error" and step.attempt > 1:
            failed = [each.id for each in trace.below.get(step.id, ()) if each.status == "error"]
            yield Found(
                step.id,
                f"{trace.label(step.node)!r} failed {step.attempt} times in a row:"
                f" {cut((step.error or {}).get('what', ''))}",
                "The fault does not pass by itself: check the service, use another model or tool, or lead the error to"
                " another way.",
                tuple(failed),
            )


DETECTOR: Final = Detector("retries_exhausted", "system", "error", "Retries exhausted", run=check)
