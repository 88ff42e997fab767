"""reflection.reflexion"""

from typing import Any

import pytest

from nodes.contract import NodeError, Route
from nodes.reflection.reflexion import reflexion
from tests.fakes import FakeContext, ListMemory, ScriptedModel, run_node


def lesson(word: str) -> dict[str, str]:
    return {"what": f"{word} was wrong.", "why": "It was guessed.", "next_time": f"Look {word} up."}


def fail(word: str, ctx: FakeContext, inputs: dict[str, Any] | None = None, **config: Any) -> Route:
    ctx.model = ScriptedModel("The guess was wrong.", lesson(word))
    given = {"task": "name the capital", "attempt": word, "feedback": "wrong", **(inputs or {})}
    return run_node(reflexion, given, ctx, **config)


TOLD = "a was wrong. Why: It was guessed. Next time: Look a up."


def test_the_next_attempt_knows_what_went_wrong():
    """A failure becomes a lesson of three parts, drawn from prose that saw the attempt and its error."""
    ctx = FakeContext()
    result = fail("a", ctx)
    assert result.outcome == "retry"
    assert result.outputs["lesson"] == lesson("a")
    assert result.outputs["text"] == f"- {TOLD}"
    first, second = ctx.model.calls
    assert "Attempt:\na" in first.text and "wrong" in first.text and "Lessons of earlier" not in first.text
    assert first.schema is None and "The guess was wrong." in second.text
    assert ctx.views[-1]["rows"] == [[TOLD]]


def test_lessons_add_up_over_the_trials():
    """Wired back without a memory, the lessons of all failures go along, the oldest falls out at the bound."""
    ctx = FakeContext()
    one = fail("a", ctx).outputs["lessons"]
    two = fail("b", ctx, {"earlier": one}, max_lessons=2).outputs["lessons"]
    assert len(two) == 2 and two[0] == TOLD
    assert "Lessons of earlier failures" in ctx.model.calls[0].text and TOLD in ctx.model.calls[0].text
    assert fail("c", ctx, {"earlier": two}, max_lessons=2).outputs["lessons"][0] == two[1]


def test_a_memory_keeps_them_for_later_runs():
    """Lessons of the same task come back in another run; the memory holds no more than the bound."""
    memory = ListMemory()
    for word in ("a", "b", "c"):
        result = fail(word, FakeContext(memory=memory), max_lessons=2)
    assert [text[0] for text in result.outputs["lessons"]] == ["b", "c"]
    assert [hit.data["what"][0] for hit in memory.hits.values()] == ["b", "c"]
    other = fail("d", FakeContext(memory=memory), {"task": "another task"})
    assert len(other.outputs["lessons"]) == 1


def test_the_same_lesson_is_held_once():
    """Failing the same way again does not fill the bound."""
    memory = ListMemory()
    fail("a", FakeContext(memory=memory))
    assert fail("a", FakeContext(memory=memory)).outputs["lessons"] == [TOLD]
    assert len(memory.hits) == 1


def test_trials_are_bounded():
    """At the last trial it is not tried again, and the lesson is still learnt."""
    assert fail("a", FakeContext(visit=2), max_trials=3).outcome == "retry"
    last = fail("a", FakeContext(visit=3), max_trials=3)
    assert last.outcome == "exhausted" and last.outputs["lessons"] == [TOLD]
    assert reflexion.bounds_loop


@pytest.mark.parametrize("missing", ["task", "attempt"])
def test_task_and_attempt_are_needed(missing: str):
    """Nothing is learnt from nothing."""
    with pytest.raises(NodeError, match=f"The {missing} is empty"):
        run_node(reflexion, {"task": "t", "attempt": "a"} | {missing: " "})


def test_by_step_an_action_is_ruled_out_where_it_failed():
    """The lesson names step and action; what is ruled out adds up, each once, and stands in the next prompt."""
    ctx, lessons = FakeContext(), dict[str, Any]()
    for word, step in (("a", 3), ("b", 1), ("a", 3)):
        ctx.model = ScriptedModel("Step wrong.", {**lesson(word), "step": step, "action": f"click {word}"})
        given = {"task": "t", "attempt": word, "feedback": "wrong", **lessons}
        out = run_node(reflexion, given, ctx, by_step=True).outputs
        lessons = {"earlier": out["lessons"], "ruled_out": out["ruled_out"]}
    assert out["ruled_out"] == [{"step": 1, "action": "click b"}, {"step": 3, "action": "click a"}]
    assert "- Not again at step 3: click a" in out["text"]
    assert "number of the first step" in ctx.model.calls[1].text


def test_what_is_ruled_out_is_remembered():
    """With a memory the next run knows it; lessons without a step rule nothing out."""
    memory = ListMemory()
    fail("a", FakeContext(memory=memory))
    ctx = FakeContext(memory=memory)
    for step in (2, 5):
        ctx.model = ScriptedModel("Wrong.", {**lesson("b"), "step": step, "action": "wait"})
        out = run_node(reflexion, {"task": "name the capital", "attempt": "b"}, ctx, by_step=True).outputs
    assert out["ruled_out"][-1] == {"step": 5, "action": "wait"}
