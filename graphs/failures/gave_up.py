"""A node ended because its rounds were over, not because it had reached what it was for."""

from collections.abc import Iterator, Mapping
from typing import Final

from graphs.failures.check_never_passes import FAILS
from graphs.failures.finding import Detector, Found
from graphs.failures.trace import Step, Trace
from graphs.ports import EACH, ERROR

GAVE_UP: Final[Mapping[str, str]] = {
    "exhausted": "its rounds were used up", "give_up": "it gave up", "unsolved": "it found no solution",
    "incomplete": "it was left incomplete", "unassigned": "nobody took the task",
}  # fmt: skip
"""Outcome -> what it means."""
FAILED: Final[Mapping[str, str]] = {"planning.decompose_on_failure": "failed", "planning.routine": "failed"}
"""Kinds whose outcome ``failed`` means the same."""
FAILS_NOT: Final = ("passed", "pass", "survived", "valid")
"""Outcomes by which a check says yes."""


def check(trace: Trace) -> Iterator[Found]:
    """One finding for each node whose last visit ended so."""
    for steps in trace.series.values():
        last = steps[-1]
        why = GAVE_UP.get(last.outcome or "")
        if last.outcome is not None and last.outcome == FAILED.get(last.kind or ""):
            why = "it could not be done"
        if why and _had_another_way(last, trace) and not _passed_after(last, trace):
            yield Found(
                last.id, f"{trace.label(last.node)!r} ended after {len(steps)} visits by {last.outcome!r}: {why}",
                "Raise its limit if it was getting nearer; else change what happens in a round, or lead this outcome"
                " to a person or another way.",
                tuple(step.id for step in steps[:-1]),
                tell="The rounds so far did not reach the goal: go about it in another way.",
            )  # fmt: skip


def _passed_after(step: Step, trace: Trace) -> bool:
    """Whether what came of it was checked afterwards and found good."""
    return any(
        each.order > step.order and each.outcome in FAILS_NOT and each.kind in FAILS for each in trace.last_visits()
    )  # fmt: skip


def _had_another_way(step: Step, trace: Trace) -> bool:
    """Whether the loop has a better end: a loop that only counts its rounds ends by having counted them."""
    if step.kind not in ("control.loop_limit", "control.while"):
        return True
    topology = trace.subject.flow
    loop = next((set(cycle) for cycle in topology.cycles if step.node in cycle), set[str]())
    edges = [edge for node in loop for edge in topology.edges_out_of(node) if edge.outcome not in (EACH, ERROR)]
    leaving = [edge for edge in edges if edge.target not in loop]
    return any(edge.source != step.node or edge.outcome != step.outcome for edge in leaving)


DETECTOR: Final = Detector("gave_up", "planning", "warning", "Gave up", run=check)
