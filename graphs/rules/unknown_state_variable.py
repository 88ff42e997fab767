"""CFG104 unknown-state-variable: a node reads or writes a state variable that is not declared.

A template writes nothing in its place, and the model gets a prompt with a hole; a condition fails, and so does
a node that writes it.

Wrong: ``prompt: "So far: {{state.notes}}"`` without ``notes`` under ``state``
Right: the same with ``state: {notes: {type: text}}``
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, cast

from graphs.diagnostics import Diagnostic, Fix, Place, Severity, finding
from graphs.document import ID_PATTERN, StateSpec
from graphs.names import nearest
from graphs.operations import SetState
from graphs.rules.settings import CONDITION, TEMPLATE, settings_with
from graphs.rules.state_writes import written
from graphs.rules.subject import Subject

_READS: Final = {
    TEMPLATE: re.compile(r"\{\{[{#^&]?\s*state\.(\w+)"),
    CONDITION: re.compile(r"\bstate\.(\w+)(?!\s*\()"),
}


def check(subject: Subject) -> Iterator[Diagnostic]:
    known = subject.document.state
    for id in subject.specs:
        for path, name in written(subject, id):
            if name not in known:
                yield _found(id, path, name, "writes", known, "error")
    for id, path, widget, text in _texts(subject):
        for name in dict.fromkeys(_READS[widget].findall(text)):
            if name in known:
                continue
            yield _found(id, path, name, "reads", known, "error" if widget == CONDITION else "warning")


def _found(id: str, path: str, name: str, does: str, known: Iterable[str], severity: Severity) -> Diagnostic:
    declared = SetState(name=name, value=StateSpec()) if re.match(ID_PATTERN, name) else None
    return finding(
        "CFG104", f"{id} {does} the state variable {name!r}, which is not declared",
        nearest(name, known, there_are="Declared are") or "Declare it under `state`.",
        place=Place(node=id, config=path), short=f"no state variable {name}",
        fix=Fix(title=f"Declare {name}", ops=(declared,)) if declared else None, severity=severity,
    )  # fmt: skip


def _texts(subject: Subject) -> Iterator[tuple[str, str, str, str]]:
    """``(node, setting, widget, text)`` of every template and condition that mentions the state."""
    for id, spec in subject.specs.items():
        if "state." not in repr(subject.node(id).config):
            continue
        for widget in (TEMPLATE, CONDITION):
            for path, value in settings_with(spec.config, subject.node(id).config, widget):
                yield from ((id, path, widget, text) for text in _strings(value))
        for field in spec.template_fields:
            value = subject.node(id).config.get(field)
            if isinstance(value, dict):
                yield from ((id, field, TEMPLATE, text) for text in _strings(cast("dict[str, Any]", value)))


def _strings(value: Any) -> list[str]:
    values = cast("dict[str, Any]", value).values() if isinstance(value, dict) else (value,)
    return [each for each in values if isinstance(each, str)]
