"""LIM101 loop-without-limit: a loop can turn forever.

Each turn costs time and tokens, and a model that never says "accept" never ends it.

Wrong: ``flow: [work -> check, check.revise -> work]`` with a Route and no limits
Right: a Critique (which revises at most so often), a Loop limit in the loop, or ``limits: {steps: 50}``
"""

from collections.abc import Iterator
from typing import Final

from graphs.diagnostics import Diagnostic, Fix, Place, finding
from graphs.operations import SetLimit
from graphs.rules.subject import Subject
from graphs.topology import strong_components

STEPS: Final = 50
"""The limit the fix offers, in node runs."""


def check(subject: Subject) -> Iterator[Diagnostic]:
    if subject.document.limits.steps is not None:
        return
    for cycle in unbounded_cycles(subject):
        yield finding(
            "LIM101", f"the loop through {', '.join(cycle[:5])} has no limit",
            f"Put a Loop limit into it, or set the limit of steps, to {STEPS} say.", place=Place(node=cycle[0]),
            short="loop without a limit",
            fix=Fix(title=f"Stop after {STEPS} steps", ops=(SetLimit(key="steps", value=STEPS),)),
        )  # fmt: skip


def unbounded_cycles(subject: Subject) -> list[list[str]]:
    """The loops that remain when the nodes that bound a loop are taken out."""
    flow = subject.flow
    free = {id for id in flow.reachable if (spec := subject.specs.get(id)) is None or not spec.bounds_loop}
    successors = {id: [each for each in flow.successors[id] if each in free] for id in flow.nodes if id in free}
    return [each for each in strong_components(successors) if len(each) > 1 or each[0] in successors[each[0]]]
