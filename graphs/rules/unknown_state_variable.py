"""CFG104 unknown-state-variable: a node reads or writes a state variable that is not declared.

A template writes nothing in its place, and the model gets a prompt with a hole; a condition fails, and so does
a node that writes it.

Wrong: ``prompt: "So far: {{state.notes}}"`` without ``notes`` under ``state``
Right: the same with ``state: {notes: {type: text}}``
"""

import re
from collections.abc import Iterable, Iterator

from graphs.diagnostics import Diagnostic, Fix, Place, Severity, finding
from graphs.document import ID_PATTERN, StateSpec
from graphs.names import nearest
from graphs.operations import SetState
from graphs.rules.settings import CONDITION
from graphs.rules.state_writes import written
from graphs.rules.subject import Subject
from graphs.state_reads import state_names


def check(subject: Subject) -> Iterator[Diagnostic]:
    known = subject.document.state
    for id in subject.specs:
        for path, name in written(subject, id):
            if name not in known:
                yield _found(id, path, name, "writes", known, "error")
    for id, spec in subject.specs.items():
        for path, widget, name in state_names(spec, subject.node(id).config):
            if name not in known:
                yield _found(id, path, name, "reads", known, "error" if widget == CONDITION else "warning")


def _found(id: str, path: str, name: str, does: str, known: Iterable[str], severity: Severity) -> Diagnostic:
    declared = SetState(name=name, value=StateSpec()) if re.match(ID_PATTERN, name) else None
    return finding(
        "CFG104", f"{id} {does} the state variable {name!r}, which is not declared",
        nearest(name, known, there_are="Declared are") or "Declare it under `state`.",
        place=Place(node=id, config=path), short=f"no state variable {name}",
        fix=Fix(title=f"Declare {name}", ops=(declared,)) if declared else None, severity=severity,
    )  # fmt: skip
