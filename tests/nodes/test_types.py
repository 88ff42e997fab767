"""The types of ports."""

import pytest

from nodes.types import conforms, fits, is_type, item_type


@pytest.mark.parametrize(
    ("expression", "valid"),
    [
        ("text", True),
        ("list[list[number]]", True),
        ("any", True),
        ("string", False),
        ("list[]", False),
        ("list[x]", False),
    ],
)
def test_grammar(expression: str, valid: bool):
    """Known words and lists of them are types, nothing else."""
    assert is_type(expression) is valid


@pytest.mark.parametrize(
    ("source", "target", "fit"),
    [
        ("text", "text", True), ("number", "text", False), ("any", "plan", True), ("plan", "any", True),
        ("list[any]", "list[text]", True), ("list[text]", "list[number]", False), ("text", "list[text]", False),
        ("documents", "list[any]", True), ("messages", "list[record]", True), ("plan", "record", True),
        ("list[record]", "documents", False), ("documents", "list[text]", False), ("record", "plan", False),
    ],
)  # fmt: skip
def test_what_feeds_what(source: str, target: str, fit: bool):
    """Nothing is converted in silence."""
    assert fits(source, target) is fit


@pytest.mark.parametrize(
    ("value", "expression", "right"),
    [
        ("a", "text", True), (1, "number", True), (True, "number", False), (True, "boolean", True),
        ([1, "a"], "list[number]", False), ([[1]], "list[list[number]]", True), ({}, "record", True),
        ([{"role": "user"}], "messages", True), ([{"text": "x"}], "documents", True), ([{}], "documents", False),
        ({"steps": []}, "plan", True), ({"steps": 1}, "plan", False), (None, "any", True),
    ],
)  # fmt: skip
def test_values_are_of_types(value: object, expression: str, right: bool):
    """A value is checked to its last item."""
    assert conforms(value, expression) is right
    assert item_type("list[text]") == "text"
