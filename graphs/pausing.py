"""Which nodes wait for a person: they cannot stand in a workflow that runs inside a node."""

from collections.abc import Iterable
from typing import Final

from graphs.intermediate import Step

PAUSING: Final = frozenset({"control.ask", "control.approve", "control.choose", "control.edit", "planning.review_plan"})
"""The kinds that return a ``Pause``."""


def pausing_steps(steps: Iterable[Step]) -> list[Step]:
    """Those that wait for a person."""
    return [step for step in steps if step.spec.kind in PAUSING]
