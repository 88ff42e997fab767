"""ATT104 missing-resource: nothing is attached to a socket that must be filled.

Recall without a memory space has nowhere to look.

Wrong: ``recall: {kind: memory.recall}`` alone
Right: ``attach: [lessons -> recall]`` with ``lessons: {kind: resource.memory_space}``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Fix, Place, finding
from graphs.operations import Connect
from graphs.rules.sockets import attached
from graphs.rules.subject import Subject
from nodes.contract import Attach


def check(subject: Subject) -> Iterator[Diagnostic]:
    filled = attached(subject)
    used = {line.edge.source for line in subject.joined("attach") if line.edge is not None}
    for id in (
        *subject.flow.order,
        *(each for each in subject.specs if each in used and each not in subject.flow.order),
    ):
        for socket in subject.ports(id).sockets:
            if socket.required and not filled.get((id, socket.name)):
                yield finding(
                    "ATT104", f"{id} needs a {socket.sort} in its socket {socket.name}, and has none",
                    f"Attach a {socket.sort} to it.", place=Place(node=id, port=socket.name),
                    short=f"{socket.name} is missing", fix=_fix(subject, id, socket),
                )  # fmt: skip


def _fix(subject: Subject, id: str, socket: Attach) -> Fix | None:
    """Attaches the only resource of the sort."""
    fitting = [each for each, spec in subject.specs.items() if spec.provides == socket.sort]
    if len(fitting) != 1:
        return None
    edge = f"{fitting[0]} -> {id}.{socket.name}"
    return Fix(title=f"Attach {fitting[0]}", ops=(Connect(sort="attach", edge=edge),))
