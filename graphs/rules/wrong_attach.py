"""ATT101 wrong-attach: a resource is attached where it does not fit.

A model goes into a socket for models, a tool into one for tools, a role into one for roles, and so on. A role
has sockets itself.

Wrong: ``attach: [calculator -> recall]`` where Recall takes a memory space
Right: ``attach: [calculator -> work.tools]``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Fix, Place, finding
from graphs.names import nearest
from graphs.operations import Disconnect
from graphs.rules.subject import Line, Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    for line in subject.joined("attach"):
        problem = _problem(subject, line)
        if problem:
            fix = Fix(title="Remove the edge", ops=(Disconnect(sort="attach", edge=line.text, at=line.at),))
            yield finding("ATT101", f"{line.text}: {problem[0]}", problem[1], place=Place(edge=line.text), fix=fix)


def _problem(subject: Subject, line: Line) -> tuple[str, str] | None:
    edge = line.edge
    if edge is None or edge.source not in subject.specs or edge.target not in subject.specs:
        return None
    sort = subject.specs[edge.source].provides
    if sort is None:
        return (
            f"{edge.source} is no resource",
            "Only resources are attached; use a flow or data edge.",
        )
    sockets = subject.ports(edge.target).sockets
    fitting = [socket.name for socket in sockets if socket.sort == sort]
    names = [f"{socket.name} ({socket.sort})" for socket in sockets]
    if edge.target_handle is None:
        if fitting:
            return None
        there = f"It takes {', '.join(names)}." if names else "It takes no resources."
        return f"{edge.target} takes no {sort}", there
    socket = subject.ports(edge.target).socket(edge.target_handle)
    if socket is None:
        remedy = nearest(edge.target_handle, [each.name for each in sockets], there_are="Its sockets are")
        return f"{edge.target} has no socket {edge.target_handle!r}", remedy or "It takes no resources."
    if socket.sort != sort:
        remedy = f"Use {edge.target}.{fitting[0]}." if fitting else f"It takes {', '.join(names)}."
        return f"the socket {socket.name} takes a {socket.sort}, {edge.source} is a {sort}", remedy
    return None
