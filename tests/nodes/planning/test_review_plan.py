"""planning.review_plan"""

from typing import Any

import pytest

from nodes.contract import NodeError, Pause
from nodes.planning.plan import new_plan
from nodes.planning.review_plan import review_plan
from nodes.planning.steps import new_step
from tests.fakes import FakeContext, run_node

GRAPH = {
    "goal": "Tea",
    "steps": [new_step("1", "Boil water", needs=[]), new_step("2", "Find a cup", needs=[], parent="x"),
              new_step("3", "Make tea", needs=["1", "2"])],
}  # fmt: skip
LINES = "1. Boil water\n2. Find a cup\n3. Make tea (needs 1, 2)"


def paused(plan: Any = GRAPH, visit: int = 1, **config: Any) -> tuple[Pause, FakeContext]:
    ctx = FakeContext(visit=visit)
    return run_node(review_plan, {"plan": plan}, ctx, **config), ctx


def answered(text: str, decision: str = "Approve", plan: Any = GRAPH, comment: str = "") -> Any:
    return paused(plan)[0].resume({"plan": text, "decision": decision, "comment": comment})


def test_the_plan_is_drawn_and_written_into_the_form():
    """The person sees the graph, and one step a line to edit."""
    pause, ctx = paused()
    assert isinstance(pause, Pause) and pause.form.title == "Review the plan: Tea"
    assert pause.form.fields[0]["default"] == LINES
    assert pause.form.fields[1]["choices"] == ["Approve", "Plan anew", "Reject"]
    assert ctx.views[-1]["steps"][2]["needs"] == ["1", "2"]


def test_an_unchanged_plan_goes_on_as_it_came():
    """What was not touched keeps all that is known of it, needs that were not written included."""
    route = answered(LINES)
    assert (route.outcome, route.outputs["changed"]) == ("approved", False)
    assert route.outputs["plan"] == GRAPH
    chain = new_plan("g", ["A", "B"])
    assert answered("1. A\n2. B (needs 1)", plan=chain).outputs == {"plan": chain, "comment": "", "changed": False}


def test_edits_are_taken_over():
    """Lines may be changed, added, moved and removed, and the graph follows."""
    route = answered("4: Wake up\n\n3. Make green tea (needs 1 4)\n1. Boil water")
    assert route.outputs["changed"] is True
    assert [(step["id"], step["title"], step["needs"]) for step in route.outputs["plan"]["steps"]] == [
        ("4", "Wake up", []), ("3", "Make green tea", ["1", "4"]), ("1", "Boil water", []),
    ]  # fmt: skip


def test_moved_lines_keep_what_they_wait_for():
    """In a list, a line moved to the front does not lose the step it came after."""
    route = answered("2. B (needs 1)\n1. A", plan=new_plan("g", ["A", "B"]))
    assert {step["id"]: step["needs"] for step in route.outputs["plan"]["steps"]} == {"2": ["1"], "1": []}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1. A (needs 2)\n2. B (needs 1)", "wait for each other"),
        ("1. A (needs 7)", "step 1 needs '7', which is no step"),
        ("1. A\n1. B", "two steps have the id '1'"),
        ("do it", "The line 'do it' is no step"),
        ("  ", "it has no steps"),
    ],
)
def test_an_edit_that_cannot_be_followed_is_refused(text: str, message: str):
    """Cycles, unknown needs, repeated ids and lines that are no steps are named."""
    with pytest.raises(NodeError, match=message):
        answered(text)


def test_other_decisions_leave_the_plan_alone():
    """Planning anew and rejecting carry the comment, and the edits do not count."""
    route = answered("nonsense", "Plan anew", comment=" shorter ")
    assert (route.outcome, route.outputs) == ("revise", {"plan": GRAPH, "comment": "shorter", "changed": False})
    assert answered("", "Reject").outcome == "rejected"
    with pytest.raises(NodeError, match="'maybe' is not one of the choices"):
        answered(LINES, "maybe")


def test_planning_anew_is_offered_so_often():
    """After the last revision only approving and rejecting are left."""
    pause, _ = paused(visit=2, max_revisions=1)
    assert pause.form.fields[1]["choices"] == ["Approve", "Reject"]
