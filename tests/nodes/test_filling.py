"""Templates that stand for a value."""

from typing import Any

import pytest

from nodes.filling import argument, filled

INPUTS = {"rows": [1, 2], "case": {"price": 7, "tags": ["a"]}, "word": "3", "state": {"board": ["x"]}}


@pytest.mark.parametrize(
    ("template", "value", "wired"),
    [
        ("{{rows}}", [1, 2], True), (" {{{ case.tags }}} ", ["a"], True), ("{{case.price}}", 7, True),
        ("{{state.board}}", ["x"], True), ("{{nothing}}", None, True), ("{{rows.first}}", None, True),
        ("{{word}} and {{case.price}}", "3 and 7", False), ("plain", "plain", False),
    ],
)  # fmt: skip
def test_a_lone_name_is_the_value_itself(template: str, value: Any, wired: bool):
    """A part of a record and a state variable keep their type; a sentence is written out."""
    assert filled(template, INPUTS) == (value, wired)


@pytest.mark.parametrize(
    ("template", "type", "value"),
    [
        ("{{case.price}}", "number", 7), ("{{word}}", "number", 3), ("{{word}}", "string", "3"),
        ("[{{case.price}}]", "array", [7]), ("many", "number", "many"), ("", "number", ""),
    ],
)  # fmt: skip
def test_an_argument_has_the_type_its_tool_wants(template: str, type: str, value: Any):
    """Text is read as JSON where the tool wants no text; what cannot be read is left for the tool to refuse."""
    assert argument(template, {"type": type}, INPUTS) == value
