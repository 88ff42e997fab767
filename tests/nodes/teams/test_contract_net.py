"""teams.contract_net"""

from typing import Any

import pytest

from nodes.contract import AnswerError, NodeError
from nodes.teams.contract_net import contract_net
from tests.fakes import FakeContext, ScriptedModel, role, run_node

TAKEN, REFUSED = {"done": True}, {"done": False}


def bid(able: bool, confidence: int = 5, cost: int = 5) -> dict[str, Any]:
    return {"able": able, "confidence": confidence, "cost": cost}


def test_each_task_goes_to_the_best_bid():
    """Ann is surer and cheaper for sums, Bob for texts; both report, and the second bid knows the load."""
    ann = role("Ann", bid(True, 9, 2), "43", bid(True, 3, 8), skills="sums")
    bob = role("Bob", bid(True, 4, 2), bid(True, 9, 3), "A poem.")
    ctx = FakeContext(roles=[ann, bob], model=ScriptedModel(TAKEN, TAKEN))
    out = run_node(contract_net, {"goal": "g", "tasks": ["17+26", "a poem"]}, ctx)
    assert out.outcome == "done"
    assert [(each["member"], each["result"]) for each in out.outputs["reports"]] == [("Ann", "43"), ("Bob", "A poem.")]
    assert "You have 1 task(s) already" in ann.model.calls[2].text  # type: ignore[attr-defined]
    assert "17+26: 43" in bob.model.calls[2].text  # type: ignore[attr-defined]
    assert [each["awarded"] for each in out.outputs["bids"]] == [True, False, False, True]
    assert out.outputs["bids"][0]["worth"] == pytest.approx(0.7 * 0.9 + 0.3 * 8 / 9, abs=1e-4)
    assert ctx.views[-1]["title"] == "Bids" and len(ctx.views[-1]["rows"]) == 4


def test_cheapness_may_count_alone():
    """With no weight on confidence the cheapest bid wins."""
    ann, bob = role("Ann", bid(True, 10, 9)), role("Bob", bid(True, 1, 1), "done")
    ctx = FakeContext(roles=[ann, bob], model=ScriptedModel(TAKEN))
    out = run_node(contract_net, {"goal": "g"}, ctx, weight=0)
    assert out.outputs["reports"][0]["member"] == "Bob"


def test_a_contractor_that_fails_loses_the_task_to_the_next():
    """The best bid cannot do it after all, as the manager finds in its report; the second best does."""
    ann, bob = role("Ann", bid(True, 10, 1), "I cannot."), role("Bob", bid(True, 5, 5), "7")
    model = ScriptedModel(REFUSED, TAKEN)
    out = run_node(contract_net, {"goal": "g"}, FakeContext(roles=[ann, bob], model=model))
    assert "I cannot." in model.calls[0].text
    assert out.outputs["reports"][0] == {"task": "g", "member": "Bob", "result": "7"}
    assert all(each["awarded"] for each in out.outputs["bids"])


def test_a_task_nobody_does_is_said():
    """Who is not able, or cannot fill the form, declines; who fails as the last leaves the task undone."""
    ann, bob = role("Ann", bid(False)), role("Bob", AnswerError("no", text=""), AnswerError("no", text=""))
    out = run_node(contract_net, {"goal": "g"}, FakeContext(roles=[ann, bob]))
    assert out.outcome == "unassigned" and out.outputs["answer"] == "g\nNot done: nobody bid for it"
    failing = role("Ann", bid(True), "too hard")
    out = run_node(contract_net, {"goal": "g"}, FakeContext(roles=[failing], model=ScriptedModel(REFUSED)))
    assert out.outputs["reports"][0] == {"task": "g", "member": "", "result": "Not done: too hard"}
    silent = role("Ann", bid(True), "")
    out = run_node(contract_net, {"goal": "g"}, FakeContext(roles=[silent]))
    assert out.outputs["reports"][0]["result"] == "Not done: no result"


def test_tasks_are_bounded():
    """No task, and more than the settings allow, are errors."""
    with pytest.raises(NodeError, match="no task to announce"):
        run_node(contract_net, {"goal": " "})
    with pytest.raises(NodeError, match="3 tasks are wired, and 'Tasks' is 2"):
        run_node(contract_net, {"goal": "g", "tasks": ["a", "b", "c"]}, max_tasks=2)
