"""DAT110 frame-result-not-fed: nothing in a frame's body gives the result of an item.

The frame runs its body for every item and collects nothing.

Wrong: ``read`` in the frame ``each_doc`` and no edge into ``each_doc.result``
Right: ``data: [read.answer -> each_doc.result]``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Place, finding
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    for id, spec in subject.specs.items():
        if not spec.frame or not subject.children.get(id):
            continue
        for port in spec.frame_inputs:
            if (id, port.name) not in subject.fed:
                yield finding(
                    "DAT110", f"no node in {id} gives its {port.name}, so it collects nothing",
                    f"Wire an output of the last node in it into {id}.{port.name}.",
                    place=Place(node=id, port=port.name), short=f"{port.name} is not fed",
                )  # fmt: skip
