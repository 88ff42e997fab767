"""CEL conditions."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.conditions import MAX_LENGTH, ConditionError, check, evaluate, holds, names


@pytest.mark.parametrize(
    ("expression", "values", "expected"),
    [
        ("score >= 8 && size(text) < 5", {"score": 9, "text": "four"}, True),
        ("text.contains('yes')", {"text": "no"}, False),
        ("items.exists(i, i == 'a')", {"items": ["b", "a"]}, True),
        ("has(r.x) ? r.x : 0", {"r": {}}, 0),
        ("n > 1.5", {"n": 2}, True),
        ("v == null", {"v": None}, True),
    ],
)
def test_conditions_are_evaluated(expression: str, values: dict[str, object], expected: object):
    """CEL means what it says, on numbers, text, lists and records."""
    assert evaluate(expression, values) == expected


def test_names_are_listed():
    """The names an expression reads can be known without evaluating it."""
    assert names("score > 1 && other.x == 2") == ["other", "score"]


def test_syntax_errors_have_a_place():
    """A condition that cannot be read says where."""
    with pytest.raises(ConditionError, match="line 1, column 4") as caught:
        check("a >")
    assert (caught.value.line, caught.value.column) == (1, 4)


@pytest.mark.parametrize(
    ("expression", "values", "what"),
    [
        ("", {}, "empty"),
        ("scor > 1", {"score": 2}, "Known are: score"),
        ("r.x == 1", {"r": {}}, "reads 'x'"),
        ("1 / n == 1", {"n": 0}, "divides by zero"),
        ("a" * (MAX_LENGTH + 1), {}, "characters; at most"),
        ("(" * 60 + "1" + ")" * 60, {}, "deep; at most"),
        ("!" * 60 + "true", {}, "deep; at most"),
        ("true ? 1 : " * 150 + "1", {}, "Recursion limit|Syntax|recursion"),
        ("'a' + 1 == 2", {}, "cannot be evaluated"),
        ("x.all(i, x.all(j, x.all(k, i == j)))", {"x": list(range(200))}, "too long"),
        ("x.map(i, t + t).size() > 1", {"x": list(range(1000)), "t": "a" * 100_000}, "too long"),
        ("size(x) > 1", {"x": [[1] * 500] * 500}, "too long"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_said(expression: str, values: dict[str, object], what: str):
    """Unknown names, missing entries, wrong types and everything over the bounds are errors in words."""
    with pytest.raises(ConditionError, match=what) as caught:
        evaluate(expression, values)
    assert caught.value.mend


def test_a_number_is_not_a_truth():
    """A condition must be true or false, nothing that merely looks like it."""
    with pytest.raises(ConditionError, match="neither true nor false"):
        holds("1 + 1", {})
    assert holds("1 + 1 == 2", {}) is True


def test_records_come_out_in_the_same_order_each_time():
    """A record that a prompt will hold must be spelled the same in every run, however deep it lies."""
    record = {"name": "clock", "worth": 40, "start": 20, "estimate": 44}
    for _ in range(20):
        (found,) = evaluate("[{'item': value}]", {"value": record})
        assert found == {"item": record}
        assert list(found["item"]) == ["estimate", "name", "start", "worth"]


@pytest.mark.parametrize(
    ("expression", "values", "expected"),
    [
        ("1 == 1.0", {}, True), ("x > 0.5", {"x": 1}, True), ("x == 1", {"x": 1.0}, True),
        ("x in [1, 2]", {"x": 1.0}, True), ("x + 1", {"x": 1.5}, 2.5), ("x * 0.5", {"x": 3}, 1.5),
        ("x - 0.5 > 1", {"x": 2}, True),
        ("x / 2", {"x": 3.0}, 1.5), ("m['a'] + 0.5", {"m": {"a": 1}}, 1.5), ("xs[1] + 0.5", {"xs": [1, 2]}, 2.5),
        ("7 / 2", {}, 3),
        ("t == 'add 1' && x + 1 > 2.0", {"t": "add 1", "x": 1.5}, True),
        ("xs.exists(i, i + 0.5 > 2)", {"xs": [1, 2]}, True),
    ],
)  # fmt: skip
def test_whole_numbers_and_others_mix(expression: str, values: dict[str, Any], expected: Any):
    """They compare and calculate with each other, whichever of the two JSON brought; texts stay what they are."""
    assert evaluate(expression, values) == expected


def test_what_cannot_be_calculated_is_refused_with_the_first_reason():
    """A text and a number do not add up, and the message speaks of the values as they were given."""
    with pytest.raises(ConditionError, match=r"string \+ int"):
        evaluate("x + y", {"x": "a", "y": 1})


@given(st.text(alphabet="ab()[]{}.+-!?:,'\"<>=&|0123 \n", max_size=40))
def test_any_text_is_a_condition_or_refused(text: str):
    """No text breaks the reader or keeps it busy."""
    started = time.monotonic()
    try:
        evaluate(text, {"a": 1, "b": [1, 2]})
    except ConditionError as error:
        assert str(error)
    assert time.monotonic() - started < 5
