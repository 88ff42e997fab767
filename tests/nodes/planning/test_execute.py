"""planning.execute"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.planning.execute import execute
from nodes.planning.plan import new_plan
from tests.fakes import FakeContext, FakeTool, ScriptedModel, ToolCall, run_node

PLAN = new_plan("Cost with tax", ["Find the price", "Add 10 % tax"])


def test_each_step_sees_the_results_so_far():
    """Steps are done in order, later ones knowing earlier results, and the answer is written from them."""
    model = ScriptedModel("20", "22", "It costs 22.")
    ctx = FakeContext(model=model)
    out = run_node(execute, {"plan": PLAN, "context": "net price is 20"}, ctx)
    assert out["answer"] == "It costs 22."
    assert [(step["status"], step["result"]) for step in out["plan"]["steps"]] == [("done", "20"), ("done", "22")]
    assert "nothing yet" in model.calls[0].text and "net price is 20" in model.calls[0].text
    assert "1. Find the price: 20" in model.calls[1].text
    assert "2. Add 10 % tax: 22" in model.calls[2].text
    assert ctx.lines == ["step 1: Find the price", "step 2: Add 10 % tax"]


def test_the_plan_wired_in_is_not_changed():
    """Values on ports are never mutated."""
    before = new_plan("Cost with tax", ["Find the price", "Add 10 % tax"])
    run_node(execute, {"plan": PLAN}, FakeContext(model=ScriptedModel("20", "22", "x")))
    assert before == PLAN


def test_steps_use_tools():
    """With tools attached each step is an agent's turn."""
    tool = FakeTool("calculator", "22")
    model = ScriptedModel("20", ToolCall("calculator", {"q": "20*1.1"}), "22", "22 it is")
    out = run_node(execute, {"plan": PLAN}, FakeContext(model=model, tools=[tool]))
    assert tool.calls == [{"q": "20*1.1"}]
    assert out["plan"]["steps"][1]["result"] == "22"


def test_done_steps_are_kept():
    """A plan worked through in part goes on where it was."""
    steps = [{**PLAN["steps"][0], "status": "done", "result": "20"}, PLAN["steps"][1]]
    model = ScriptedModel("22", "22 it is")
    run_node(execute, {"plan": {"goal": "g", "steps": steps}}, FakeContext(model=model))
    assert "1. Find the price: 20" in model.calls[0].text


def test_a_failed_step_makes_a_new_plan():
    """After a step that cannot be done, the rest is planned anew, told what failed and why."""
    model = ScriptedModel("CANNOT: no price list", {"steps": ["Guess the price"]}, "25", "About 25.")
    ctx = FakeContext(model=model)
    out = run_node(execute, {"plan": PLAN}, ctx)
    assert [(step["id"], step["title"], step["status"]) for step in out["plan"]["steps"]] == [
        ("1", "Find the price", "failed"),
        ("2", "Guess the price", "done"),
    ]
    assert "This step could not be done: Find the price\nWhy: no price list" in model.calls[1].text
    assert "could not be done: no price list" in model.calls[3].text
    assert any("planning the rest anew (1 of 1)" in line for line in ctx.lines)


def test_out_of_plans_is_an_error():
    """When no new plan is left, the node fails, naming step and reason."""
    with pytest.raises(NodeError, match=r"Step 1 \('Find the price'\) could not be done: no list"):
        run_node(execute, {"plan": PLAN}, FakeContext(model=ScriptedModel("cannot: no list")), max_replans=0)


def test_silence_is_a_failed_step():
    """An agent without an answer has not done its step."""
    tool = FakeTool("calculator", "22")
    call: Any = ToolCall("calculator", {"q": "1"})
    ctx = FakeContext(model=ScriptedModel(call, call), tools=[tool])
    with pytest.raises(NodeError, match="no answer after 1 tool calls"):
        run_node(execute, {"plan": PLAN}, ctx, max_replans=0)
    with pytest.raises(NodeError, match="no answer"):
        run_node(execute, {"plan": PLAN}, FakeContext(model=ScriptedModel("  ")), max_replans=0)


def test_steps_are_bounded():
    """A plan longer than allowed stops with an error before it is paid for."""
    with pytest.raises(NodeError, match="1 steps were tried"):
        run_node(execute, {"plan": PLAN}, FakeContext(model=ScriptedModel("20")), max_steps=1)
