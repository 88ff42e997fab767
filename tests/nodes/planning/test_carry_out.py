"""Doing one step, and showing it."""

from nodes.planning.execute import execute
from nodes.planning.plan import new_plan, plan
from tests.fakes import FakeContext, FakeSubworkflow, ScriptedModel, run_node


def test_an_attached_part_does_the_steps():
    """A sub-workflow at ``act`` is given goal, step and results, and no model does the step."""
    part = FakeSubworkflow(lambda given: {"result": given["step"].upper()})
    ctx = FakeContext(model=ScriptedModel("the end"), parts={"act": part})
    out = run_node(execute, {"plan": new_plan("g", ["a", "b"]), "context": "c"}, ctx)
    assert out["answer"] == "the end"
    assert part.inputs[1] == {"goal": "g", "step": "b", "done": "1. a: A", "context": "c"}


def test_progress_of_a_plan_is_shown():
    """The view fills in: each step runs before it is done."""
    ctx = FakeContext(model=ScriptedModel("A", "B", "end"))
    run_node(execute, {"plan": new_plan("g", ["a", "b"])}, ctx)
    seen = [[step["status"] for step in view["steps"]] for view in ctx.views]
    assert seen == [["running", "open"], ["done", "running"], ["done", "done"]]


def test_a_failure_is_shown_before_the_new_plan():
    """The step that could not be done is seen as failed."""
    ctx = FakeContext(model=ScriptedModel("CANNOT: no", {"steps": ["b"]}, "B", "end"))
    run_node(execute, {"plan": new_plan("g", ["a"])}, ctx)
    assert ["failed"] in [[step["status"] for step in view["steps"]] for view in ctx.views]


def test_a_new_plan_is_shown():
    """The planner shows what it planned."""
    ctx = FakeContext(model=ScriptedModel({"steps": ["a"]}))
    run_node(plan, {"goal": "g"}, ctx)
    assert ctx.views[-1]["type"] == "plan" and ctx.views[-1]["steps"][0]["title"] == "a"
