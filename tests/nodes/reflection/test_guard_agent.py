"""reflection.guard_agent"""

from typing import Any

import pytest

from nodes.reflection.guard_agent import guard_agent
from tests.fakes import FakeContext, ScriptedModel, run_node

REVISE = {"verdict": "revise", "score": 2}
ACCEPT = {"verdict": "accept", "score": 9}


def step(visit: int, *answers: Any, **config: Any) -> tuple[Any, FakeContext]:
    ctx = FakeContext(visit=visit, at={"guard": [ScriptedModel(*answers)]})
    return run_node(guard_agent, {"value": "17 + 26 = 45", "task": "add"}, ctx, **config), ctx


def test_ordinary_steps_cost_nothing():
    """Between the critical ones the step passes as it is and no model is called."""
    for visit in (1, 2, 4):
        result, ctx = step(visit, every=3)
        assert result.outcome == "passed"
        assert result.outputs == {"value": "17 + 26 = 45", "advice": "", "called": False}
        assert ctx.views == []


def test_a_critical_step_is_corrected():
    """At every third visit the guard's own model looks, and sends the step back with advice."""
    result, ctx = step(3, "26 + 17 is 43.", REVISE, every=3)
    assert result.outcome == "corrected"
    assert result.outputs == {"value": "17 + 26 = 45", "advice": "26 + 17 is 43.", "called": True}
    assert ctx.model.calls == []
    assert ctx.views[-1]["versions"][0]["score"] == 2


def test_a_rule_calls_the_guard():
    """The condition decides on what is in the step; a good step passes."""
    result, _ = step(1, "Right.", ACCEPT, when="value.contains('=')", every=0)
    assert (result.outcome, result.outputs["called"]) == ("passed", True)
    assert step(3, when="visit > 3", every=0)[0].outputs["called"] is False


def test_the_guard_can_rewrite():
    """With rewrite the corrected value goes on, and both versions are shown."""
    result, ctx = step(3, "26 + 17 is 43.", REVISE, "17 + 26 = 43", rewrite=True)
    assert (result.outcome, result.outputs["value"]) == ("corrected", "17 + 26 = 43")
    assert [version["draft"] for version in ctx.views[-1]["versions"]] == ["17 + 26 = 45", "17 + 26 = 43"]


def test_corrections_are_bounded():
    """After the last visit that may send back the step passes, with the advice."""
    result, _ = step(4, "Wrong.", REVISE, every=1, max_visits=3)
    assert (result.outcome, result.outputs["advice"]) == ("passed", "Wrong.")
    assert guard_agent.bounds_loop


def test_without_a_model_of_its_own_the_nodes_is_asked():
    """The socket may stay empty; the criteria are a template."""
    model = ScriptedModel("Fine.", ACCEPT)
    inputs = {"value": "x", "unit": "km"}
    run_node(guard_agent, inputs, FakeContext(model=model), every=1, rubric="Is it in {{unit}}?")
    assert "Is it in km?" in model.calls[0].text


def test_a_condition_that_cannot_be_read_is_refused():
    """Before the run."""
    with pytest.raises(ValueError, match="line 1"):
        guard_agent.config.model_validate({"when": "value ="})
