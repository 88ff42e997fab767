"""DAT101 missing-input: nothing is wired into a required input.

The node cannot do its work without it.

Wrong: Plan without an edge into ``goal``
Right: ``data: [start.question -> plan.goal]``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Fix, Place, finding
from graphs.operations import Connect
from graphs.rules.subject import Subject
from nodes.contract import Port
from nodes.types import fits


def check(subject: Subject) -> Iterator[Diagnostic]:
    for id in subject.flow.order:
        for port in subject.ports(id).inputs:
            if port.required and (id, port.name) not in subject.fed:
                edge = obvious_source(subject, id, port)
                fix = Fix(title=f"Wire {edge}", ops=(Connect(sort="data", edge=edge),)) if edge else None
                yield finding(
                    "DAT101", f"nothing is wired into {id}.{port.name} ({port.type}), which {id} needs",
                    f"Wire it: {edge}." if edge else f"Wire {_article(port.type)} into it.",
                    place=Place(node=id, port=port.name), short=f"{port.name} is missing", fix=fix,
                )  # fmt: skip


def obvious_source(subject: Subject, id: str, port: Port) -> str | None:
    """The edge a person would draw: from an output of the same name, else from the only one of the type."""
    frames = subject.levels(id)
    outputs = [
        (source, output)
        for source in reversed(subject.flow.order)
        if subject.flow.runs_before(source, id) and subject.node(source).parent in frames
        for output in subject.ports(source).outputs
        if fits(output.type, port.type) and _visible(subject, source, output, frames)
    ]
    named = [each for each in outputs if each[1].name == port.name]
    same = [each for each in outputs if each[1].type == port.type != "any"]
    found = named[:1] or (same if len(same) == 1 else []) or (outputs if len(outputs) == 1 else [])
    return f"{found[0][0]}.{found[0][1].name} -> {id}.{port.name}" if found else None


def _visible(subject: Subject, source: str, output: Port, frames: list[str | None]) -> bool:
    """Item and index are for the frame's body, everything else for what is outside of the frame."""
    return (output.name in subject.hands_body(source)) == (source in frames)


def _article(type: str) -> str:
    return "something" if type == "any" else f"a value of type {type}"
