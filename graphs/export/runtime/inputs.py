"""The inputs of a workflow, and what is given held against them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphs.export.runtime.binding import short
from nodes.types import conforms


@dataclass(frozen=True)
class Input:
    """An input. ``type`` is one of text, number, boolean, list[...], record, messages, documents, plan, any."""

    type: str = "text"
    title: str = ""
    description: str = ""
    required: bool = True
    default: Any = None


class InputError(ValueError):
    """The inputs do not fit; says each problem."""


def checked_inputs(declared: Mapping[str, Input], given: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs with defaults filled in; an optional one without a value stays absent. Raises InputError."""
    values = {name: each.default for name, each in declared.items() if each.default is not None}
    values.update((name, value) for name, value in given.items() if value is not None)
    known = ", ".join(declared) or "none"
    problems = [
        *(f"there is no input {name!r}; the inputs are {known}" for name in given if name not in declared),
        *(
            f"the input {name!r} is missing; give a {each.type}"
            for name, each in declared.items()
            if each.required and name not in values
        ),
        *(
            f"the input {name!r} must be a {each.type}, and is {short(values[name])}"
            for name, each in declared.items()
            if name in values and not conforms(values[name], each.type)
        ),
    ]
    if problems:
        raise InputError("; ".join(problems))
    return values
