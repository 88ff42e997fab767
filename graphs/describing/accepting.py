"""From accepted items to the one batch of operations that makes them, whatever else was refused."""

from collections.abc import Collection, Sequence

from graphs.describing.proposal import Item
from graphs.document import EDGE_SORTS, Document, parse_edge
from graphs.operations import Disconnect, Operation, RemoveNode, apply, parse_operations


def with_needs(items: Sequence[Item], chosen: Collection[str]) -> frozenset[str]:
    """The ids chosen, and those that these need."""
    by_id = {each.id: each for each in items}
    found, pending = set[str](), list(chosen)
    while pending:
        id = pending.pop()
        if id not in found and id in by_id:
            found.add(id)
            pending += by_id[id].needs
    return frozenset(found)


def operations(document: Document, items: Sequence[Item], chosen: Collection[str]) -> list[Operation]:
    """The batch for the items chosen, those that they need included; items with a fault are left out.

    A node is removed with the edges that it has by then; an edge that is gone by then is not cut again.
    Raises OperationError where the document is another one than that of the proposal and something does not fit.
    """
    taken = with_needs(items, chosen)
    made: list[Operation] = []
    for item in items:
        if item.id not in taken or item.fault is not None:
            continue
        for op in _now(document, parse_operations([dict(each) for each in item.ops])):
            document = apply(document, [op])
            made.append(op)
    return made


def _now(document: Document, ops: Sequence[Operation]) -> list[Operation]:
    removed = next((op for op in ops if isinstance(op, RemoveNode)), None)
    if removed is not None:
        return removal(document, removed.id)
    return [op for op in ops if not (isinstance(op, Disconnect) and op.edge not in getattr(document.edges, op.sort))]


def removal(document: Document, id: str) -> list[Operation]:
    """Takes a node away with its edges and the nodes in it. Empty where it is not there."""
    if id not in document.nodes:
        return []
    gone = _with_body(document, id)
    cut: list[Operation] = [
        Disconnect(sort=sort, edge=text)
        for sort in EDGE_SORTS
        for text in getattr(document.edges, sort)
        if (edge := parse_edge(text)) is not None and {edge.source, edge.target} & set(gone)
    ]
    return [*cut, *(RemoveNode(id=each) for each in reversed(gone))]


def _with_body(document: Document, id: str) -> list[str]:
    """The node and those in it, outermost first."""
    inside = [each for each, node in document.nodes.items() if node.parent == id]
    return [id, *(one for each in inside for one in _with_body(document, each))]
