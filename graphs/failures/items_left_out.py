"""A frame left out items whose body failed: its results are fewer than its items."""

from collections.abc import Iterator
from typing import Final

from graphs.failures.finding import Detector, Found
from graphs.failures.said import cut
from graphs.failures.trace import NODE, Trace


def check(trace: Trace) -> Iterator[Found]:
    """One finding for each visit of a frame that skipped items."""
    for step in trace.steps.values():
        if step.operation != NODE or not step.items or step.status != "ok":
            continue
        failed = [each for each in trace.calls_below(step, NODE) if each.status == "error" and each.outcome == "error"]
        unhandled = {each.item: each for each in failed if not _went_on(each.item, each.order, step.id, trace)}
        if unhandled:
            shown = next(iter(unhandled.values()))
            yield Found(
                step.id, f"{len(unhandled)} of {step.items} items were left out, the first because:"
                f" {cut((shown.error or {}).get('what', ''))}",
                "Let the frame stop at a bad item, mend what fails in its body, or say in the answer what is missing.",
                tuple(each.id for each in unhandled.values()),
            )  # fmt: skip


def _went_on(item: int | None, after: tuple[float, str], frame: str, trace: Trace) -> bool:
    """Whether a later node of the body ran for the item: its failure was handled."""
    return any(each.item == item and each.order > after for each in trace.below.get(frame, ()))


DETECTOR: Final = Detector("items_left_out", "system", "warning", "Items left out", run=check)
