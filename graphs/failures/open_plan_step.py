"""The run is done, and a step of its plan was never executed.

Only plans that are worked through step by step are looked at: one whose steps an agent follows in its own
words keeps no account of them.
"""

from collections.abc import Iterator
from typing import Any, Final

from graphs.failures.finding import Detector, Found
from graphs.failures.said import cut
from graphs.failures.trace import Step, Trace

ENDED: Final = ("done", "failed", "skipped")


def check(trace: Trace) -> Iterator[Found]:
    """One finding for each node that left steps of its last plan open."""
    if trace.run.status != "done":
        return
    for step in trace.last_visits():
        for port in trace.subject.ports(step.node or "").outputs:
            if port.type == "plan" and step.status == "ok":
                yield from _left_open(step, (trace.output(step) or {}).get(port.name), trace)


def _left_open(step: Step, plan: Any, trace: Trace) -> Iterator[Found]:
    steps: list[Any] = (plan or {}).get("steps") or []
    left = [each for each in steps if each.get("status", "open") not in ENDED and not each.get("result")]
    if left and any(each.get("status", "open") != "open" for each in steps):  # else nobody keeps account of it
        titles = ", ".join(repr(cut(each.get("title", each.get("id")), 60)) for each in left[:3])
        yield Found(
            step.id, f"{len(left)} of {len(steps)} steps of the plan were never executed: {titles}",
            f"Let {trace.label(step.node)!r} go on until no step is open: raise its limit on steps, or lead its"
            " unfinished outcome back to it.",
            tell=f"Go on until every step is done. Still open: {titles}.",
        )  # fmt: skip


DETECTOR: Final = Detector("open_plan_step", "planning", "error", "Plan step never executed", run=check)
