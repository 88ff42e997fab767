"""planning.plan_next"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.planning.plan_next import plan_next
from tests.fakes import FakeContext, FakeTool, ScriptedModel, run_node


def said(text: str, *, reached: bool = False) -> dict[str, Any]:
    return {"thought": "", "reached": reached, "text": text}


def test_each_step_is_planned_from_what_came_before():
    """The loop: a step is named, its result comes back, the next is planned from it, then the answer."""
    model = ScriptedModel(said("Find the price"), said("Add the tax"), said("It costs 22", reached=True))
    first = run_node(plan_next, {"goal": "Cost?"}, FakeContext(model=model, tools=[FakeTool("prices")]))
    assert (first.outcome, first.outputs["step"]) == ("next", "Find the price")
    assert "prices: a fake tool" in model.calls[0].text
    again = {"goal": "Cost?", "plan": first.outputs["plan"], "result": 20, "context": "tax is 10 %"}
    second = run_node(plan_next, again, FakeContext(model=model))
    assert second.outputs["step"] == "Add the tax"
    assert "1. Find the price: 20" in model.calls[1].text and "tax is 10 %" in model.calls[1].text
    last = {"goal": "Cost?", "plan": second.outputs["plan"], "result": "CANNOT: no calculator"}
    end = run_node(plan_next, last, FakeContext(model=model))
    assert (end.outcome, end.outputs["answer"], end.outputs["step"]) == ("done", "It costs 22", "")
    assert [(step["status"], step["result"]) for step in end.outputs["plan"]["steps"]] == [
        ("done", "20"), ("failed", "no calculator"),
    ]  # fmt: skip


def test_it_gives_up_after_the_last_step():
    """With all steps spent no model is asked."""
    plan = {"goal": "g", "steps": [{"id": "1", "title": "A", "status": "running", "result": None}]}
    route = run_node(plan_next, {"goal": "g", "plan": plan}, FakeContext(), max_steps=1)
    assert route.outcome == "exhausted"
    assert route.outputs["plan"]["steps"][0] == {"id": "1", "title": "A", "status": "failed",
                                                 "result": "nothing came back"}  # fmt: skip


@pytest.mark.parametrize(
    "plan",
    [
        {"goal": "another", "steps": [{"id": "1", "title": "A", "status": "running", "result": None}]},
        {"goal": "g", "steps": [{"id": "1", "title": "A", "status": "done", "result": "a"}]},
    ],
)
def test_a_plan_of_another_loop_is_left_alone(plan: dict[str, Any]):
    """A plan for another goal, or one that has ended, does not count: it begins afresh."""
    route = run_node(plan_next, {"goal": "g", "plan": plan}, FakeContext(model=ScriptedModel(said("B"))), max_steps=1)
    assert [step["title"] for step in route.outputs["plan"]["steps"]] == ["B"]


def test_no_goal_is_an_error():
    """An empty goal is said."""
    with pytest.raises(NodeError, match="goal is empty"):
        run_node(plan_next, {"goal": " "})


def test_no_step_is_asked_again_and_then_given_up():
    """An answer that names nothing is asked for once more; the second time it is the end."""
    model = ScriptedModel(said(" "), said("Look"))
    assert run_node(plan_next, {"goal": "g"}, FakeContext(model=model)).outputs["step"] == "Look"
    assert "No step is named" in model.calls[1].text
    route = run_node(plan_next, {"goal": "g"}, FakeContext(model=ScriptedModel(said(" "), said(" "))))
    assert (route.outcome, route.outputs["step"]) == ("exhausted", "")
