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


TYPED = [
    {"name": "seats", "type": "number", "minimum": 1, "maximum": 4, "whole": True, "default": "2"},
    {"name": "day", "type": "date", "latest": "2026-12-31", "required": False},
    {
        "name": "extras",
        "type": "choices",
        "choices": ["bread", "wine"],
        "required": False,
        "help": "As many as you like",
    },
    {"name": "note", "type": "long_text", "required": False},
]


def test_typed_fields_go_into_the_form():
    """Bounds, help, choices and what a field begins with are on the wire; what says nothing is not."""
    seats, day, extras, note = asked(fields=TYPED).form.fields
    assert (seats["minimum"], seats["maximum"], seats["whole"], seats["default"]) == (1, 4, True, 2)
    assert day["latest"] == "2026-12-31" and extras["choices"] == ["bread", "wine"] and "help" in extras
    assert set(note) == {"name", "title", "type", "required", "default"}


def test_typed_answers_come_as_their_types():
    """Numbers, lists and days are values of the record."""
    result: Any = asked(fields=TYPED).resume({"seats": 3, "extras": ["wine"], "day": "2026-11-30"})
    assert result.outputs["answer"] == {"seats": 3, "day": "2026-11-30", "extras": ["wine"], "note": None}
    with pytest.raises(NodeError, match="must be 1 to 4, and is 9"):
        asked(fields=TYPED).resume({"seats": 9})


def test_prefill_stands_in_the_fields():
    """What is wired in by name is there at first; what cannot stand in a field is an error before anybody is asked."""
    fields = asked({"prefill": {"seats": 4, "note": 7}}, fields=TYPED).form.fields
    assert [field["default"] for field in fields] == [4, None, None, "7"]
    with pytest.raises(NodeError, match="prefill of 'seats'"):
        asked({"prefill": {"seats": 40}}, fields=TYPED)


def test_the_time_to_answer():
    """With a time the pause has an end and a way out; without it waits for ever."""
    pause = asked(answer_within="15 min")
    route: Any = pause.timed_out
    assert (pause.within, route.outcome, route.outputs) == (900, "timed_out", {"answer": {}, "text": ""})
    assert asked().within is None and ask.conditional_outcomes == {"timed_out": "answer_within"}


@pytest.mark.parametrize(
    ("config", "what"),
    [
        ({"fields": [{"name": "a", "type": "number", "minimum": 5, "maximum": 1}]}, "no value from 5 to 1"),
        ({"fields": [{"name": "a", "type": "date", "earliest": "2026-02-02", "latest": "2026-01-01"}]}, "no day from"),
        ({"fields": [{"name": "a", "type": "date", "earliest": "soon"}]}, "'soon' is not a date"),
        ({"fields": [{"name": "a", "type": "number", "default": "much"}]}, "begins with does not fit"),
        ({"fields": [{"name": "a", "type": "choices"}]}, "a choice without choices"),
        ({"choices": [{"name": "timed_out"}], "answer_within": "1 h"}, "'timed_out' is there already"),
        ({"answer_within": "soon"}, "is not a time to answer in"),
    ],
)
def test_forms_that_cannot_be_answered_are_refused(config: dict[str, Any], what: str):
    """Bounds that leave nothing, a beginning that does not fit, a time that cannot be read."""
    with pytest.raises(ValueError, match=what):
        ask.config.model_validate(config)
