"""A plan was made, and no node that is given it ran afterwards."""

from collections.abc import Iterator
from typing import Any, Final

from graphs.failures.finding import Detector, Found
from graphs.failures.said import cut
from graphs.failures.trace import Step, Trace

OPEN: Final = "open"


def check(trace: Trace) -> Iterator[Found]:
    """One finding for each planner whose last plan nobody read."""
    if trace.run.status != "done":
        return
    for step in trace.last_visits():
        ports = [port.name for port in trace.subject.ports(step.node or "").outputs if port.type == "plan"]
        if not ports or step.status != "ok" or step.gave is None:
            continue
        readers = {feed.target for feed in trace.subject.feeds if feed.source == step.node}
        readers -= {step.node, *trace.subject.finishes}
        if readers and not any(_ran_after(reader, step, trace) for reader in readers):
            steps: list[Any] = ((trace.output(step) or {}).get(ports[0]) or {}).get("steps") or []
            if not steps or any(each.get("status", OPEN) != OPEN for each in steps):
                continue  # it is worked through, or was: the planner has the last word
            titles = [str(each.get("title", "")) for each in steps]
            names = ", ".join(repr(trace.label(reader)) for reader in sorted(readers))
            yield Found(
                step.id, f"The plan ({cut('; '.join(titles))}) was never followed: {names} did not run after it",
                "Lead the flow from the planner to a node that works through the plan.",
            )  # fmt: skip


def _ran_after(node: str, step: Step, trace: Trace) -> bool:
    return any(visit.order > step.order for visit in trace.visits_of(node))


DETECTOR: Final = Detector("plan_not_followed", "planning", "warning", "Plan not followed", run=check)
