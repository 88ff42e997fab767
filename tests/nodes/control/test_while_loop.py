"""control.while"""

import pytest

from nodes.conditions import ConditionError
from nodes.control.while_loop import while_loop
from tests.fakes import FakeContext, run_node


def test_turns_while_it_holds():
    """True leads back, false leads on; turn and state can be read."""
    assert run_node(while_loop, {"value": 3}, condition="value < 5").outcome == "again"
    assert run_node(while_loop, {"value": 5}, condition="value < 5").outcome == "done"
    ctx = FakeContext(visit=2)
    result = run_node(while_loop, {"state": {"n": 2}}, ctx, condition="state.n == turn")
    assert (result.outcome, result.outputs) == ("again", {"turn": 2})


def test_before_the_first_turn_the_value_is_null():
    """A loop tested at its head has no value yet, and turns."""
    assert run_node(while_loop, {}).outcome == "again"


def test_turns_are_bounded():
    """A condition that never becomes false ends by exhausted, a false one by done even then."""
    assert run_node(while_loop, {}, FakeContext(visit=3), condition="true", max_turns=3).outcome == "again"
    assert run_node(while_loop, {}, FakeContext(visit=4), condition="true", max_turns=3).outcome == "exhausted"
    assert run_node(while_loop, {}, FakeContext(visit=4), condition="false", max_turns=3).outcome == "done"


def test_a_number_is_no_condition():
    """A value that is neither true nor false is an error."""
    with pytest.raises(ConditionError, match="neither true nor false"):
        run_node(while_loop, {"value": 3}, condition="value")
