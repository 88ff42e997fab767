"""memory.learn_lessons and memory.recall_lessons"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.memory.learn_lessons import learn_lessons
from nodes.memory.recall_lessons import recall_lessons
from tests.fakes import FakeContext, ListMemory, ScriptedModel, run_node

CARRY = {"when": "two carry one box", "lesson": "Agree who lifts first."}
LOOK = {"when": "the cook enters the room", "lesson": "Look for the stove.", "role": "cook"}


def learn(memory: ListMemory, *lessons: dict[str, str], **config: Any) -> tuple[dict[str, Any], FakeContext]:
    ctx = FakeContext(model=ScriptedModel("They both lifted.", {"lessons": list(lessons)}), memory=memory)
    return run_node(learn_lessons, {"episode": "The box fell.", "outcome": "failed"}, ctx, **config), ctx


def test_each_role_recalls_its_own_lessons():
    """What is for the cook is not told to the waiter; what is for all is told to both."""
    memory = ListMemory()
    learn(memory, CARRY, LOOK, roles=["cook", "waiter"])
    situation = {"situation": "the two carry the box into the room"}
    cook = run_node(recall_lessons, situation, FakeContext(memory=memory), role="cook", min_score=0.1)
    waiter = run_node(recall_lessons, situation, FakeContext(memory=memory), role="waiter", min_score=0.1)
    carry = "- Two carry one box: Agree who lifts first."
    assert cook["text"] == f"{carry}\n- The cook enters the room: Look for the stove."
    assert waiter["text"] == carry
    assert cook["lessons"][1]["data"]["role"] == "cook"


def test_a_lesson_learnt_again_is_confirmed():
    """It is there once, and more important than before."""
    memory = ListMemory()
    first, _ = learn(memory, CARRY)
    again, ctx = learn(memory, CARRY, {"when": "", "lesson": "Ask."})
    assert (first["lessons"][0]["confirmed"], again["lessons"][0]["confirmed"]) == (1, 2)
    assert first["lessons"][0]["record"] == again["lessons"][0]["record"]
    assert memory.hits["m1"].rated == 7 and len(memory.hits) == 2
    assert ctx.lines == ["1 lessons kept, 1 confirmed in 'lessons'"]
    assert ctx.views[-1]["rows"][1] == ["", "Ask.", "all", 1]


def test_the_episode_is_analysed_before_the_lessons():
    """First prose with outcome and team, then the form."""
    _, ctx = learn(ListMemory(), CARRY, roles=["cook"])
    first, second = ctx.model.calls
    assert first.schema is None and "How it ended: failed" in first.text and "The team: cook" in first.text
    assert "They both lifted." in second.text and second.schema is not None


def test_lessons_are_bounded_and_unknown_roles_are_for_all():
    """No more than the setting says; a role nobody has means everybody."""
    out, _ = learn(ListMemory(), {**CARRY, "role": "pope"}, LOOK, CARRY, max_lessons=2, roles=["cook"])
    assert [each["role"] for each in out["lessons"]] == ["", "cook"]


def test_unlike_and_untrusted_lessons_are_left_out():
    """Nothing that fits is nothing said; an empty situation is not searched for."""
    memory = ListMemory()
    learn(memory, CARRY)
    assert run_node(recall_lessons, {"situation": "sail north"}, FakeContext(memory=memory))["lessons"] == []
    assert run_node(recall_lessons, {"situation": " "}, FakeContext(memory=memory)) == {"lessons": [], "text": ""}


def test_an_empty_episode_is_refused():
    """There is nothing to learn from nothing."""
    with pytest.raises(NodeError, match="episode is empty"):
        run_node(learn_lessons, {"episode": []}, FakeContext(memory=ListMemory()))
