"""A loop turned several times, and each time brought the very same.

All nodes of the loop that ask a model or use a tool gave out word for word what they had given before, so the
turns cost and change nothing.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from graphs.failures.finding import Detector, Found
from graphs.failures.said import cut
from graphs.failures.trace import LEAVES, Step, Trace

TURNS: Final = 3
"""Equal visits in a row that are too many."""


def check(trace: Trace) -> Iterator[Found]:
    """One finding for each loop that went round without progress."""
    for cycle in trace.subject.flow.cycles:
        for parent in {place for place, node, _ in trace.series if node in cycle}:
            workers = {
                (node, item): steps for (place, node, item), steps in trace.series.items()
                if place == parent and node in cycle and _works(steps, trace)
            }  # fmt: skip
            repeated = [steps for steps in workers.values() if len(steps) > 1]
            if not repeated:
                continue
            longest = max(repeated, key=len)
            if len(longest) >= TURNS and all(_same(steps[-TURNS:]) for steps in repeated):
                last = longest[-1]
                names = ", ".join(trace.label(node) for node, _ in workers)
                yield Found(
                    last.id, f"{names} went round {len(longest)} times and gave out the same each time:"
                    f" {cut(trace.output(last))}",
                    "Give each turn something new to go by - the feedback, the failed attempts, a higher temperature -"
                    " or end the loop when nothing changes.",
                    tuple(step.id for step in longest[:-1]),
                    tell="You gave this very answer before and it was not enough: do something else.",
                )  # fmt: skip


def _works(steps: Sequence[Step], trace: Trace) -> bool:
    return any(each.operation in LEAVES for step in steps for each in trace.below.get(step.id, ()))


def _same(steps: Sequence[Step]) -> bool:
    return steps[0].gave is not None and len({step.gave for step in steps}) == 1


DETECTOR: Final = Detector("loop_without_progress", "planning", "warning", "Loop without progress", run=check)
