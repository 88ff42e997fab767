"""teams.group_chat"""

from dataclasses import replace

import pytest

from nodes.contract import NodeError
from nodes.teams.group_chat import group_chat
from tests.fakes import FakeContext, ScriptedModel, role, run_node


def test_speakers_take_turns_until_one_says_it_is_done():
    """Ann, Bob, Ann: each reads what was said; the end word on a line of its own ends it and is not kept."""
    ann, bob = role("Ann", "A draft.", "Better now.\n**DONE**"), role("Bob", "Too long. Not DONE yet.")
    ctx = FakeContext(roles=[ann, bob], model=ScriptedModel("The text."))
    out = run_node(group_chat, {"task": "Write."}, ctx)
    assert out["answer"] == "The text." and out["ended"]
    assert [(each["speaker"], each["text"]) for each in out["conversation"]] == [
        ("Ann", "A draft."), ("Bob", "Too long. Not DONE yet."), ("Ann", "Better now."),
    ]  # fmt: skip
    assert "Bob: Too long." in ann.model.calls[1].text  # type: ignore[attr-defined]
    assert "Better now." in ctx.model.calls[0].text
    assert ctx.views[-1]["type"] == "chat" and len(ctx.views) == 3


def test_the_turns_bound_it():
    """Nobody ends it: after the last turn the answer is drawn all the same."""
    ctx = FakeContext(model=ScriptedModel("one", "two", "three", "answer"))
    out = run_node(group_chat, {"task": "t"}, ctx, max_turns=3)
    assert (out["answer"], out["ended"]) == ("answer", False)
    assert [each["speaker"] for each in out["conversation"]] == ["Maker", "Critic", "Maker"]


def test_whoever_chooses_knows_the_members():
    """Of a member without skills the chooser reads the persona, as in AutoGen; the other members its first line."""
    told = "# Role\n\nYou check figures.\nYou know the law."
    ann = replace(role("Ann", "first"), skills="", persona=told)
    bob, cat = replace(role("Bob"), skills="", persona="word " * 1_000), replace(role("Cat"), skills="wording")
    model = ScriptedModel({"member": "Ann"}, "answer")
    ctx = FakeContext(roles=[ann, bob, cat], model=model)
    run_node(group_chat, {"task": "t"}, ctx, order="model", max_turns=1)
    asked = model.calls[0].text
    assert "- Ann: # Role You check figures. You know the law.\n" in asked
    assert "- Cat: wording\n" in asked
    assert len(asked) < 1_000 and "word [...]" in asked
    assert "You know the law" not in ann.model.calls[0].messages[-1]["content"]  # type: ignore[attr-defined]


def test_the_model_chooses_the_speaker():
    """With order model the node's model names who speaks next; the same may speak twice."""
    ann, bob = role("Ann"), role("Bob", "first", "second")
    model = ScriptedModel({"member": "Bob"}, {"member": "Bob"}, "answer")
    out = run_node(group_chat, {"task": "t"}, FakeContext(roles=[ann, bob], model=model), order="model", max_turns=2)
    assert [each["text"] for each in out["conversation"]] == ["first", "second"]
    assert "Who should speak next?" in model.calls[0].text


def test_the_speaker_hands_over():
    """With order handover the last NEXT line names the next; an unknown name passes to the next in turn."""
    ann = role("Ann", "You first.\nNEXT: cleo", "Again.\n**NEXT: Bob**")
    bob, cleo = role("Bob", "No hand-over."), role("Cleo", "NEXT: Zed")
    ctx = FakeContext(roles=[ann, bob, cleo], model=ScriptedModel("answer"))
    out = run_node(group_chat, {"task": "t"}, ctx, order="handover", max_turns=4)
    assert [each["speaker"] for each in out["conversation"]] == ["Ann", "Cleo", "Ann", "Bob"]


def test_nothing_to_talk_about():
    """An empty task is an error."""
    with pytest.raises(NodeError, match="task is empty"):
        run_node(group_chat, {"task": ""})
