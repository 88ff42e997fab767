"""A template as a value: what is wired in, or text; and as an argument of a tool, which its schema types."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from nodes.templating import render

_ALONE: Final = re.compile(r"^\{\{\{?\s*([a-z][a-z0-9_]*(?:\.\w+)*)\s*\}?\}\}$")


def filled(template: str, inputs: Mapping[str, Any]) -> tuple[Any, bool]:
    """The value, and whether it is the wired one itself.

    A template that is nothing but ``{{name}}`` is the value of that input, ``{{name.part}}`` that entry of it, and
    ``{{state.name}}`` a state variable (None where it is absent); any other is written out as text.
    """
    alone = _ALONE.match(template.strip())
    if alone is None:
        return render(template, inputs), False
    value: Any = inputs
    for part in alone[1].split("."):
        value = value.get(part) if isinstance(value, Mapping) else None  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    return value, True  # pyright: ignore[reportUnknownVariableType]


def value_of(template: str, inputs: Mapping[str, Any]) -> Any:
    """The wired value itself; else the text, or what it is as JSON: a number, true, false, null, a list, a record."""
    value, wired = filled(template, inputs)
    if wired:
        return value
    try:
        return json.loads(value, parse_constant=_no_constant)
    except ValueError:
        return value


def _no_constant(name: str) -> Any:
    """NaN and Infinity are no JSON: such a text stays text."""
    raise ValueError(name)


def argument(template: str, schema: Mapping[str, Any], inputs: Mapping[str, Any]) -> Any:
    """An argument of a tool: a wired value as it is, else text, read as JSON where ``schema`` wants no text."""
    value, wired = filled(template, inputs)
    if wired and not isinstance(value, str):
        return value
    text = render(template, inputs)
    if schema.get("type", "string") == "string" or not text.strip():
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text  # the tool itself says what it wants instead
