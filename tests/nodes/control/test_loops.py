"""control.for_each and control.loop_limit"""

import pytest

from nodes.contract import FanOut, NodeError
from nodes.control.for_each import for_each
from nodes.control.loop_limit import loop_limit
from tests.fakes import FakeContext, run_node


def test_for_each_hands_over_the_items():
    """The engine gets the items in order, and how to work through them."""
    result = run_node(for_each, {"items": ["a", "b"]}, parallel=2, on_error="skip")
    assert result == FanOut(["a", "b"], parallel=2, on_error="skip")


def test_for_each_refuses_too_many():
    """A list over the bound is an error that says both numbers, and is not cut in silence."""
    with pytest.raises(NodeError, match="3 items, and this node takes at most 2"):
        run_node(for_each, {"items": [1, 2, 3]}, max_items=2)


@pytest.mark.parametrize(("visit", "outcome"), [(1, "again"), (2, "again"), (3, "exhausted"), (9, "exhausted")])
def test_loop_limit_counts_turns(visit: int, outcome: str):
    """As many turns as allowed lead again, every later one out."""
    result = run_node(loop_limit, {}, FakeContext(visit=visit), max_turns=2)
    assert (result.outcome, result.outputs) == (outcome, {"turn": visit})
    assert loop_limit.bounds_loop
