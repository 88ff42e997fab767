"""FLW107 fan-in-without-join: branches that run side by side lead to a node that is no join.

The node runs once for each of them, and so does everything after it: twice the time and cost, and the
first time without what the slower branch would have given.

Wrong: ``flow: [start -> a, start -> b, a -> sum, b -> sum]``
Right: ``flow: [start -> a, start -> b, a -> join, b -> join, join -> sum]``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Fix, Place, finding
from graphs.document import Node
from graphs.operations import AddNode, Connect, Disconnect, Operation
from graphs.rules.subject import JOIN, Subject
from graphs.topology import FlowEdge


def check(subject: Subject) -> Iterator[Diagnostic]:
    for id in subject.flow.order:
        edges = meeting(subject, id)
        if edges:
            names = " and ".join(dict.fromkeys(edge.source for edge in edges))
            yield finding(
                "FLW107", f"{id} runs once for each of {names}, which run side by side",
                "Put a Join before it, which waits for all of them.", place=Place(node=id),
                short="runs several times", fix=_insert_join(subject, id, edges) if JOIN in subject.kinds else None,
            )  # fmt: skip


def meeting(subject: Subject, id: str) -> list[FlowEdge]:
    """The concurrent edges into a node that does not wait for them."""
    flow = subject.flow
    into = flow.into.get(id, [])
    if len(into) < 2 or id in flow.flow.joins:
        return []
    return [flow.flow.edges[a] for a in into if any(flow.concurrent_edges(a, b) for b in into)]


def _insert_join(subject: Subject, id: str, edges: list[FlowEdge]) -> Fix:
    """A join before the node, in the same frame, a tile to its left."""
    join, node = subject.fresh_id("join"), subject.node(id)
    at = (node.position[0] - 120, node.position[1]) if node.position else None
    ops: list[Operation] = [AddNode(id=join, node=Node(kind=JOIN, parent=node.parent, position=at))]
    for edge in edges:
        left = edge.text.split("->")[0].strip()
        ops += [Disconnect(sort="flow", edge=edge.text), Connect(sort="flow", edge=f"{left} -> {join}")]
    ops.append(Connect(sort="flow", edge=f"{join} -> {id}"))
    return Fix(title="Insert a join", ops=tuple(ops))
