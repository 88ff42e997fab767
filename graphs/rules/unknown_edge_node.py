"""EDG102 edge-to-unknown-node: an edge names a node that does not exist.

Most often the node was renamed or removed in a file edited by hand.

Wrong: ``flow: [start -> pln]`` where the node is ``plan``
Right: ``flow: [start -> plan]``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Fix, Place, finding
from graphs.names import closest, nearest
from graphs.operations import Connect, Disconnect, Operation
from graphs.rules.subject import Line, Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    nodes = subject.document.nodes
    for line in subject.lines:
        if line.edge is None:
            continue
        for id in dict.fromkeys((line.edge.source, line.edge.target)):
            if id not in nodes:
                yield finding(
                    "EDG102", f"the {line.sort} edge {line.text!r} names the node {id!r}, which does not exist",
                    nearest(id, nodes, there_are="Nodes are"), place=Place(edge=line.text), fix=_fix(subject, line),
                )  # fmt: skip


def _fix(subject: Subject, line: Line) -> Fix:
    """Renames the ends to the nearest nodes; removes the edge where there are none or the new edge exists."""
    nodes, edge = subject.document.nodes, line.edge
    assert edge is not None
    source, target = (id if id in nodes else closest(id, nodes) for id in (edge.source, edge.target))
    remove: Operation = Disconnect(sort=line.sort, edge=line.text, at=line.at)
    if source is None or target is None:
        return Fix(title="Remove the edge", ops=(remove,))
    renamed = str(edge._replace(source=source, target=target))
    if renamed in getattr(subject.document.edges, line.sort):
        return Fix(title="Remove the edge", ops=(remove,))
    return Fix(title=f"Make it {renamed}", ops=(remove, Connect(sort=line.sort, edge=renamed)))
