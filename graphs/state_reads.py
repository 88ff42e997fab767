"""Which state variables the settings of a node read: in its templates and in its conditions.

A template reads one as ``{{state.name}}``, a condition as ``state.name`` or ``state["name"]``. The bare ``state``
is a record of all of them: ``size(state) > 0``, ``"name" in state``, ``{{#state}}{{name}}{{/state}}``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from graphs.rules.settings import CONDITION, TEMPLATE, settings_with
from nodes.contract import NodeSpec

_TAG: Final = r"\{\{[{#^&]?\s*state"
_WORD: Final = r"(?<![\w.])state"  # and not the entry ``state`` of another value
_NAMED: Final = {
    TEMPLATE: re.compile(rf"{_TAG}\.(\w+)"),
    CONDITION: re.compile(rf"{_WORD}\s*(?:\.\s*(\w+)\b(?!\s*\()|\[\s*[\"'](\w+)[\"']\s*\])"),
}
_READ: Final = {TEMPLATE: re.compile(rf"{_TAG}\s*[.}}]"), CONDITION: re.compile(rf"{_WORD}\b(?!\s*\()")}


def reads_state(spec: NodeSpec, config: Mapping[str, Any]) -> bool:
    """Whether a setting reads a state variable; a text that only looks like it counts too, which does no harm."""
    written = repr(config)
    if "state" not in written:
        return False
    return "state." in written or any(_READ[widget].search(text) for _, widget, text in _texts(spec, config))


def state_names(spec: NodeSpec, config: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """``(setting, widget, name)`` of every variable that is read by its name; each once for a text."""
    if "state" not in repr(config):
        return
    for path, widget, text in _texts(spec, config):
        found = (match[match.lastindex or 0] for match in _NAMED[widget].finditer(text))
        yield from ((path, widget, name) for name in dict.fromkeys(found))


def _texts(spec: NodeSpec, config: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """``(setting, widget, text)`` of every template and condition, those in records and lists too."""
    for widget in (TEMPLATE, CONDITION):
        for path, value in settings_with(spec.config, config, widget):
            yield from ((path, widget, text) for text in _strings(value))
    for field in spec.template_fields:
        if isinstance(config.get(field), dict):
            yield from ((field, TEMPLATE, text) for text in _strings(config[field]))


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        values = list(cast("dict[str, Any]", value).values())
    else:
        values = cast("list[Any]", list(value)) if isinstance(value, list | tuple) else [value]
    return [each for each in values if isinstance(each, str)]
