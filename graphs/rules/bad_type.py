"""DAT109 bad-type: an input, output or state variable has a type that does not exist.

Nobody can check the values, and every edge would be let through.

Wrong: ``inputs: {count: {type: integer}}``
Right: ``inputs: {count: {type: number}}``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Fix, finding
from graphs.document import InputSpec, OutputSpec, StateSpec
from graphs.names import nearest
from graphs.operations import SetInput, SetOutput, SetState
from graphs.rules.subject import Subject
from nodes.types import SCALARS, is_type

SYNONYMS = {
    "str": "text", "string": "text", "int": "number", "integer": "number", "float": "number", "bool": "boolean",
    "dict": "record", "object": "record", "list": "list[any]", "array": "list[any]", "list[str]": "list[text]",
}  # fmt: skip


def check(subject: Subject) -> Iterator[Diagnostic]:
    document = subject.document
    parts = (("input", document.inputs), ("output", document.outputs), ("state variable", document.state))
    for word, specs in parts:
        for name, spec in specs.items():
            if is_type(spec.type):
                continue
            known = SYNONYMS.get(spec.type.lower())
            remedy = f"Did you mean {known!r}?" if known else _nearest(spec.type)
            yield finding(
                "DAT109", f"the {word} {name!r} has the type {spec.type!r}, which does not exist", remedy,
                short=f"{name}: no such type", fix=_fix(name, spec, known) if known else None,
            )  # fmt: skip


def _nearest(type: str) -> str:
    return nearest(type, [*SCALARS, "list[text]", "list[number]", "list[any]"], there_are="Types are")


def _fix(name: str, spec: InputSpec | OutputSpec | StateSpec, type: str) -> Fix:
    title = f"Make it {type}"
    if isinstance(spec, InputSpec):
        return Fix(title=title, ops=(SetInput(name=name, value=spec.model_copy(update={"type": type})),))
    if isinstance(spec, OutputSpec):
        return Fix(title=title, ops=(SetOutput(name=name, value=spec.model_copy(update={"type": type})),))
    return Fix(title=title, ops=(SetState(name=name, value=spec.model_copy(update={"type": type})),))
