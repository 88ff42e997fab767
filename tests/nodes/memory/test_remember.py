"""memory.remember"""

import pytest

from nodes.contract import AnswerError, NodeError
from nodes.memory.remember import remember
from tests.fakes import FakeContext, ListMemory, ScriptedModel, run_node


def test_what_was_stored_is_said():
    """The record gets kind and importance, and the node says what it stored."""
    memory = ListMemory()
    ctx = FakeContext(memory=memory)
    out = run_node(remember, {"text": " check units "}, ctx, kind="lesson", importance=7)
    record = memory.hits[out["record"]]
    assert (record.text, record.kind, record.importance) == ("check units", "lesson", 7)
    assert out == {"record": "m1", "importance": 7, "stored": True}
    assert ctx.lines == ["remembered in 'lessons' as lesson, importance 7: check units"]


def test_empty_texts_are_not_remembered():
    """Nothing is stored for nothing, and no model is asked."""
    ctx = FakeContext(memory=ListMemory())
    assert run_node(remember, {"text": " \n"}, ctx, rate="model") == {"record": "", "importance": 0, "stored": False}
    assert "nothing to remember" in ctx.lines[0]


def test_importance_can_be_rated():
    """The model rates 1 to 10 under a schema, at temperature 0."""
    memory, model = ListMemory(), ScriptedModel({"importance": 9})
    out = run_node(remember, {"text": "never divide by it"}, FakeContext(model=model, memory=memory), rate="model")
    assert out["importance"] == memory.hits["m1"].rated == 9
    assert "never divide by it" in model.calls[0].text
    assert model.calls[0].temperature == 0


def test_a_rating_off_the_scale_is_asked_again():
    """11 of 10 is not taken."""
    model = ScriptedModel({"importance": 11}, {"importance": 11})
    with pytest.raises(AnswerError, match="less than or equal to 10"):
        run_node(remember, {"text": "x"}, FakeContext(model=model, memory=ListMemory()), rate="model")


def test_several_values_make_one_record():
    """The text is a template, so that a record can hold the question and its answer."""
    memory = ListMemory()
    inputs = {"problem": "2 + 2?", "answer": 4}
    run_node(remember, inputs, FakeContext(memory=memory), text="Problem: {{problem}}\n{{answer}}")
    assert memory.hits["m1"].text == "Problem: 2 + 2?\n4"
    assert remember.template_fields == ("text",)


def test_equal_texts_are_one_record():
    """Remembering the same again updates its record."""
    ctx = FakeContext(memory=ListMemory())
    assert run_node(remember, {"text": "x"}, ctx)["record"] == run_node(remember, {"text": "x"}, ctx)["record"]


def test_a_memory_is_needed():
    """Without a memory attached the node says what to do."""
    with pytest.raises(NodeError, match="No memory is attached"):
        run_node(remember, {"text": "x"})
    assert remember.side_effects


def test_layer_trust_and_data_are_kept():
    """What comes from outside is marked, put in its layer, and carries its data."""
    memory = ListMemory()
    inputs = {"text": "from a page", "data": {"address": "a"}}
    run_node(remember, inputs, FakeContext(memory=memory), layer="shallow", trusted=False, ttl_days=2)
    record = memory.hits["m1"]
    assert (record.layer, record.trusted, record.data) == ("shallow", False, {"address": "a"})
