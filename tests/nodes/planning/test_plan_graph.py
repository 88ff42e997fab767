"""planning.plan_graph"""

import pytest

from nodes.contract import NodeError
from nodes.planning.plan_graph import plan_graph
from nodes.types import conforms
from tests.fakes import FakeContext, FakeTool, ScriptedModel, run_node

TEA = {"steps": [{"title": "1. Boil water", "needs": []}, {"title": "Find a cup", "needs": []},
                 {"title": "Make tea", "needs": [1, 2]}]}  # fmt: skip


def test_steps_say_what_they_need():
    """The model's numbers become ids, and independent steps need nothing."""
    ctx = FakeContext(model=ScriptedModel(TEA), tools=[FakeTool("kettle")])
    out = run_node(plan_graph, {"goal": "Tea", "context": "the kettle is full"}, ctx)
    assert [(step["id"], step["title"], step["needs"]) for step in out["plan"]["steps"]] == [
        ("1", "Boil water", []), ("2", "Find a cup", []), ("3", "Make tea", ["1", "2"]),
    ]  # fmt: skip
    assert out["steps"] == "1. Boil water\n2. Find a cup\n3. Make tea (needs 1, 2)"
    assert conforms(out["plan"], "plan") and ctx.views[-1]["steps"][2]["needs"] == ["1", "2"]
    assert "the kettle is full" in ctx.model.calls[0].text and "kettle: a fake tool" in ctx.model.calls[0].text


def test_a_cycle_is_sent_back_once():
    """A plan that waits for itself is asked for again, with the fault named."""
    cycle = {"steps": [{"title": "A", "needs": [2]}, {"title": "B", "needs": [1]}]}
    ctx = FakeContext(model=ScriptedModel(cycle, TEA))
    assert len(run_node(plan_graph, {"goal": "Tea"}, ctx)["plan"]["steps"]) == 3
    assert "wait for each other" in ctx.model.calls[1].text


def test_twice_faulty_keeps_needs_of_earlier_steps():
    """Needs of the step itself, of a later one or of none are left out of the second plan, and it is told."""
    steps = [{"title": "A", "needs": [1, 7]}, {"title": "B", "needs": [1, 3]}, {"title": "C", "needs": [2, 3]}]
    faulty = {"steps": steps}
    ctx = FakeContext(model=ScriptedModel(faulty, faulty))
    out = run_node(plan_graph, {"goal": "Tea"}, ctx)
    assert [step["needs"] for step in out["plan"]["steps"]] == [[], ["1"], ["2"]]
    assert "left out" in ctx.lines[-1] and "'7'" in ctx.lines[-1]


def test_twice_without_steps_is_an_error():
    """A plan that no leaving out can mend ends the node, with what is wrong."""
    with pytest.raises(NodeError, match="it has no steps"):
        run_node(plan_graph, {"goal": "Tea"}, FakeContext(model=ScriptedModel({"steps": []}, {"steps": []})))


def test_a_longer_plan_is_cut():
    """Steps beyond the bound are left out."""
    ctx = FakeContext(model=ScriptedModel(TEA))
    steps = run_node(plan_graph, {"goal": "Tea"}, ctx, max_steps=2)["plan"]["steps"]
    assert [step["title"] for step in steps] == ["Boil water", "Find a cup"]


def test_an_empty_goal_is_refused():
    """There is nothing to plan."""
    with pytest.raises(NodeError, match="goal is empty"):
        run_node(plan_graph, {"goal": " "})
