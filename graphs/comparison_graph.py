"""Two runs on one graph: the nodes and flow edges of both documents, and what each run made of them."""

from collections import Counter
from dataclasses import dataclass
from typing import Final, Literal

from graphs.comparison import Comparison, in_order
from graphs.comparison_trace import LightSpan, Spent
from graphs.document import Document, Edge
from graphs.intermediate import DONE, Kinds
from nodes.registry import KINDS

Within = Literal["both", "left", "right"]

EACH: Final = "each"
_EDITED: Final = ("setting", "kind", "version")


@dataclass(frozen=True)
class Figures:
    """What the visits of a node came to in one run."""

    visits: int
    seconds: float
    tokens: int
    usd: float | None
    """None where a price is unknown."""
    outcome: str | None
    """Of the last visit, as is the status."""
    status: str
    kept: int
    """Visits taken over from another run."""


@dataclass(frozen=True)
class NodePair:
    """A node of the two documents."""

    node: str
    label: str
    kind: str
    parent: str | None
    within: Within
    changes: tuple[str, ...]
    left: Figures | None
    """None where it never ran."""
    right: Figures | None
    first: int | None
    """Index of its first visit."""
    first_changed: int | None


@dataclass(frozen=True)
class EdgePair:
    """A flow edge of the two documents, and how often each run took it."""

    edge: str
    source: str
    outcome: str
    target: str
    within: Within
    left: int
    right: int


def node_pairs(comparison: Comparison, kinds: Kinds = KINDS) -> tuple[NodePair, ...]:
    """The nodes of both documents: in the order they first ran, then those that did not."""
    left, right = (side.document.nodes for side in comparison.sides)
    edited = {change.node for change in comparison.document if change.sort in _EDITED}

    def place(id: str) -> int:
        visits = comparison.of_node[id]
        return visits[0].index if visits else len(comparison.visits)

    return tuple(_node(comparison, id, id in edited, kinds) for id in sorted({**left, **right}, key=place))


def edge_pairs(comparison: Comparison) -> tuple[EdgePair, ...]:
    """The flow edges of both documents, in the order of the right one."""
    left, right = (_flow(side.document) for side in comparison.sides)
    taken = [_taken(comparison, side) for side in (0, 1)]
    return tuple(
        EdgePair(
            str(edge), edge.source, edge.source_handle or DONE, edge.target,
            _within(edge in left, edge in right), *(_times(edge, counts) for counts in taken),
        )
        for edge in dict.fromkeys([*right, *left])
    )  # fmt: skip


def seconds(span: LightSpan) -> float:
    """How long a span took; 0 for one that goes on."""
    return max(0.0, (span.ended_at or span.started_at) - span.started_at)


def _node(comparison: Comparison, id: str, edited: bool, kinds: Kinds) -> NodePair:
    left, right = (side.document.nodes.get(id) for side in comparison.sides)
    now = right or left
    assert now is not None
    visits = comparison.of_node[id]
    found = {sort for visit in visits for sort in visit.changes} | ({"settings"} if edited else set[str]())
    spec = kinds.get(now.kind)
    return NodePair(
        node=id, label=now.label or (spec.title if spec else id), kind=now.kind, parent=now.parent,
        within=_within(left is not None, right is not None), changes=in_order(found),
        left=_figures(comparison, id, 0), right=_figures(comparison, id, 1),
        first=visits[0].index if visits else None,
        first_changed=next((visit.index for visit in visits if visit.changes), None),
    )  # fmt: skip


def _figures(comparison: Comparison, id: str, side: int) -> Figures | None:
    pairs = [visit.pair for visit in comparison.of_node[id]] or comparison.bodies[id]
    spans = [span for pair in pairs if (span := pair.right if side else pair.left)]
    if not spans:
        return None
    spent = sum((comparison.traces[side].spent(span) for span in spans), Spent())
    return Figures(
        visits=len(spans), seconds=sum(seconds(span) for span in spans), tokens=spent.tokens, usd=spent.usd,
        outcome=spans[-1].outcome, status=spans[-1].status, kept=sum(span.kept_from is not None for span in spans),
    )  # fmt: skip


def _taken(comparison: Comparison, side: int) -> Counter[tuple[str, ...]]:
    """How often each node was entered, each outcome was given, and each body was entered from its frame."""
    counts: Counter[tuple[str, ...]] = Counter()
    for visit in comparison.visits:
        span = visit.on(side)
        if span is None or not visit.own:
            continue
        above = comparison.traces[side].by_id.get(span.parent_id or "")
        counts[(visit.node,)] += 1
        counts[(visit.node, span.outcome or "")] += 1
        counts[((above.node_id if above else None) or "", EACH, visit.node)] += 1
    return counts


def _times(edge: Edge, counts: Counter[tuple[str, ...]]) -> int:
    if edge.source_handle == EACH:
        return counts[(edge.source, EACH, edge.target)]
    return counts[(edge.source, edge.source_handle or DONE)] if counts[(edge.target,)] else 0


def _flow(document: Document) -> dict[Edge, None]:
    return dict.fromkeys(edge._replace(source_handle=edge.source_handle or DONE) for edge in document.parsed("flow"))


def _within(left: bool, right: bool) -> Within:
    return "both" if left and right else "left" if left else "right"
