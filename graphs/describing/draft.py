"""A document that operations are tried on while they are thought up, with the questions asked of it."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import count
from typing import Any, Final

from graphs.describing.words import Kinds, Speaker
from graphs.document import Document, Edge, EdgeSort, Node, parse_edge
from graphs.operations import AddNode, Connect, Disconnect, Operation, SetConfig, apply
from graphs.ports import DONE, EACH, ERROR, NodePorts
from graphs.rules.subject import Subject
from nodes.contract import NodeSpec

BACK: Final = frozenset({
    "revise", "retry", "again", "failed", "fail", "rejected", "refuted", "invalid", "defects", "rolled_back",
})  # fmt: skip
"""Outcomes that send the work back."""
STRIDE: Final = (250.0, 190.0)
"""Canvas units from one card to the next, to the right and down."""
_CARD: Final = (200.0, 150.0)


class Draft:
    """Operations so far, and the document after them."""

    def __init__(self, document: Document, kinds: Kinds) -> None:
        self.kinds = kinds
        self.document = document
        self._known = set(document.nodes)
        self.ops: list[Operation] = []

    def do(self, *ops: Operation) -> None:
        """Apply them. Raises OperationError where one does not fit."""
        for op in ops:
            self.document = apply(self.document, [op])
            self.ops.append(op)
            self.__dict__.pop("subject", None)

    @cached_property
    def subject(self) -> Subject:
        return Subject(self.document, self.kinds)

    def spec(self, id: str) -> NodeSpec | None:
        return self.subject.specs.get(id)

    def ports(self, id: str) -> NodePorts:
        return self.subject.ports(id)

    def name(self, id: str) -> str:
        return Speaker(self.document, self.kinds).name(id)

    @property
    def running(self) -> list[str]:
        """The nodes that run."""
        return list(self.subject.running)

    # --- edges ---

    def edges(self, sort: EdgeSort) -> list[tuple[str, Edge]]:
        """The readable edges of a sort with their texts; the outcome of a flow edge written out."""
        found: list[tuple[str, Edge]] = []
        for text in getattr(self.document.edges, sort):
            edge = parse_edge(text)
            if edge is not None:
                full = edge._replace(source_handle=edge.source_handle or DONE) if sort == "flow" else edge
                found.append((text, full))
        return found

    def connect(self, sort: EdgeSort, edge: Edge) -> None:
        """Draw an edge where it is not there yet."""
        text = spelled(sort, edge)
        if edge not in [each for _, each in self.edges(sort)]:
            self.do(Connect(sort=sort, edge=text))

    def cut(self, sort: EdgeSort, text: str) -> None:
        self.do(Disconnect(sort=sort, edge=text))

    def ways_out(self, id: str) -> list[str]:
        """The outcomes of a node that a person draws: neither ``error`` nor ``each``."""
        return [name for name in self.ports(id).outcomes if name not in (ERROR, EACH)]

    def upstream(self, id: str) -> list[str]:
        """The nodes before ``id`` along flow, the nearest first."""
        into: dict[str, list[str]] = {}
        for _, edge in self.edges("flow"):
            into.setdefault(edge.target, []).append(edge.source)
        found = dict.fromkeys(into.get(id, ()))
        for each in list(found):
            _walk(each, into, found)
        found.pop(id, None)
        return [each for each in found if each in self.document.nodes]

    # --- nodes ---

    def add(
        self, kind: str, *, near: str | None = None, below: bool = False, label: str = "",
        config: Mapping[str, Any] | None = None,
    ) -> str:  # fmt: skip
        """A new node beside or below another one, in the same frame; its id."""
        spec = self.kinds[kind]
        id = self._fresh(id_of(label or spec.title))
        beside = self.document.nodes.get(near) if near else None
        node = Node(
            kind=kind, version=spec.version, label=label, config=dict(config or {}),
            parent=beside.parent if beside else None, position=self._place(beside, below=below),
        )  # fmt: skip
        self.do(AddNode(id=id, node=node))
        return id

    def _fresh(self, wish: str) -> str:
        """An id that no node has or had: what is removed may be kept by whoever refuses that."""
        taken = self._known | set(self.document.nodes)
        return next(name for number in count(1) if (name := wish if number == 1 else f"{wish}_{number}") not in taken)

    def set(self, id: str, key: str, value: Any) -> None:
        self.do(SetConfig(id=id, key=key, value=value))

    def place(self, after: str | None, *, below: bool) -> tuple[float, float]:
        """A free place beside or below a node."""
        return self._place(self.document.nodes.get(after) if after else None, below=below)

    def _place(self, beside: Node | None, *, below: bool) -> tuple[float, float]:
        level = beside.parent if beside else None
        taken = [each.position or (0.0, 0.0) for each in self.document.nodes.values() if each.parent == level]
        x, y = beside.position if beside and beside.position else (0.0, 0.0)
        if beside is not None:
            x, y = (x, y + STRIDE[1]) if below else (x + STRIDE[0], y)
        return next(spot for spot in _spots(x, y) if not any(_overlaps(spot, each) for each in taken))


def _walk(id: str, into: Mapping[str, list[str]], found: dict[str, None]) -> None:
    pending = [id]
    while pending:
        for each in into.get(pending.pop(0), ()):
            if each not in found:
                found[each] = None
                pending.append(each)


def _spots(x: float, y: float) -> Iterable[tuple[float, float]]:
    """Places from the wished one downwards, then further right."""
    return ((x + STRIDE[0] * right, y + STRIDE[1] * down) for right in range(10_000) for down in range(8))


def _overlaps(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return abs(one[0] - other[0]) < _CARD[0] and abs(one[1] - other[1]) < _CARD[1]


def id_of(name: str) -> str:
    """A name as an id of a node."""
    id = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:60]
    return id if re.match(r"[a-z]", id) else f"node_{id}".rstrip("_")


def spelled(sort: EdgeSort, edge: Edge) -> str:
    """The canonical text of an edge."""
    plain = edge._replace(source_handle=None) if sort == "flow" and edge.source_handle == DONE else edge
    return str(plain)
