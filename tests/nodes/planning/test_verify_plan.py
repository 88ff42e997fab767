"""planning.verify_plan"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.planning.plan import new_plan
from nodes.planning.steps import new_step
from nodes.planning.verify_plan import verify_plan
from tests.fakes import FakeContext, ModelCall, ScriptedModel, run_node

PLAN = new_plan("Visit", ["Meet Ann at 10", "Leave at 11"])


def judge(call: ModelCall) -> dict[str, Any]:
    """Nine is broken, everything else is kept."""
    return {"reason": "it says 10" if "at 9" in call.text else "fine", "kept": "at 9" not in call.text}


def test_a_broken_constraint_is_found_among_kept_ones():
    """Each constraint is judged by itself, and the feedback names the broken one with the reason."""
    ctx = FakeContext(model=ScriptedModel(judge, judge, judge))
    wired = {"plan": PLAN, "constraints": ["Leave by noon", "Meet Ann at 9", " ", "No taxi"], "problem": "A visit"}
    route = run_node(verify_plan, wired, ctx)
    assert route.outcome == "failed"
    assert route.outputs["feedback"] == "- Meet Ann at 9: it says 10"
    assert route.outputs["broken"] == ["Meet Ann at 9"]
    assert route.outputs["score"] == pytest.approx(2 / 3)
    assert all("1. Meet Ann at 10" in call.text and "A visit" in call.text for call in ctx.model.calls)
    assert [row[1] for row in ctx.views[-1]["rows"]] == [True, False, True]


def test_kept_constraints_pass():
    """With all kept there is nothing to say."""
    route = run_node(verify_plan, {"plan": "Leave at 11", "constraints": ["Leave by noon"]},
                     FakeContext(model=ScriptedModel(judge)))  # fmt: skip
    assert (route.outcome, route.outputs) == ("passed", {"feedback": "", "broken": [], "score": 1.0})


def test_exact_constraints_ask_no_model():
    """A condition over the steps is checked by rule."""
    exact = [
        {"says": "At most one step", "when": "size(steps) <= 1"},
        {"says": "Ann is met", "when": "text.contains('Ann')"},
    ]
    route = run_node(verify_plan, {"plan": PLAN}, FakeContext(), exact=exact)
    assert (route.outcome, route.outputs["broken"], route.outputs["score"]) == ("failed", ["At most one step"], 0.5)


def test_a_plan_that_cannot_be_followed_never_passes():
    """Steps that wait for each other break the plan whatever else is kept."""
    plan = {"goal": "g", "steps": [new_step("1", "A", needs=["1"])]}
    route = run_node(verify_plan, {"plan": plan, "constraints": ["c"]}, FakeContext(model=ScriptedModel(judge)))
    assert route.outcome == "failed" and "wait for each other" in route.outputs["feedback"]


def test_sent_back_often_enough_it_is_exhausted():
    """After the last revision a failing plan leads on by another way than a good one."""
    ctx = FakeContext(model=ScriptedModel(judge), visit=3)
    assert run_node(verify_plan, {"plan": PLAN, "constraints": ["at 9"]}, ctx, max_revisions=2).outcome == "exhausted"


def test_nothing_to_check_is_an_error():
    """Without plan or constraints nothing could fail, so nothing may pass."""
    with pytest.raises(NodeError, match="plan is empty"):
        run_node(verify_plan, {"plan": " "})
    with pytest.raises(NodeError, match="no constraint to check"):
        run_node(verify_plan, {"plan": PLAN, "constraints": []})
    with pytest.raises(ValueError, match="when"):
        run_node(verify_plan, {"plan": PLAN}, exact=[{"says": "x", "when": "size("}])
