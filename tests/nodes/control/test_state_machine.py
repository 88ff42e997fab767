"""control.state_machine"""

from typing import Any

import pytest
from pydantic import ValidationError

from nodes.contract import NodeError
from nodes.control.state_machine import state_machine
from tests.fakes import FakeContext, run_node

CONFIG: dict[str, Any] = {
    "variable": "phase",
    "states": [{"name": "gather"}, {"name": "confirm"}, {"name": "act"}, {"name": "stopped"}],
    "transitions": [
        {"source": "gather", "target": "confirm", "when": "size(value) > 2"},
        {"source": "confirm", "target": "act", "when": "value == 'yes'"},
        {"source": "*", "target": "stopped", "when": "value == 'stop'"},
    ],
}


def step(phase: str | None, value: Any, ctx: FakeContext | None = None) -> Any:
    return run_node(state_machine, {"value": value, "state": {"phase": phase}}, ctx, **CONFIG)


def test_goes_through_its_states():
    """Each condition leads to the next state, which is written, given out and led on by."""
    phase: str | None = None
    for value, expected in [("a", "gather"), ("abc", "confirm"), ("no", "confirm"), ("yes", "act")]:
        result = step(phase, value)
        phase = result.outputs["state.phase"]
        assert (result.outcome, phase, result.outputs["phase"]) == (expected, expected, expected)


def test_transitions_from_anywhere():
    """A transition from * is there in every state; own ones are tried in the order they stand."""
    assert step("act", "stop").outputs["previous"] == "act"
    assert step("gather", "stop").outcome == "confirm"


def test_shows_the_machine():
    """The view marks the present state and draws a transition from * from each other state."""
    ctx = FakeContext()
    step("confirm", "yes", ctx)
    view = ctx.views[-1]
    assert [each["id"] for each in view["nodes"] if each["group"] == "now"] == ["act"]
    assert len(view["edges"]) == 5


def test_default_settings_work():
    """Dropped on the canvas it has two phases."""
    assert run_node(state_machine, {"value": False}).outcome == "working"
    assert run_node(state_machine, {"value": True}).outcome == "finished"


def test_foreign_value_of_the_variable():
    """A variable that something else has written is an error that names it."""
    with pytest.raises(NodeError, match="'elsewhere', which is no state"):
        step("elsewhere", "x")


def test_settings_are_checked():
    """Unknown states and equal names are refused."""
    with pytest.raises(ValidationError, match="no state 'nowhere'"):
        run_node(state_machine, {}, transitions=[{"source": "working", "target": "nowhere", "when": "true"}])
    with pytest.raises(ValidationError, match="two outcomes"):
        run_node(state_machine, {}, states=[{"name": "a"}, {"name": "a"}], transitions=[])
