"""Nodes that one side removed. Where the other one changed or used them, somebody has to choose.

A frame and what stands in it are one place: kept, it is kept with its body and with the resources that are
attached to it; removed, what the other side put into it goes too.
"""

from typing import Any, Final

from graphs.document import Document, Node, parse_edge
from graphs.document_change import listed
from graphs.merging.conflict import Choice, Conflict, Decisions
from graphs.merging.sides import Sides, body_of, meaning, touching, without

_OTHER: Final[dict[Choice, Choice]] = {"ours": "theirs", "theirs": "ours"}


class Removals:
    """Settles who is there: ``sides`` are the documents after it, ``gone`` is whom neither has any more."""

    def __init__(self, sides: Sides, renamed: dict[Choice, set[str]], decisions: Decisions) -> None:
        self._sides = sides
        self._renamed = renamed
        self._decisions = decisions
        self._taken: dict[Choice, set[str]] = {"ours": set(), "theirs": set()}
        """What a side loses, for the other removed it."""
        self._back: dict[Choice, set[str]] = {"ours": set(), "theirs": set()}
        """What a side gets back, for the other needs it: that counts more."""
        for remover in _OTHER:
            for id in self._tops(remover):
                self._settle(id, remover)
        self.sides = sides.put("ours", self._settled("ours")).put("theirs", self._settled("theirs"))
        before = {id for side in sides for id in side.nodes}
        self.gone = before - self.sides.ours.nodes.keys() - self.sides.theirs.nodes.keys()

    def _tops(self, remover: Choice) -> list[str]:
        """What a side removed and the other has, without what stood in something removed too."""
        base, side, other = self._sides.base.nodes, self._sides.of(remover).nodes, self._sides.of(_OTHER[remover]).nodes
        removed = {id: None for id in base if id not in side and id in other}
        return [id for id in removed if base[id].parent not in removed or base[id].parent == id]

    def _settle(self, id: str, remover: Choice) -> None:
        keeper = _OTHER[remover]
        kept = self._sides.of(keeper)
        body = body_of(kept, id) | (body_of(self._sides.base, id) & kept.nodes.keys())
        why = self._changes(body, keeper)
        chosen = remover if not why else self._decisions.of(self._conflict(id, remover, why))
        if chosen == remover:
            self._taken[keeper] |= body - self._elsewhere(body, remover)
        else:
            self._back[remover] |= self._attached(body, remover)

    def _settled(self, side: Choice) -> Document:
        found, other = self._sides.of(side), _OTHER[side]
        return _with(without(found, self._taken[side] - self._back[other]), self._sides.of(other), self._back[side])

    def _elsewhere(self, body: set[str], remover: Choice) -> set[str]:
        """What the removing side itself still has: it took it out of the frame, or it never was in it there."""
        return body & self._sides.of(remover).nodes.keys()

    def _changes(self, body: set[str], keeper: Choice) -> list[str]:
        """In words, what a side did with these nodes."""
        base, kept = self._sides.base, self._sides.of(keeper)
        old = [id for id in kept.nodes if id in body and id in base.nodes]
        edited = [id for id in old if meaning(kept.nodes[id]) != meaning(base.nodes[id]) or id in self._renamed[keeper]]
        new = [id for id in kept.nodes if id in body and id not in base.nodes]
        drawn = set(touching(kept, body)) - set(touching(base, body))
        says = [f"changed {listed(edited)}"] if edited else []
        says += [f"put {listed(new)} in it"] if new else []
        says += [f"joined it: {', '.join(sorted(text for _, text in drawn)[:3])}"] if drawn and not new else []
        return says

    def _conflict(self, id: str, remover: Choice, why: list[str]) -> Conflict:
        keeper = _OTHER[remover]
        values: dict[Choice, Any] = {remover: None, keeper: _plain(self._sides.of(keeper).nodes[id])}
        return Conflict(
            f"removed:{id}", "removed", f"{remover} removed {id}, {keeper} {' and '.join(why)}", id, id,
            _plain(self._sides.base.nodes[id]), values["ours"], values["theirs"],
        )  # fmt: skip

    def _attached(self, body: set[str], remover: Choice) -> set[str]:
        """The nodes, the frame they stand in, and the resources attached to them, as far as they were removed."""
        kept, side = self._sides.of(_OTHER[remover]), self._sides.of(remover)
        found, pending = set(body), list(body)
        while pending:
            id = pending.pop()
            parent = kept.nodes[id].parent if id in kept.nodes else None
            sources = [edge.source for edge in kept.parsed("attach") if edge.target == id]
            more = {each for each in (parent, *sources) if each in kept.nodes and each not in side.nodes} - found
            found |= more
            pending += more
        return found


def _with(side: Document, kept: Document, ids: set[str]) -> Document:
    """The side with these nodes as the other has them, and their edges to what it has."""
    nodes = {**side.nodes, **{id: node for id, node in kept.nodes.items() if id in ids and id not in side.nodes}}
    lines = {sort: list(getattr(side.edges, sort)) for sort in ("flow", "data", "attach")}
    for sort, text in touching(kept, ids):
        edge = parse_edge(text)
        if edge is not None and {edge.source, edge.target} <= nodes.keys() and text not in lines[sort]:
            lines[sort].append(text)
    edges = side.edges.model_copy(update={sort: tuple(texts) for sort, texts in lines.items()})
    return side.model_copy(update={"nodes": nodes, "edges": edges})


def _plain(node: Node) -> dict[str, Any]:
    return node.model_dump(mode="json", exclude_defaults=True)
