"""The tree every search grows: what was tried, what it led to, how good that is, and what became of it.

Nodes are numbered in the order they are made, and that order breaks every tie, so a search with the same
proposals and values makes the same tree. Equal situations are kept once: a new node is left out when an
earlier one has the same situation at no more cost and no more depth; where the new one is cheaper or less
deep, the earlier one is closed instead, if it is still open.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from nodes.templating import as_text
from nodes.views import SearchStatus, View, search_view

MAX_SHOWN: Final = 300  # nodes of a view: more cannot be read, and each view is stored
LABEL: Final = 80  # characters


@dataclass(eq=False)
class SearchNode:
    """One node: the situation an action led to."""

    number: int
    parent: "SearchNode | None"
    action: Any
    """What led here from the parent; None for the root."""
    situation: Any
    depth: int
    """Actions from the root; 0 for the root."""
    cost: float
    """Of the whole way from the root; the depth where actions have no costs of their own."""
    value: float | None = None
    """How good it is: 0 (hopeless) to 1 (the goal); in A* the estimated cost still to go."""
    feedback: str = ""
    """What the valuation said; the next proposals from here are told."""
    status: SearchStatus = "open"
    children: list["SearchNode"] = field(default_factory=list["SearchNode"])
    visits: int = 0
    """Monte Carlo: how often its value was counted, its own valuation included."""
    total: float = 0.0
    """Monte Carlo: the sum of the values counted."""

    @property
    def id(self) -> str:
        """``n0`` for the root."""
        return f"n{self.number}"

    def path(self) -> list["SearchNode"]:
        """From the root to this node."""
        return [self] if self.parent is None else [*self.parent.path(), self]

    def actions(self) -> list[Any]:
        """What was done from the root to here."""
        return [node.action for node in self.path()[1:]]


class Tree:
    """The nodes of one search in the order they were made."""

    def __init__(self, situation: Any) -> None:
        self.root = SearchNode(0, None, None, situation, 0, 0.0)
        self.nodes = [self.root]
        self.expanded = 0
        """How many nodes had proposals asked for."""
        self.duplicates = 0
        """How many proposals led to a situation already known."""
        self._known: dict[str, list[SearchNode]] = {_key(situation): [self.root]}

    def add(self, parent: SearchNode, action: Any, situation: Any, cost: float = 1.0) -> SearchNode | None:
        """A new open node below ``parent``, ``cost`` further on; None for a situation known as cheap as that."""
        node = SearchNode(len(self.nodes), parent, action, situation, parent.depth + 1, parent.cost + cost)
        same = self._known.setdefault(_key(situation), [])
        if any(known.cost <= node.cost and known.depth <= node.depth for known in same):
            self.duplicates += 1
            return None
        for known in same:
            if known.status == "open" and known.cost >= node.cost and known.depth >= node.depth:
                known.status = "pruned"
        same.append(node)
        self.nodes.append(node)
        parent.children.append(node)
        return node

    def fail(self, parent: SearchNode, action: Any, why: str) -> None:
        """Note an action that could not be done; nothing follows from it."""
        node = SearchNode(len(self.nodes), parent, action, why, parent.depth + 1, parent.cost, status="failed")
        self.nodes.append(node)
        parent.children.append(node)

    def best(self) -> SearchNode:
        """The node of the highest value, the first made among equals; the root while none is valued."""
        rated = [node for node in self.nodes[1:] if node.value is not None and node.status != "failed"]
        return max(rated, key=lambda node: (node.value or 0.0, -node.number), default=self.root)

    def view(self, best: SearchNode | None = None, *, summary: str = "") -> View:
        """At most ``MAX_SHOWN`` nodes, the way to ``best`` always among them."""
        way = best.path() if best else []
        first = self.nodes[:MAX_SHOWN]
        shown = [*first, *(node for node in way if node.number >= MAX_SHOWN)]
        cut = f"; {len(self.nodes) - len(shown):,} not shown" if len(shown) < len(self.nodes) else ""
        said = summary or f"{self.expanded:,} expanded, {len(self.nodes):,} nodes"
        return search_view([_shown(node) for node in shown], best=best.id if best else "", summary=said + cut)


def onward(nodes: Sequence[SearchNode], *, depth: int, prune: float | None = None) -> list[SearchNode]:
    """Those of ``nodes`` that may be looked into: less deep than ``depth``, valued above ``prune``."""
    for node in nodes:
        if prune is not None and node.value is not None and node.value <= prune:
            node.status = "pruned"
    return [node for node in nodes if node.status == "open" and node.depth < depth]


def _key(situation: Any) -> str:
    return json.dumps(situation, sort_keys=True, ensure_ascii=False, default=str)


def _shown(node: SearchNode) -> dict[str, Any]:
    label = as_text(node.situation if node.parent is None else node.action).strip()
    label = label if len(label) <= LABEL else label[: LABEL - 1] + "…"
    shown = {
        "id": node.id, "parent": node.parent.id if node.parent else None, "label": label or "start",
        "value": node.value, "status": node.status,
    }  # fmt: skip
    return shown | ({"visits": node.visits} if node.visits else {})
