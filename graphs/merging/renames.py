"""Nodes that only got another id: both sides are read in the ids of the base, and written back in the new ones."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from graphs.document import EDGE_SORTS, Document, Node, parse_edge
from graphs.document_diff import renamed_nodes

Names = Mapping[str, str]
"""Id -> another id."""
LONGEST: Final = 64
"""Characters of an id."""


def renames(before: Document, after: Document) -> dict[str, str]:
    """Old id -> new id: of its looks, or of its kind in its place, there is one node gone and one new."""
    found = renamed_nodes(before, after)
    gone, new = _placed(before, after, set(found)), _placed(after, before, set(found.values()))
    return {**found, **{id: new[place] for place, id in gone.items() if place in new}}


def _placed(document: Document, other: Document, known: set[str]) -> dict[tuple[object, ...], str]:
    """``(kind, position)`` -> the one node there that ``other`` has not."""
    alone = {
        id: (node.kind, node.parent, node.position)
        for id, node in document.nodes.items()
        if id not in other.nodes and id not in known and node.position is not None
    }
    times = Counter(alone.values())
    return {place: id for id, place in alone.items() if times[place] == 1}


def called(document: Document, names: Names) -> Document:
    """The document with nodes under other ids, wherever they are named."""
    if not names:
        return document
    nodes = {names.get(id, id): _within(node, names) for id, node in document.nodes.items()}
    lines = {sort: tuple(edge_called(text, names) for text in getattr(document.edges, sort)) for sort in EDGE_SORTS}
    return document.model_copy(update={"nodes": nodes, "edges": document.edges.model_copy(update=lines)})


def _within(node: Node, names: Names) -> Node:
    """With its frame under its other id."""
    return node.model_copy(update={"parent": names[node.parent]}) if node.parent and node.parent in names else node


def edge_called(text: str, names: Names) -> str:
    """An edge between nodes under other ids; one that cannot be read stays as it is."""
    edge = parse_edge(text)
    if edge is None or not {edge.source, edge.target} & names.keys():
        return text
    return str(edge._replace(source=names.get(edge.source, edge.source), target=names.get(edge.target, edge.target)))


def free_id(id: str, *taken: Mapping[str, object]) -> str:
    """``id``, else ``id_2``, ``id_3``, ...: the first that none has."""
    number, found = 1, id
    while any(found in each for each in taken):
        number += 1
        end = f"_{number}"
        found = f"{id[: LONGEST - len(end)]}{end}"
    return found
