"""planning.replan"""

from typing import Any

from nodes.planning.plan import new_plan
from nodes.planning.replan import replan
from tests.fakes import FakeContext, ScriptedModel, run_node

PLAN = new_plan("Visit Ann", ["Look up the train", "Buy a ticket", "Go"])


def revised(*steps: str, reached: bool = False) -> dict[str, Any]:
    return {"thought": "", "reached": reached, "steps": list(steps)}


def test_the_first_visit_begins_without_a_call():
    """Nothing has been seen yet, so nothing is revised."""
    route = run_node(replan, {"plan": PLAN}, FakeContext())
    assert (route.outcome, route.outputs["step"], route.outputs["changed"]) == ("next", "Look up the train", False)
    assert [step["status"] for step in route.outputs["plan"]["steps"]] == ["running", "open", "open"]


def test_an_observation_changes_the_rest():
    """Trains do not run: what is left of the plan is replaced, what was done stays."""
    ctx = FakeContext(model=ScriptedModel(revised("1. Find a bus", "Go")))
    running = run_node(replan, {"plan": PLAN}, FakeContext()).outputs["plan"]
    route = run_node(replan, {"plan": running, "observation": "no trains today", "context": "Sunday"}, ctx)
    assert (route.outputs["step"], route.outputs["changed"]) == ("Find a bus", True)
    assert [(step["id"], step["title"], step["status"]) for step in route.outputs["plan"]["steps"]] == [
        ("1", "Look up the train", "done"), ("2", "Find a bus", "running"), ("3", "Go", "open"),
    ]  # fmt: skip
    assert route.outputs["results"] == "1. Look up the train: no trains today"
    assert "- Buy a ticket\n- Go" in ctx.model.calls[0].text and "Sunday" in ctx.model.calls[0].text


def test_a_plan_that_is_still_right_is_kept():
    """The same steps again are no change."""
    running = run_node(replan, {"plan": PLAN}, FakeContext()).outputs["plan"]
    ctx = FakeContext(model=ScriptedModel(revised("Buy a ticket", "Go")))
    route = run_node(replan, {"plan": running, "observation": "at 9"}, ctx)
    assert (route.outcome, route.outputs["changed"]) == ("next", False)


def test_it_ends_when_the_goal_is_reached():
    """The model may end it before all steps are done."""
    running = run_node(replan, {"plan": PLAN}, FakeContext()).outputs["plan"]
    ctx = FakeContext(model=ScriptedModel(revised("Go", reached=True)))
    route = run_node(replan, {"plan": running, "observation": "Ann is here already"}, ctx)
    assert (route.outcome, route.outputs["step"]) == ("done", "")
    assert [step["status"] for step in route.outputs["plan"]["steps"]] == ["done"]


def test_it_gives_up_when_the_steps_are_spent():
    """At the bound what is left is skipped, and no model is asked."""
    running = run_node(replan, {"plan": PLAN}, FakeContext()).outputs["plan"]
    route = run_node(replan, {"plan": running, "observation": "at 9"}, FakeContext(), max_steps=1)
    assert route.outcome == "exhausted"
    assert [step["status"] for step in route.outputs["plan"]["steps"]] == ["done", "skipped", "skipped"]


def test_no_step_and_no_goal_is_asked_again_and_then_given_up():
    """They contradict each other: the second answer counts, and where it says the same, the rest is skipped."""
    running = run_node(replan, {"plan": PLAN}, FakeContext()).outputs["plan"]
    model = ScriptedModel(revised(), revised("Walk"))
    again = run_node(replan, {"plan": running, "observation": "x"}, FakeContext(model=model))
    assert (again.outcome, again.outputs["step"]) == ("next", "Walk")
    assert "the goal is not reached" in model.calls[1].text
    lost = FakeContext(model=ScriptedModel(revised(), revised()))
    route = run_node(replan, {"plan": running, "observation": "x"}, lost)
    assert route.outcome == "exhausted"
    assert [step["status"] for step in route.outputs["plan"]["steps"]] == ["done", "skipped", "skipped"]
