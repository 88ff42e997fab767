"""LIM102 loop-without-budget: a workflow with a loop has no limits at all.

Its loops are bounded, but the cost of a run is anybody's guess. A limit stops a run where it can be
resumed from.

Wrong: a Critique loop without ``limits``
Right: ``limits: {steps: 40, tokens: 20000}``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Fix, finding
from graphs.document import Limits
from graphs.operations import SetLimit
from graphs.rules.loop_without_limit import STEPS, unbounded_cycles
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    cycles = [each for each in subject.flow.cycles if each[0] in subject.flow.reachable]
    if cycles and subject.document.limits == Limits() and not unbounded_cycles(subject):
        yield finding(
            "LIM102", f"the workflow loops through {', '.join(cycles[0][:5])} and has no limits",
            "Set a limit of steps, seconds, tokens or dollars.", short="no limits",
            fix=Fix(title=f"Stop after {STEPS} steps", ops=(SetLimit(key="steps", value=STEPS),)),
        )  # fmt: skip
