"""teams.information_seeking"""

import asyncio
from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.teams.information_seeking import information_seeking
from tests.fakes import FakeContext, ListMemory, ModelCall, ScriptedModel, role, run_node

TASK = {"task": "When can we meet?", "first_knows": "Ann is free on Monday."}


def needed(*questions: str) -> dict[str, Any]:
    return {"questions": list(questions)}


def test_only_what_is_unknown_is_asked_of_the_other_side():
    """Ann knows her own days and asks Bob for his; neither sees the other's knowledge."""
    ann = role("Ann", needed("Ann's free days?"), needed("Bob's free days?"), "Monday", "UNKNOWN.", "On Monday.")
    bob = role("Bob", "Monday and Friday")
    ctx = FakeContext(roles=[ann, bob])
    out = run_node(information_seeking, {**TASK, "second_knows": "Bob: SECRET diary"}, ctx)
    assert (out.outcome, out.outputs["answer"]) == ("complete", "On Monday.")
    assert [(step["result"], step["status"]) for step in out.outputs["facts"]["steps"]] == [
        ("Monday", "done"), ("Monday and Friday", "done"),
    ]  # fmt: skip
    assert [said["speaker"] for said in out.outputs["dialogue"]] == ["Ann", "Bob"]
    assert all("SECRET" not in call.text for call in ann.model.calls)  # type: ignore[attr-defined]
    assert "free on Monday" not in bob.model.calls[0].text  # type: ignore[attr-defined]
    assert "Bob's free days?" in bob.model.calls[0].text  # type: ignore[attr-defined]
    first, last = ctx.views[0], ctx.views[-1]
    assert [step["status"] for step in first["steps"]] == ["done", "open"] and last["steps"][1]["status"] == "done"


def test_the_other_side_may_ask_back():
    """Bob needs one fact of Ann's before he can answer; she tells it from what she knows."""
    ann = role("Ann", needed(), needed("Is Bob free then?"), "UNKNOWN", "On Monday", "Yes, Monday.")
    bob = role("Bob", "ASK: When is it?", "Yes")
    out = run_node(
        information_seeking, {**TASK, "second_knows": "Bob is free on Monday."}, FakeContext(roles=[ann, bob])
    )
    assert [said["text"] for said in out.outputs["dialogue"]] == [
        "Is Bob free then?", "ASK: When is it?", "On Monday", "Yes",
    ]  # fmt: skip
    assert "Ann says: On Monday" in bob.model.calls[1].text  # type: ignore[attr-defined]


def test_what_nobody_knows_stays_unknown():
    """A fact the other side has not is marked, said in the last prompt, and leads out by incomplete."""
    ann = role("Ann", needed(), needed("Bob's days?", " "), "UNKNOWN", "I do not know.")
    out = run_node(information_seeking, {**TASK, "second_knows": "x"}, FakeContext(roles=[ann, role("Bob", "unknown")]))
    assert out.outcome == "incomplete" and out.outputs["facts"]["steps"][0]["status"] == "failed"
    assert "Bob's days? (nobody knows)" in ann.model.calls[-1].text  # type: ignore[attr-defined]


def test_questions_are_bounded():
    """With one question allowed the second open fact stays open."""
    ann = role("Ann", needed("one?"), needed("two?"), "UNKNOWN", "UNKNOWN", "only one")
    out = run_node(
        information_seeking, {**TASK, "second_knows": "x"}, FakeContext(roles=[ann, role("Bob", "1")]), max_questions=1
    )
    assert out.outcome == "incomplete"
    assert [step["status"] for step in out.outputs["facts"]["steps"]] == ["done", "open"]


def test_private_memories_are_searched_by_their_side_only():
    """A role answers from a memory of its own; who knows nothing at all is not asked of itself."""
    memory = ListMemory()
    asyncio.run(memory.add("Your days are Tuesday"))
    ann, bob = role("Ann", needed(), needed("Your days?"), "Tuesday."), role("Bob", "Tuesday", memory=memory)
    out = run_node(information_seeking, {"task": "t"}, FakeContext(roles=[ann, bob]))
    assert out.outcome == "complete"
    assert "What you remember:\n- Your days are Tuesday" in bob.model.calls[0].text  # type: ignore[attr-defined]


def test_two_copies_play_the_sides_where_no_roles_are_attached():
    """Dropped on the canvas the node's model plays both, each with its own text."""

    def bob(call: ModelCall) -> str:
        assert "You are Bob." in call.text and "Monday" not in call.text
        return "Friday"

    model = ScriptedModel(needed(), needed("Bob's days?", " "), "UNKNOWN", bob, "Friday.")
    out = run_node(information_seeking, {**TASK, "second_knows": "Friday"}, FakeContext(model=model))
    assert out.outputs["answer"] == "Friday."


def test_the_list_of_facts_may_be_wired_in():
    """Whoever knows what is needed saves the model the listing; repeated and empty questions count once or not."""
    ann, bob = role("Ann", "UNKNOWN", "On Friday."), role("Bob", "Friday")
    inputs = {**TASK, "second_knows": "x", "needed": ["Bob's days?", "Bob's days? ", ""]}
    out = run_node(information_seeking, inputs, FakeContext(roles=[ann, bob]))
    assert (out.outcome, out.outputs["answer"]) == ("complete", "On Friday.")
    assert [step["title"] for step in out.outputs["facts"]["steps"]] == ["Bob's days?"]


def test_sides_that_cannot_be():
    """No task, one role, or another side that knows nothing: errors that say so."""
    with pytest.raises(NodeError, match="task is empty"):
        run_node(information_seeking, {"task": ""})
    with pytest.raises(NodeError, match="team has 1 members"):
        run_node(information_seeking, TASK, FakeContext(roles=[role("Ann")]))
    with pytest.raises(NodeError, match="Bob knows nothing"):
        run_node(information_seeking, TASK)
