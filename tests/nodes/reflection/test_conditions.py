"""reflection.conditions"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.reflection.conditions import conditions
from tests.fakes import FakeContext, FakeSubworkflow, run_node


def acting(*results: Any) -> tuple[FakeContext, FakeSubworkflow]:
    left = list(results)
    step = FakeSubworkflow(lambda inputs: {"value": left.pop(0)})
    return FakeContext(parts={"act": step}), step


BOUNDS = {"before": ["before.total >= 0"], "after": ["after.total == before.total", "size(after.items) > 0"]}


def test_what_spoils_the_value_is_rolled_back():
    """When no try holds, the value kept before goes on, with what failed."""
    ctx, step = acting({"total": 4, "items": []}, {"total": 5, "items": []})
    before = {"total": 5, "items": [1]}
    result = run_node(conditions, {"before": before}, ctx, **BOUNDS, variables=["stable"])
    assert result.outcome == "rolled_back"
    assert result.outputs["value"] == result.outputs["state.stable"] == before
    assert result.outputs["report"] == "- size(after.items) > 0 is false" and result.outputs["tries"] == 2
    assert step.inputs[1] == {"value": before, "report": (
        "- after.total == before.total is false\n- size(after.items) > 0 is false"
    )}  # fmt: skip
    assert len(ctx.views[-1]["versions"]) == 3


def test_a_try_that_holds_goes_on():
    """Each try starts from the value kept before; the first that holds stands."""
    good = {"total": 5, "items": [2]}
    ctx, step = acting({"total": 0, "items": []}, good)
    result = run_node(conditions, {"before": {"total": 5, "items": [1]}}, ctx, **BOUNDS)
    assert (result.outcome, result.outputs["value"], result.outputs["tries"]) == ("held", good, 2)
    assert step.inputs[0]["report"] == ""


def test_the_step_is_not_run_when_it_is_not_time():
    """A pre-condition that fails keeps the step from running at all."""
    ctx, step = acting()
    result = run_node(conditions, {"before": {"total": -1}}, ctx, **BOUNDS)
    assert (result.outcome, result.outputs["tries"]) == ("not_ready", 0)
    assert "before.total >= 0" in result.outputs["report"] and step.inputs == []


def test_the_value_may_come_from_an_earlier_node():
    """Without a sub-workflow the wired value is held against the conditions once."""
    assert run_node(conditions, {"before": 1, "after": 2}).outcome == "held"
    same = run_node(conditions, {"before": 1, "after": 1})
    assert same.outcome == "rolled_back" and same.outputs["value"] == 1
    with pytest.raises(NodeError, match="No step is attached at 'act'"):
        run_node(conditions, {"before": 1})


def test_state_and_visit_can_be_read():
    """Conditions see the state variables and which visit it is."""
    result = run_node(
        conditions, {"before": 1, "after": 1, "state": {"limit": 3}}, FakeContext(visit=2),
        before=["visit < state.limit"], after=[],
    )  # fmt: skip
    assert result.outcome == "held"


def test_a_condition_that_cannot_be_read_is_refused():
    """Before the run."""
    with pytest.raises(ValueError, match="line 1"):
        conditions.config.model_validate({"after": ["after >"]})
