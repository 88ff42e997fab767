"""DAT107 output-not-fed: nothing fills an output of the workflow.

Whoever runs the workflow waits for a value that never comes.

Wrong: ``outputs: {answer: {type: text}}`` and no edge into ``finish.answer``
Right: ``data: [work.answer -> finish.answer]``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Fix, Place, finding
from graphs.operations import Connect
from graphs.rules.missing_input import obvious_source
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    if not subject.finishes:
        return
    for name in subject.document.outputs:
        if any((id, name) in subject.fed for id in subject.finishes):
            continue
        id = subject.finishes[0]
        port = subject.ports(id).input(name)
        edge = obvious_source(subject, id, port) if port else None
        yield finding(
            "DAT107", f"nothing fills the workflow's output {name!r}",
            f"Wire it: {edge}." if edge else f"Wire a value into {id}.{name}, or remove the output.",
            place=Place(node=id, port=name), short=f"{name} is not filled",
            fix=Fix(title=f"Wire {edge}", ops=(Connect(sort="data", edge=edge),)) if edge else None,
        )  # fmt: skip
