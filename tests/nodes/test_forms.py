"""The fields of forms: what fits, what does not and why, and what is typed in a terminal."""

from typing import Any

import pytest

from nodes.forms import AnswerFaults, checked, form_field, read

AMOUNT = form_field("amount", "number", "Amount", minimum=1, maximum=5, whole=True)
DAY = form_field("day", "date", earliest="2026-01-01", latest="2026-12-31")
TAGS = form_field("tags", "choices", choices=("red", "green", "blue"), minimum=1, maximum=2)
NAME = form_field("name", "text", minimum=2, maximum=4)
DATA = form_field("data", "json", required=False)
SURE = form_field("sure", "boolean")
TEAM = form_field("team", "choice", choices=("red", "green"))


@pytest.mark.parametrize(
    ("field", "given", "value"),
    [
        (AMOUNT, 3, 3), (AMOUNT, 3.0, 3), (form_field("x", "number"), 0.1, 0.1), (DAY, "2026-02-03", "2026-02-03"),
        (TAGS, ["blue", "red"], ["red", "blue"]), (NAME, "Ada", "Ada"), (DATA, '{"a": [1]}', {"a": [1]}),
        (DATA, [1, 2], [1, 2]), (SURE, False, False), (TEAM, "red", "red"), (DATA, "", None), (DATA, None, None),
    ],
)  # fmt: skip
def test_what_fits(field: dict[str, Any], given: Any, value: Any):
    """A value of the field's type, within its bounds, is taken; several choices in the order of the form."""
    assert checked([field], {field["name"]: given}) == {field["name"]: value}


@pytest.mark.parametrize(
    ("field", "given", "what"),
    [
        (AMOUNT, 9, "'amount' must be 1 to 5, and is 9"),
        (AMOUNT, 2.5, "'amount' must be a whole number, and is 2.5"),
        (AMOUNT, "much", "'amount' must be a number, and is 'much'"),
        (AMOUNT, True, "'amount' must be a number, and is True"),
        (AMOUNT, float("nan"), "'amount' must be a number, and is nan"),
        (AMOUNT, None, "'amount' was not answered"),
        (form_field("x", "number", minimum=2), 1, "'x' must be at least 2, and is 1"),
        (form_field("x", "number", maximum=2), 3, "'x' must be at most 2, and is 3"),
        (DAY, "2025-12-31", "not before 2026-01-01 and not after 2026-12-31, and is 2025-12-31"),
        (DAY, "31.12.2026", "'day' must be a date, and is '31.12.2026'"),
        (DAY, "2026-02-30", "'day' must be a date"),
        (DAY, 5, "'day' must be a date, and is 5"),
        (TAGS, ["red", "green", "blue"], "'tags' must have 1 to 2 choices, and has 3"),
        (TAGS, ["pink"], "'pink' is not among the choices"),
        (TAGS, ["red", "red"], "'tags' has a choice twice"),
        (TAGS, "red", "must be a list of choices"),
        (NAME, "A", "'name' must have 2 to 4 characters, and has 1"),
        (NAME, 5, "'name' must be a text, and is 5"),
        (DATA, "{", "'data' must be JSON"),
        (SURE, 1, "'sure' must be a boolean, and is 1"),
        (TEAM, "blue", "'blue' is not among the choices"),
    ],
)
def test_what_does_not_fit(field: dict[str, Any], given: Any, what: str):
    """The fault names the field, the value and what was wanted, and says how to mend it."""
    with pytest.raises(AnswerFaults) as raised:
        checked([field], {field["name"]: given})
    (fault,) = raised.value.faults
    assert what in fault.what and fault.field == field["name"] and fault.mend


def test_all_faults_at_once():
    """Each wrong field is told, and an unknown one with the nearest name."""
    with pytest.raises(AnswerFaults) as raised:
        checked([AMOUNT, TEAM], {"amont": 3, "team": "gren"})
    assert [fault.field for fault in raised.value.faults] == ["amont", "amount", "team"]
    assert "Did you mean 'amount'?" in raised.value.mend and "Did you mean 'green'?" in raised.value.mend


def test_defaults_stand_for_what_is_left_out():
    """A field that is left out has its default; one that was emptied is empty."""
    field = form_field("note", "text", required=False, default="as before")
    assert checked([field], {}) == {"note": "as before"}
    assert checked([field], {"note": ""}) == {"note": None}


def test_an_unknown_type_is_a_text():
    """A form of a newer version can still be answered."""
    assert checked([{"name": "x", "type": "colour"}], {"x": "red"}) == {"x": "red"}


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        (AMOUNT, "3", 3), (AMOUNT, "three", "three"), (SURE, "Yes", True), (SURE, "n", False), (SURE, "maybe", "maybe"),
        (TAGS, "red, blue", ["red", "blue"]), (TAGS, '["red"]', ["red"]), (NAME, "3", "3"), (DATA, "[1]", "[1]"),
    ],
)  # fmt: skip
def test_what_is_typed_in(field: dict[str, Any], typed: str, value: Any):
    """Numbers, yes and no, and lists are read; what cannot be read stays as it is, to be refused with its words."""
    assert read(field, typed) == value


def test_a_field_says_only_what_it_has():
    """Keys without a meaning are left out of the wire."""
    assert form_field("a", "text", help="", minimum=None, whole=False) == {
        "name": "a", "title": "a", "type": "text", "required": True, "default": None,
    }  # fmt: skip
