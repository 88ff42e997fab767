"""control.ask"""

from typing import Any

import pytest

from nodes.contract import NodeError, Pause
from nodes.control.ask import ask
from tests.fakes import run_node

CHOICES = [{"name": "approve", "title": "Yes, send it"}, {"name": "reject"}]
FIELDS = [
    {"name": "amount", "type": "number", "title": "Amount"},
    {"name": "urgent", "type": "boolean"},
    {"name": "team", "type": "choice", "choices": ["red", "blue"]},
    {"name": "remark", "required": False},
]
ANSWER = {"amount": 3.5, "urgent": False, "team": "red"}


def asked(inputs: dict[str, Any] | None = None, **config: Any) -> Pause:
    result = run_node(ask, inputs or {}, **config)
    assert isinstance(result, Pause)
    return result


def test_the_question_is_shown():
    """The form carries the rendered question and a field to answer in; one choice is no choice."""
    form = asked({"draft": "Dear all"}, question="Send this?\n{{draft}}").form
    assert form.text == "Send this?\nDear all"
    assert [field["name"] for field in form.fields] == ["text"]


def test_one_field_is_the_text():
    """A single answer is the text as it is, and goes on by done."""
    result: Any = asked().resume({"text": "fine"})
    assert (result.outcome, result.outputs) == ("done", {"answer": {"text": "fine"}, "text": "fine"})


def test_several_fields_are_lines():
    """Several answers come as a record and as lines."""
    result: Any = asked(fields=FIELDS).resume(ANSWER)
    assert result.outputs["answer"] == {**ANSWER, "remark": None}
    assert result.outputs["text"] == "Amount: 3.5\nurgent: no\nteam: red\nremark: "


@pytest.mark.parametrize("said", ["approve", "Yes, send it"])
def test_choices_are_ways_on(said: str):
    """The choice, by its button or its name, is the outcome."""
    pause = asked(fields=[], choices=CHOICES)
    assert pause.form.fields[-1]["choices"] == ["Yes, send it", "reject"]
    result: Any = pause.resume({"choice": said})
    assert result.outcome == "approve"


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        ({**ANSWER, "amount": "much"}, "'amount' must be a number, and is 'much'"),
        ({**ANSWER, "amount": None}, "was not answered"),
        ({**ANSWER, "urgent": 1}, "must be a boolean"),
        ({**ANSWER, "team": "green"}, "'green' is not among the choices"),
    ],
)
def test_wrong_answers_are_refused(answer: dict[str, Any], what: str):
    """What does not fit the field is refused with the value, so that it can be asked again."""
    with pytest.raises(NodeError, match=what):
        asked(fields=FIELDS).resume(answer)


def test_an_unknown_choice_is_refused():
    """A decision that is not offered goes nowhere."""
    with pytest.raises(NodeError, match="'maybe' is not one of the choices"):
        asked(fields=[], choices=CHOICES).resume({"choice": "maybe"})


@pytest.mark.parametrize(
    ("config", "what"),
    [
        ({"fields": [{"name": "a"}, {"name": "a"}]}, "two fields are named 'a'"),
        ({"fields": [{"name": "a", "type": "choice"}]}, "a choice without choices"),
        ({"fields": [{"name": "choice"}], "choices": CHOICES}, "two fields are named 'choice'"),
        ({"choices": [{"name": "a"}, {"name": "a"}]}, "two outcomes are named 'a'"),
        ({"question": "{{open"}, "never closed"),
    ],
)
def test_bad_forms_are_refused(config: dict[str, Any], what: str):
    """Names that clash and fields that cannot be filled in are refused in the settings."""
    with pytest.raises(ValueError, match=what):
        ask.config.model_validate(config)
