"""control.route"""

import pytest

from nodes.conditions import ConditionError
from nodes.control.route import route
from tests.fakes import FakeContext, run_node

ROUTES = [{"name": "high", "when": "value > 8"}, {"name": "middle", "when": "value > 4"}]


@pytest.mark.parametrize(("value", "outcome"), [(9, "high"), (5, "middle"), (1, "otherwise")])
def test_first_true_condition_is_taken(value: int, outcome: str):
    """Routes are tried in order, and otherwise is the way where none holds."""
    result = run_node(route, {"value": value}, routes=ROUTES)
    assert result.outcome == outcome
    assert result.outputs == {"route": outcome}


def test_conditions_read_other_state_and_visit():
    """Beside value there are the second input, the state variables, and the number of the visit."""
    when = "other == 'x' && state.tries < 3 && visit == 2 && value"
    inputs = {"value": True, "other": "x", "state": {"tries": 1}}
    assert run_node(route, inputs, FakeContext(visit=2), routes=[{"name": "go", "when": when}]).outcome == "go"


def test_absent_other_is_null():
    """The second input may be left out and tested for."""
    assert run_node(route, {"value": 1}, routes=[{"name": "none", "when": "other == null"}]).outcome == "none"


def test_default_asks_for_true():
    """A route just dropped on the canvas leads a yes one way and all else the other."""
    assert run_node(route, {"value": True}).outcome == "yes"
    assert run_node(route, {"value": "no"}).outcome == "otherwise"


def test_a_condition_that_fails_is_an_error():
    """A typo in a name does not quietly lead otherwise."""
    with pytest.raises(ConditionError, match="Known are: other, state, value, visit"):
        run_node(route, {"value": 1}, routes=[{"name": "a", "when": "valu > 1"}])


@pytest.mark.parametrize(
    ("routes", "what"),
    [
        ([{"name": "a", "when": "value >"}], "line 1, column 8"),
        ([{"name": "a", "when": "true"}, {"name": "a", "when": "true"}], "two outcomes are named 'a'"),
        ([{"name": "otherwise", "when": "true"}], "'otherwise' is there already"),
        ([{"name": "error", "when": "true"}], "'error' is there already"),
        ([{"name": "Not ok", "when": "true"}], "pattern"),
        ([], "at least 1"),
    ],
)
def test_bad_routes_are_refused(routes: list[dict[str, str]], what: str):
    """Conditions that cannot be read and names that clash are refused before anything runs."""
    with pytest.raises(ValueError, match=what):
        route.config.model_validate({"routes": routes})
