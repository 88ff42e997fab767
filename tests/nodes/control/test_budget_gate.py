"""control.budget_gate"""

from typing import Any

import pytest

from nodes.control.budget_gate import budget_gate
from tests.fakes import FakeContext, run_node

SPENT: dict[str, float] = {"steps": 10, "seconds": 30.0, "tokens": 5_000, "usd": 0.2}


def gate(value: Any = None, **config: Any) -> Any:
    inputs = {} if value is None else {"value": value}
    return run_node(budget_gate, inputs, FakeContext(spent=dict(SPENT)), **{"tokens": None, **config})


@pytest.mark.parametrize(
    ("limits", "outcome", "left"),
    [
        ({"tokens": 20_000}, "within", 0.75), ({"tokens": 5_000}, "over", 0), ({"usd": 0.1}, "over", 0),
        ({"usd": 1}, "within", 0.8), ({"seconds": 60, "steps": 100}, "within", 0.5), ({"steps": 5}, "over", 0),
        ({}, "within", 1),
    ],
)  # fmt: skip
def test_the_tightest_limit_decides(limits: dict[str, float], outcome: str, left: float):
    """Any limit that is met is over, and the smallest share left is told."""
    result = gate(**limits)
    assert (result.outcome, result.outputs["left"], result.outputs["spent"]) == (outcome, left, SPENT)


def test_condition_over_what_was_spent():
    """CEL can weigh what was spent against a value."""
    assert gate(20.0, over_when="spent.seconds > value").outcome == "over"
    assert gate(40.0, over_when="spent.seconds > value").outcome == "within"
