"""Answers of a type."""

import asyncio
from typing import Any

import pytest
from pydantic import ValidationError

from nodes.answers import AnswerField, answer_schema, ask_for, value_of
from nodes.contract import AnswerError, NodeError
from tests.fakes import ScriptedModel


def schema(kind: Any, *fields: AnswerField) -> Any:
    return answer_schema(kind, fields)


@pytest.mark.parametrize(
    ("kind", "answer", "expected"),
    [
        ("number", 3.0, 3), ("number", 2.5, 2.5), ("boolean", True, True),
        ("list[text]", ["a", "b"], ["a", "b"]), ("list[number]", [1.0, 2.5], [1, 2.5]),
    ],
)  # fmt: skip
def test_each_type_has_a_schema(kind: str, answer: object, expected: object):
    """An answer of each type comes back as its plain value; whole numbers are whole."""
    model = ScriptedModel({"answer": answer})
    assert value_of(asyncio.run(ask_for(model, [], schema(kind)))) == expected


def test_text_needs_no_schema():
    """Prose is not constrained."""
    assert schema("text") is None


def test_records_have_their_entries():
    """A record is held to its entries, whose descriptions the model reads."""
    made = schema("record", AnswerField(name="city", description="Where"), AnswerField(name="people", type="number"))
    assert "Where" in str(made.model_json_schema())
    model = ScriptedModel({"answer": {"city": "Bonn", "people": 3.0}})
    assert value_of(asyncio.run(ask_for(model, [], made))) == {"city": "Bonn", "people": 3}


def test_a_text_may_be_one_of_some():
    """The model is held to the choices, alone or in a list; a number has none."""
    action = AnswerField(name="action", choices=("click", "type"))
    made = schema("record", action, AnswerField(name="tags", type="list[text]", choices=("new", "old")))
    model = ScriptedModel({"answer": {"action": "press", "tags": []}}, {"answer": {"action": "click", "tags": ["new"]}})
    assert value_of(asyncio.run(ask_for(model, [], made))) == {"action": "click", "tags": ["new"]}
    assert "'click' or 'type'" in model.calls[1].text
    assert str(made.model_json_schema()).count("enum") == 2
    with pytest.raises(ValidationError, match="only texts have choices"):
        AnswerField(name="many", type="number", choices=("1",))


def test_asked_again_once_with_the_problem():
    """An answer that does not fit is asked for once more, with what was wrong."""
    model = ScriptedModel("seven", '{"answer": 7}')
    messages = [{"role": "user", "content": "How many?"}]
    assert value_of(asyncio.run(ask_for(model, messages, schema("number")))) == 7
    assert model.calls[1].messages[:2] == [*messages, {"role": "assistant", "content": "seven"}]
    assert "does not fit" in model.calls[1].messages[2]["content"]


def test_an_answer_that_broke_off_is_not_gone_on_with():
    """What never came to an end is not shown again, and the second answer is asked warmer than 0."""
    model = ScriptedModel(AnswerError("did not come to an end", text='{"answer": [1, 1, 1, 1'), {"answer": 7})
    assert value_of(asyncio.run(ask_for(model, [], schema("number"), temperature=0))) == 7
    assert [message["role"] for message in model.calls[1].messages] == ["user"]
    assert [call.temperature for call in model.calls] == [0, 0.7]


def test_an_engine_that_says_so_is_asked_again():
    """The same when the model's side reports that the answer does not fit."""
    model = ScriptedModel(AnswerError("not JSON", text=""), {"answer": 7})
    assert value_of(asyncio.run(ask_for(model, [{"role": "user", "content": "?"}], schema("number")))) == 7
    assert [message["role"] for message in model.calls[1].messages] == ["user", "user"]


def test_twice_wrong_is_an_error():
    """Two answers that do not fit end the node, with the field and what was said."""
    model = ScriptedModel({"answer": "x"}, {"answer": "y"})
    with pytest.raises(AnswerError, match=r"answer: .*number.*'y'"):
        asyncio.run(ask_for(model, [], schema("number")))


def test_other_faults_are_not_asked_again():
    """A model that cannot be reached is not asked a second time here."""
    model = ScriptedModel(NodeError("no answer", retryable=True))
    with pytest.raises(NodeError, match="no answer"):
        asyncio.run(ask_for(model, [], schema("number")))
    assert len(model.calls) == 1
