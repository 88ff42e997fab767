"""The three documents of a merge, and what each side did to a node."""

from collections.abc import Iterator
from typing import NamedTuple

from graphs.document import EDGE_SORTS, Document, Node, parse_edge
from graphs.merging.conflict import Choice


class Sides(NamedTuple):
    """All in the ids of the base."""

    base: Document
    ours: Document
    theirs: Document

    def of(self, choice: Choice) -> Document:
        return self.theirs if choice == "theirs" else self.ours

    def put(self, choice: Choice, document: Document) -> "Sides":
        """With another document on one side."""
        return self._replace(theirs=document) if choice == "theirs" else self._replace(ours=document)


def body_of(document: Document, id: str) -> set[str]:
    """The node and all that stands in it."""
    found = {id}
    while more := {each for each, node in document.nodes.items() if node.parent in found} - found:
        found |= more
    return found


def touching(document: Document, ids: set[str]) -> Iterator[tuple[str, str]]:
    """``(sort, text)`` of the edges at these nodes."""
    for sort in EDGE_SORTS:
        for text in getattr(document.edges, sort):
            edge = parse_edge(text)
            if edge is not None and {edge.source, edge.target} & ids:
                yield sort, text


def without(document: Document, ids: set[str]) -> Document:
    """The document without these nodes and the edges at them."""
    gone = set(touching(document, ids))
    lines = {
        sort: tuple(text for text in getattr(document.edges, sort) if (sort, text) not in gone) for sort in EDGE_SORTS
    }
    nodes = {id: node for id, node in document.nodes.items() if id not in ids}
    return document.model_copy(update={"nodes": nodes, "edges": document.edges.model_copy(update=lines)})


def meaning(node: Node) -> Node:
    """The node without its layout."""
    return node.model_copy(update={"position": None, "size": None})
