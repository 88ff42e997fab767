"""teams.supervisor"""

import pytest

from nodes.contract import NodeError
from nodes.teams.supervisor import supervisor
from tests.fakes import FakeContext, ScriptedModel, role, run_node


def order(to: str, instruction: str = "") -> dict[str, str]:
    return {"reason": "r", "to": to, "instruction": instruction}


def test_results_come_back_to_the_supervisor_which_ends_it():
    """Two pieces are given out; the second order is made knowing the first result; then it finishes."""
    ann, bob = role("Ann", "It costs 20."), role("Bob", "Dear friend, it costs 20.")
    model = ScriptedModel(
        order("Ann", "Find the price"), order("Bob", "Write the letter"), order("finish"), "The letter."
    )
    ctx = FakeContext(roles=[ann, bob], model=model)
    out = run_node(supervisor, {"task": "Write what it costs"}, ctx)
    assert out["answer"] == "The letter."
    assert [(each["member"], each["result"]) for each in out["delegations"]] == [
        ("Ann", "It costs 20."), ("Bob", "Dear friend, it costs 20."),
    ]  # fmt: skip
    assert "It costs 20." in model.calls[1].text and "It costs 20." in bob.model.calls[0].text  # type: ignore[attr-defined]
    assert [message["to"] for message in ctx.views[-1]["messages"]] == ["Ann", "supervisor", "Bob", "supervisor"]


def test_the_same_order_twice_ends_it():
    """A supervisor that goes in circles is stopped."""
    model = ScriptedModel(order("Ann", "Count"), order("Ann", "Count"), "3")
    out = run_node(supervisor, {"task": "t"}, FakeContext(roles=[role("Ann", "three")], model=model))
    assert (out["answer"], len(out["delegations"])) == ("3", 1)


def test_delegations_are_bounded():
    """After the last delegation the answer is written."""
    model = ScriptedModel(order("Ann", "a"), order("Ann", "b"), "end")
    team = [role("Ann", "1", "2")]
    out = run_node(supervisor, {"task": "t"}, FakeContext(roles=team, model=model), max_delegations=2)
    assert len(out["delegations"]) == 2 and len(model.calls) == 3


def test_an_order_to_nobody_is_asked_for_again():
    """The form holds only the members and finish."""
    model = ScriptedModel(order("Zed", "x"), order("finish"), "alone")
    assert run_node(supervisor, {"task": "t"}, FakeContext(model=model))["delegations"] == []


def test_nothing_to_do():
    """An empty task is an error."""
    with pytest.raises(NodeError, match="task is empty"):
        run_node(supervisor, {"task": ""})
