"""Which edges of a document came, went, or were moved from one node to another."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from graphs.document import EDGE_SORTS, Document, Edge, EdgeSort, parse_edge
from graphs.document_change import Change, listed
from graphs.intermediate import DONE

End = Callable[[Edge], tuple[str, str | None]]


def _source(edge: Edge) -> tuple[str, str | None]:
    return edge.source, edge.source_handle


def _target(edge: Edge) -> tuple[str, str | None]:
    return edge.target, edge.target_handle


_FIRST_BY: Final[Mapping[EdgeSort, tuple[End, End]]] = {
    "flow": (_source, _target), "data": (_target, _source), "attach": (_target, _source),
}  # fmt: skip
"""The end that an edge most likely kept when it was moved, then the other."""


class EdgeDiff:
    """The edges that differ; two that share an end are one that was moved.

    ``renamed``: old id -> new id of nodes that only got another id.
    """

    def __init__(self, before: Document, after: Document, renamed: Mapping[str, str]) -> None:
        self._new_nodes = set(after.nodes) - set(before.nodes) - set(renamed.values())
        self._gone_nodes = {renamed.get(id, id) for id in before.nodes} - set(after.nodes)
        self._malformed = _malformed(before), _malformed(after)
        self._moved: list[Change] = []
        self._gone: dict[EdgeSort, list[Edge]] = {}
        self._new: dict[EdgeSort, list[Edge]] = {}
        for sort in EDGE_SORTS:
            then, now = [_rename(edge, renamed) for edge in _edges(before, sort)], _edges(after, sort)
            self._gone[sort] = [edge for edge in then if edge not in now]
            self._new[sort] = [edge for edge in now if edge not in then]
            for end in _FIRST_BY[sort]:
                self._match(sort, end)
        self._reordered = list(_reordered([_rename(each, renamed) for each in before.parsed("attach")], after))

    def around(self, id: str) -> list[str]:
        """Where a new node stands, in words: ``after solve``, ``attached to agent.tools``."""
        moved = [parse_edge(each.after) for each in self._moved if each.key == "flow"]
        flow = [*self._new["flow"], *(edge for edge in moved if edge)]
        attach = self._new["attach"]
        found = (
            ("after", [_name(*_source(edge)) for edge in flow if edge.target == id]),
            ("before", [edge.target for edge in flow if edge.source == id]),
            ("using", [edge.source for edge in attach if edge.target == id]),
            ("attached to", [_name(*_target(edge)) for edge in attach if edge.source == id]),
        )
        return [f"{word} {listed(names)}" for word, names in found if names]

    def changes(self) -> Iterator[Change]:
        """Without those that came or went with their node: the node's own change says so."""
        yield from self._moved
        yield from self._reordered
        for sort in EDGE_SORTS:
            for edge in self._gone[sort]:
                if not {edge.source, edge.target} & self._gone_nodes:
                    yield Change("edge_removed", f"{_said(sort, edge)} no more", None, sort, str(edge), None)
            for edge in self._new[sort]:
                if sort == "data" or not {edge.source, edge.target} & self._new_nodes:
                    yield Change("edge_added", f"{_said(sort, edge)} now", None, sort, None, str(edge))
        then, now = self._malformed
        for text in [each for each in then if each not in now]:
            yield Change("edge_removed", f"the edge {text!r}, which cannot be read, is gone", None, None, text, None)
        for text in [each for each in now if each not in then]:
            yield Change("edge_added", f"the edge {text!r} is new and cannot be read", None, None, None, text)

    def _match(self, sort: EdgeSort, end: End) -> None:
        """Take one that went and one that came, with this end in common, for one that was moved."""
        for new in list(self._new[sort]):
            old = next((each for each in self._gone[sort] if end(each) == end(new)), None)
            if old is not None:
                self._gone[sort].remove(old)
                self._new[sort].remove(new)
                self._moved.append(Change("edge_moved", _said_moved(sort, old, new), None, sort, str(old), str(new)))


def _edges(document: Document, sort: EdgeSort) -> list[Edge]:
    """Those that follow the grammar, with the outcome of a flow edge written out."""
    found = document.parsed(sort)
    return [edge._replace(source_handle=edge.source_handle or DONE) for edge in found] if sort == "flow" else found


def _reordered(before: list[Edge], after: Document) -> Iterator[Change]:
    """Sockets whose resources, as far as both documents attach them, stand in another order: it is that of a team."""
    now = after.parsed("attach")
    for target in dict.fromkeys(_target(edge) for edge in now):
        then_order, now_order = (
            [edge.source for edge in edges if _target(edge) == target and edge in other]
            for edges, other in ((before, now), (now, before))
        )
        if then_order != now_order:
            what = f"{_name(*target)} uses {listed(now_order)} in this order, not {listed(then_order)}"
            yield Change("edge_moved", what, None, "attach", listed(then_order), listed(now_order))


def _malformed(document: Document) -> list[str]:
    return [text for sort in EDGE_SORTS for text in getattr(document.edges, sort) if parse_edge(text) is None]


def _rename(edge: Edge, renamed: Mapping[str, str]) -> Edge:
    return edge._replace(source=renamed.get(edge.source, edge.source), target=renamed.get(edge.target, edge.target))


def _name(node: str, handle: str | None) -> str:
    return node if handle in (None, DONE) else f"{node}.{handle}"


def _said_moved(sort: EdgeSort, old: Edge, new: Edge) -> str:
    source, old_source = _name(*_source(new)), _name(*_source(old))
    target, old_target = _name(*_target(new)), _name(*_target(old))
    same_source = _source(old) == _source(new)
    match sort:
        case "flow" if same_source:
            return f"{source} leads to {target}, not to {old_target}"
        case "flow":
            return f"{target} comes after {source}, not after {old_source}"
        case "data" if same_source:
            return f"{source} feeds {target}, not {old_target}"
        case "attach" if same_source:
            return f"{source} is attached to {target}, not to {old_target}"
        case "data":
            return f"{target} takes {source}, not {old_source}"
        case "attach":
            return f"{target} uses {source}, not {old_source}"


def _said(sort: EdgeSort, edge: Edge) -> str:
    source, target = _name(*_source(edge)), _name(*_target(edge))
    return {
        "flow": f"{source} leads to {target}", "data": f"{target} takes {source}", "attach": f"{target} uses {source}",
    }[sort]  # fmt: skip
