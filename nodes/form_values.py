"""What fits a field of a form, by its type; and what is wrong with what does not."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from math import isfinite
from typing import Any, Final, cast

SHOWN: Final = 60
"""Characters of a wrong value in a message."""


@dataclass
class Unfit(Exception):
    """A value does not fit: what is wrong with it, to stand after the field's name, and how to mend it."""

    what: str
    mend: str


def value_of(field: Mapping[str, Any], value: Any) -> Any:
    """The value in the field's type; None for nothing where it may be left out."""
    if value is None or value == "" or value == []:
        if field.get("required", True):
            raise Unfit("was not answered", "Fill it in.")
        return None
    return _TYPES.get(str(field.get("type")), _text)(field, value)


def _text(field: Mapping[str, Any], value: Any) -> str:
    if not isinstance(value, str):
        raise Unfit(f"must be a text, and is {_shown(value)}", "Answer it with a text.")
    _bounded(field, len(value), "must have", "characters")
    return value


def _number(field: Mapping[str, Any], value: Any) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise Unfit(f"must be a number, and is {_shown(value)}", "Answer it with a number, such as 12 or 0.5.")
    if field.get("whole"):
        if value != int(value):
            raise Unfit(f"must be a whole number, and is {value:g}", "Leave out the fraction.")
        value = int(value)
    _bounded(field, value, "must be", "")
    return value


def _boolean(field: Mapping[str, Any], value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unfit(f"must be a boolean, and is {_shown(value)}", "Answer it with yes or no (true or false).")
    return value


def _choice(field: Mapping[str, Any], value: Any) -> str:
    choices = list(field.get("choices") or ())
    if value in choices:
        return value
    raise Unfit(f"cannot be {_shown(value)}: {_shown(value)} is not among the choices", _one_of(choices, value))


def _choices(field: Mapping[str, Any], value: Any) -> list[str]:
    if not isinstance(value, list | tuple):
        raise Unfit(f"must be a list of choices, and is {_shown(value)}", _one_of(field.get("choices") or (), None))
    several = cast("Sequence[Any]", value)
    for each in several:
        _choice(field, each)
    chosen = [each for each in field["choices"] if each in several]
    if len(chosen) < len(several):
        raise Unfit("has a choice twice", "Name each once.")
    _bounded(field, len(chosen), "must have", "choices")
    return chosen


def _date(field: Mapping[str, Any], value: Any) -> str:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2026-12-24") else None
    except ValueError:
        day = None
    if day is None:
        raise Unfit(f"must be a date, and is {_shown(value)}", "Write it as year-month-day: 2026-12-24.")
    earliest, latest = field.get("earliest"), field.get("latest")
    if (earliest and value < earliest) or (latest and value > latest):
        bounds = " and ".join(
            word for word in (earliest and f"not before {earliest}", latest and f"not after {latest}") if word
        )
        raise Unfit(f"must be {bounds}, and is {value}", "Choose another day.")
    return value


def _json(field: Mapping[str, Any], value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise Unfit(f"must be JSON, and is {_shown(value)}", f"Mend it: {error}.") from None


_TYPES: Final[dict[str, Callable[[Mapping[str, Any], Any], Any]]] = {
    "text": _text, "long_text": _text, "number": _number, "boolean": _boolean, "choice": _choice,
    "choices": _choices, "date": _date, "json": _json,
}  # fmt: skip


def _bounded(field: Mapping[str, Any], size: float, must: str, unit: str) -> None:
    low, high = field.get("minimum"), field.get("maximum")
    if (low is None or size >= low) and (high is None or size <= high):
        return
    if low is not None and high is not None:
        wanted = f"{low:g} to {high:g}" if low != high else f"{low:g}"
    else:
        wanted = f"at least {low:g}" if low is not None else f"at most {high:g}"
    raise Unfit(f"{must} {wanted}{unit and ' ' + unit}, and {'is' if not unit else 'has'} {size:g}", "Change it.")


def _one_of(choices: Sequence[str], value: Any) -> str:
    near = get_close_matches(str(value), choices, n=1, cutoff=0.6)
    return f"{f'Did you mean {near[0]!r}? ' if near else ''}Choose one of {', '.join(choices) or 'none'}."


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
