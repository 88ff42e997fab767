"""The fields of a question as widgets, and their values as an answer."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

import streamlit as st

from ui.panels.words import safe

FEW: Final = 6
"""Choices up to which all are shown at once."""
SHORT: Final = 40
"""Characters of a choice that fits beside others."""
LINE: Final = 20
"""Pixels of a line in the box of a long text, which is as high as what stands in it at first, within bounds."""
SMALLEST: Final = 68
LARGEST: Final = 420
FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2200, 12, 31)
"""Of the calendar; a field's own bounds are checked with the answer, so that they are told in words."""
Field = Mapping[str, Any]


def draw(field: Field, key: str, fault: str | None) -> Any:
    """Draw a field and return its value: what the form takes, or None for nothing."""
    value = _WIDGETS.get(str(field["type"]), _long_text)(field, _label(field), f"{key}_{field['name']}")
    if fault:
        st.html(f'<p class="fault" role="alert">{safe(fault)}</p>')
    elif about := _about(field):
        st.html(f'<p class="help">{safe(about)}</p>')
    return value


def _label(field: Field) -> str:
    """The title as plain text: nothing a model or a person wrote is markup."""
    title = "".join(f"\\{char}" if char in "\\`*_{}[]()#+-!|<>~$:" else char for char in str(field["title"]))
    return title if field.get("required", True) else f"{title} (may stay empty)"


def _about(field: Field) -> str:
    """The help of the field, and its bounds in words."""
    low, high, type = field.get("minimum"), field.get("maximum"), field["type"]
    unit = {"choices": " choices", "text": " characters", "long_text": " characters"}.get(str(type), "")
    bounds = ""
    if low is not None and high is not None:
        bounds = f"{low:g} to {high:g}{unit}"
    elif low is not None or high is not None:
        bounds = f"at least {low:g}{unit}" if low is not None else f"at most {high:g}{unit}"
    days = (("from", field.get("earliest")), ("to", field.get("latest")))
    period = " ".join(f"{word} {day}" for word, day in days if day)
    words = [str(field.get("help") or ""), bounds, period, "a whole number" if field.get("whole") else ""]
    return ". ".join(word[:1].upper() + word[1:] for word in words if word)


def _text(field: Field, label: str, key: str) -> Any:
    return st.text_input(label, value=str(field.get("default") or ""), key=key)


def _long_text(field: Field, label: str, key: str) -> Any:
    value = str(field.get("default") or "")
    return st.text_area(label, value=value, key=key, height=_height(value))


def _json(field: Field, label: str, key: str) -> Any:
    default: Any = field.get("default")
    value = "" if default is None else json.dumps(default, indent=2, ensure_ascii=False)
    return st.text_area(label, value=value, key=key, height=_height(value))


def _height(value: str) -> int:
    lines = sum(1 + len(line) // 110 for line in value.split("\n"))
    return max(SMALLEST, min(LARGEST, 28 + LINE * lines))


def _number(field: Field, label: str, key: str) -> Any:
    default: Any = field.get("default")
    if field.get("whole"):
        return st.number_input(label, value=None if default is None else int(default), step=1, key=key)
    return st.number_input(label, value=None if default is None else float(default), step=1.0, format="%g", key=key)


def _boolean(field: Field, label: str, key: str) -> Any:
    default: Any = field.get("default")
    said = st.radio(label, ("Yes", "No"), index=None if default is None else int(not default), horizontal=True, key=key)
    return None if said is None else said == "Yes"


def _choice(field: Field, label: str, key: str) -> Any:
    choices = list(field["choices"])
    default: Any = field.get("default")
    at = choices.index(default) if default in choices else None
    if len(choices) <= FEW:
        return st.radio(label, choices, index=at, key=key, format_func=_plain)
    return st.selectbox(label, choices, index=at, key=key, placeholder="Choose one")


def _choices(field: Field, label: str, key: str) -> Any:
    default = list(field.get("default") or ())
    if len(field["choices"]) <= FEW and all(len(each) <= SHORT for each in field["choices"]):
        return list(st.pills(label, field["choices"], selection_mode="multi", default=default, key=key))
    return st.multiselect(label, field["choices"], default=default, key=key, placeholder="Choose some")


def _date(field: Field, label: str, key: str) -> Any:
    default = date.fromisoformat(field["default"]) if field.get("default") else None
    day = st.date_input(label, value=default, min_value=FIRST_DAY, max_value=LAST_DAY, format="YYYY-MM-DD", key=key)
    return day.isoformat() if isinstance(day, date) else None


def _plain(text: str) -> str:
    return "".join(f"\\{char}" if char in "\\`*_{}[]()#+-!|<>~$:" else char for char in text)


_WIDGETS: Final[dict[str, Callable[[Field, str, str], Any]]] = {
    "text": _text, "long_text": _long_text, "number": _number, "boolean": _boolean, "choice": _choice,
    "choices": _choices, "date": _date, "json": _json,
}  # fmt: skip
