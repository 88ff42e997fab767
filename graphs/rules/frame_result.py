"""DAT110 frame-result-not-fed: nothing in a frame's body gives the result of an item.

The frame runs its body for every item and collects nothing. An attached sub-workflow must give all it says.

Wrong: ``read`` in the frame ``each_doc`` and no edge into ``each_doc.result``
Right: ``data: [read.answer -> each_doc.result]``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Place, finding
from graphs.rules.sockets import attached as attached_in
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    for id, spec in subject.specs.items():
        if not spec.frame or not subject.children.get(id):
            continue
        attached = id in subject.subworkflows
        spared = optional_gives(subject, id) if attached else ()
        for port in subject.body_feeds(id):
            if (id, port.name) not in subject.fed and port.name not in spared:
                so = "so it would give nothing" if attached else "so it collects nothing"
                yield finding(
                    "DAT110", f"no node in {id} gives its {port.name}, {so}",
                    f"Wire an output of the last node in it into {id}.{port.name}.",
                    place=Place(node=id, port=port.name), short=f"{port.name} is not fed",
                    severity="error" if attached else None,
                )  # fmt: skip


def optional_gives(subject: Subject, id: str) -> set[str]:
    """What no socket that the sub-workflow is attached to insists on."""
    sockets = [
        socket
        for (target, name), lines in attached_in(subject).items()
        if any(line.edge is not None and line.edge.source == id for line in lines)
        and (socket := subject.ports(target).socket(name)) is not None
    ]
    optional = {port.name for socket in sockets for port in socket.gives if not port.required}
    return optional - {port.name for socket in sockets for port in socket.gives if port.required}
