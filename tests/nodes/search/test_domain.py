"""Proposing, acting, valuing and testing, attached or by the model."""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.search.best_first import best_first
from tests.fakes import FakeContext, FakeSubworkflow, ScriptedModel, run_node
from tests.nodes.search.maps import START, context


def test_nothing_attached_thinks_in_text():
    """The model proposes steps, each is written below the earlier ones, and its scores lead the search."""
    model = ScriptedModel(
        {"steps": ["Count the legs", "Guess"]}, {"reason": "right", "score": 8}, {"reason": "no", "score": 2},
        {"steps": ["Halve them: 4", "Halve them: 4", ""]}, {"reason": "done", "score": 10},
    )  # fmt: skip
    ctx = FakeContext(model=model)
    route = run_node(best_first, {"problem": "8 legs: how many hens?"}, ctx, width=2, parallel=1)
    assert route.outcome == "solved"
    assert route.outputs["best"] == "Count the legs\nHalve them: 4"
    assert route.outputs["actions"] == ["Count the legs", "Halve them: 4"]
    assert (route.outputs["value"], route.outputs["expanded"]) == (1.0, 2)
    assert "nothing yet" in model.calls[0].text and "Propose 2 different" in model.calls[0].text
    assert "Count the legs" in model.calls[3].text and "Mind:\nright" in model.calls[3].text


def test_attached_parts_do_it_all():
    """Each attached sub-workflow is given what its socket promises, and no model is asked."""
    parts = {
        "propose": FakeSubworkflow(lambda given: {"actions": ["double", "halve"]}),
        "act": FakeSubworkflow(
            lambda given: {"situation": given["situation"] * 2 if given["action"] == "double" else None,
                           "failed": "" if given["action"] == "double" else "odd"}
        ),
        "value": FakeSubworkflow(lambda given: {"value": min(given["situation"] / 8, 1), "feedback": "go on"}),
        "goal": FakeSubworkflow(lambda given: {"reached": given["situation"] == 8}),
    }  # fmt: skip
    ctx = FakeContext(parts=parts)
    route = run_node(best_first, {"problem": "Make 8", "situation": 1}, ctx)
    assert (route.outcome, route.outputs["best"], route.outputs["actions"]) == ("solved", 8, ["double"] * 3)
    assert parts["propose"].inputs[1] == {
        "problem": "Make 8", "situation": 2, "actions": ["double"], "count": 3, "feedback": "go on",
    }  # fmt: skip
    assert parts["act"].inputs[0] == {"problem": "Make 8", "situation": 1, "action": "double"}
    assert parts["value"].inputs[0] == {"problem": "Make 8", "situation": 2, "actions": ["double"]}
    assert [node["status"] for node in ctx.views[-1]["nodes"]].count("failed") == 3


@pytest.mark.parametrize(
    ("part", "gives", "message"),
    [
        ("propose", {"actions": "left"}, r"'propose' gave 'left' as 'actions'"),
        ("value", {"value": 7}, r"'value' gave 7 as 'value'"),
        ("value", {"value": True}, r"'value' gave True as 'value'"),
        ("value", {}, r"'value' gave None as 'value'"),
        ("goal", {"reached": "yes"}, r"'goal' gave 'yes' as 'reached'"),
    ],
)
def test_wrong_answers_of_parts_are_named(part: str, gives: dict[str, Any], message: str):
    """What a sub-workflow gave and what it should give is said."""
    with pytest.raises(NodeError, match=message) as caught:
        run_node(best_first, START, context(**{part: lambda given: gives}))
    assert caught.value.mend.startswith("It has to give")


def test_an_empty_problem_is_refused():
    """There is nothing to search for."""
    with pytest.raises(NodeError, match="problem is empty"):
        run_node(best_first, {"problem": "  "})


def test_a_part_that_fails_ends_the_search():
    """A failure of a sub-workflow is the node's failure, as it was raised."""

    def broken(given: dict[str, Any]) -> dict[str, Any]:
        raise NodeError("the judge is out", mend="call another")

    with pytest.raises(NodeError, match="the judge is out"):
        run_node(best_first, START, context(value=broken))


def test_a_malformed_goal_is_refused():
    """The condition is read before anything is paid for."""
    with pytest.raises(ValueError, match="goal"):
        run_node(best_first, START, goal="value => 1")


def test_the_goal_can_be_a_condition_over_the_situation():
    """No value of 1 is needed where the situation itself says that it is done."""
    route = run_node(best_first, START, context(), goal="situation == 'bridge' && depth == 2")
    assert route.outputs["actions"] == ["to high", "to bridge"]
