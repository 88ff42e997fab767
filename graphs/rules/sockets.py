"""Which resource sits in which socket, as far as the attach edges fit; shared by the rules about resources."""

from collections import defaultdict

from graphs.rules.subject import Line, Subject


def attached(subject: Subject) -> dict[tuple[str, str], list[Line]]:
    """(node, socket) -> the attach edges into it."""
    found: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in subject.joined("attach"):
        edge = line.edge
        if edge is None or edge.source not in subject.specs:
            continue
        fitting = subject.ports(edge.target).sockets_for(subject.specs[edge.source].provides)
        socket = next((each for each in fitting if edge.target_handle in (None, each.name)), None)
        if socket is not None:
            found[edge.target, socket.name].append(line)
    return found
