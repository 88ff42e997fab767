"""ATT102 socket-taken: two resources are attached to a socket for one.

Nobody can say which of them the node should use.

Wrong: ``attach: [gpt -> work.model, local -> work.model]``
Right: ``attach: [gpt -> work.model]``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Fix, Place, finding
from graphs.operations import Disconnect
from graphs.rules.sockets import attached
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    for (id, name), lines in attached(subject).items():
        socket = subject.ports(id).socket(name)
        if socket is None or socket.many:
            continue
        holder = lines[0].text.split("->")[0].strip()
        for line in lines[1:]:
            yield finding(
                "ATT102", f"{line.text}: the socket {name} of {id} holds {holder} already",
                "Remove one of the two.", place=Place(node=id, edge=line.text, port=name), short=f"two in {name}",
                fix=Fix(title="Remove the edge", ops=(Disconnect(sort="attach", edge=line.text, at=line.at),)),
            )  # fmt: skip
