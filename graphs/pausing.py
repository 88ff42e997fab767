"""Which nodes wait for a person: themselves, or because a tool call of theirs has to be allowed."""

from collections.abc import Iterable, Sequence
from typing import Final

from graphs.intermediate import Resource, Step

PAUSING: Final = frozenset({"control.ask", "control.approve", "control.choose", "control.edit", "planning.review_plan"})
"""The kinds that return a ``Pause``: they cannot stand in a workflow that runs inside a node."""
ASKING: Final = frozenset({"guards.approval"})
"""The policies whose decision may be left to a person."""


def pausing_steps(steps: Iterable[Step]) -> list[Step]:
    """Those that wait for a person."""
    return [step for step in steps if step.spec.kind in PAUSING]


def may_ask(step: Step) -> bool:
    """Whether a tool call below the node may have to wait for a person: in it, its roles or its sub-workflows."""
    return _any_asks(step.resources)


def _any_asks(resources: Sequence[Resource]) -> bool:
    return any(
        each.spec.kind in ASKING
        or _any_asks(each.resources)
        or (each.body is not None and any(may_ask(step) for step in each.body.steps.values()))
        for each in resources
    )
