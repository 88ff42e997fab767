"""planning.plan"""

import pytest

from nodes.contract import NodeError
from nodes.planning.plan import plan
from nodes.types import conforms
from tests.fakes import FakeContext, FakeTool, ScriptedModel, run_node


def test_steps_are_numbered_and_open():
    """The model's steps become a plan of the goal and a numbered text."""
    model = ScriptedModel({"steps": ["Find the price", " Add the tax "]})
    out = run_node(plan, {"goal": "What does it cost?"}, FakeContext(model=model))
    assert out["steps"] == "1. Find the price\n2. Add the tax"
    assert out["plan"] == {
        "goal": "What does it cost?",
        "steps": [
            {"id": "1", "title": "Find the price", "status": "open", "result": None},
            {"id": "2", "title": "Add the tax", "status": "open", "result": None},
        ],
    }
    assert conforms(out["plan"], "plan")


def test_numbers_the_model_wrote_are_dropped():
    """A plan is numbered once, though small models number its steps themselves."""
    model = ScriptedModel({"steps": ["1. Find the price", "Step 2: Add the tax", "3 apples are left"]})
    assert run_node(plan, {"goal": "g"}, FakeContext(model=model))["steps"] == (
        "1. Find the price\n2. Add the tax\n3. 3 apples are left"
    )


def test_planner_knows_tools_context_and_advice():
    """Tools, what is known, and the designer's advice stand in the prompt; no tool is called."""
    model = ScriptedModel({"steps": ["a"]})
    tool = FakeTool("calculator", description="sums")
    ctx = FakeContext(model=model, tools=[tool])
    inputs = {"goal": "g", "context": [{"text": "prices are net"}], "tone": "brief"}
    run_node(plan, inputs, ctx, advice="Be {{tone}}.", max_steps=3)
    sent = model.calls[0].text
    for part in ("- calculator: sums", "- prices are net", "Be brief.", "at most 3", "Goal: g"):
        assert part in sent
    assert tool.calls == []
    assert model.calls[0].schema is not None
    assert model.calls[0].schema.model_json_schema()["properties"]["steps"]["maxItems"] == 3


def test_a_long_plan_is_cut():
    """More steps than allowed are cut, not refused."""
    model = ScriptedModel({"steps": ["a", "", "b", "c"]})
    assert run_node(plan, {"goal": "g"}, FakeContext(model=model), max_steps=2)["steps"] == "1. a\n2. b"


def test_no_steps_and_no_goal_are_errors():
    """A plan without steps is no plan, and a goal is needed."""
    with pytest.raises(NodeError, match="without steps"):
        run_node(plan, {"goal": "g"}, FakeContext(model=ScriptedModel({"steps": [" "]})))
    with pytest.raises(NodeError, match="goal is empty"):
        run_node(plan, {"goal": "  "})
