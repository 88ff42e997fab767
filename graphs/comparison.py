"""Two runs held against each other: their visits aligned, what changed at each, and where they part.

Of one workflow, of two versions of it, or a fork and its parent. Pure: it is given the traces without their values,
and asks for values only where two may be equal though their JSON is not.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graphs.comparison_alignment import Pair, align
from graphs.comparison_changes import CHANGES, Alike, Changes
from graphs.comparison_order import Order
from graphs.comparison_trace import LightSpan, Trace
from graphs.document import Document
from graphs.document_change import Change
from graphs.document_diff import document_changes
from graphs.replay_matching import same


@dataclass(frozen=True)
class Side:
    """One of the two runs."""

    document: Document
    spans: Sequence[LightSpan]
    """In the order they began."""
    status: str
    outputs: Mapping[str, Any] | None


@dataclass(frozen=True)
class Visit:
    """A visit of a node on both sides, or on one."""

    index: int
    pair: Pair
    depth: int
    """How many visits it stands in."""
    own: bool
    """Of a node of the two documents; False inside a workflow that a node runs."""
    changes: tuple[str, ...]
    """In the order of ``CHANGES``."""
    parted: float | None
    """When the first of them came to be, as ``Order`` has it; None where there is none."""

    @property
    def node(self) -> str:
        return self.pair.span.node_id or ""

    def on(self, side: int) -> LightSpan | None:
        """The visit in the left run (0) or the right one (1)."""
        return self.pair.right if side else self.pair.left


class Comparison:
    """Two runs side by side."""

    def __init__(self, left: Side, right: Side, alike: Alike) -> None:
        self.sides = left, right
        self.traces = Trace(left.spans), Trace(right.spans)
        pairs = align(*self.traces)
        every = [each for pair in pairs for each in pair.all()]
        order = Order(self.traces[1], every)
        self._changes = Changes(order, alike)
        self.visits = self._visits(pairs, order)
        self.changed = tuple(visit.index for visit in self.visits if visit.changes)
        self.of_node: defaultdict[str, list[Visit]] = defaultdict(list)
        """The visits of each node of the documents."""
        for visit in self.visits:
            if visit.own:
                self.of_node[visit.node].append(visit)
        self.bodies: defaultdict[str, list[Pair]] = defaultdict(list)
        """The runs of each attached sub-workflow, by its frame, which has no visits of its own."""
        for pair in every:
            if pair.span.operation == "invoke_workflow" and pair.span.node_id:
                self.bodies[pair.span.node_id].append(pair)

    @property
    def same(self) -> bool:
        """Whether both did the same and ended alike; the workflows may still differ."""
        ends = [{"status": side.status, "outputs": side.outputs} for side in self.sides]
        return not self.changed and same(*ends)

    @cached_property
    def first(self) -> Visit | None:
        """The first point of divergence: the visit where a change came to be before any other."""
        return min((self.visits[index] for index in self.changed), key=_parted, default=None)

    @cached_property
    def document(self) -> tuple[Change, ...]:
        """How the two workflows differ."""
        left, right = self.sides
        return document_changes(left.document, right.document)

    def calls(self, visit: Visit) -> list[tuple[Pair, tuple[str, ...]]]:
        """The calls of a visit, the changed ones first, each with what changed."""
        calls = [call for call in visit.pair.below if call.span.operation != "invoke_node"]
        told = [(call, in_order(self._changes.of_call(call))) for call in calls]
        return sorted(told, key=lambda each: not each[1])

    def _visits(self, pairs: Iterable[Pair], order: Order) -> tuple[Visit, ...]:
        found = [each for pair in pairs for each in _below(pair, 0, True)]
        found.sort(key=lambda each: order.place(each[0]))
        changes = [self._changes.of_visit(pair) for pair, _, _ in found]
        return tuple(
            Visit(index, pair, depth, own, in_order(each), min(each.values(), default=None))
            for index, ((pair, depth, own), each) in enumerate(zip(found, changes, strict=True))
        )


def in_order(changes: Iterable[str]) -> tuple[str, ...]:
    """The sorts of changes in the order they are told."""
    found = set(changes)
    return tuple(sort for sort in CHANGES if sort in found)


def _below(pair: Pair, depth: int, own: bool) -> Iterator[tuple[Pair, int, bool]]:
    """The visits among a pair and what stands below it, with their depth and whether they are the documents' own."""
    visit = pair.span.operation == "invoke_node"
    if visit:
        yield pair, depth, own
    # A workflow that a node runs has no node of its own; the frame of an attached one has.
    foreign = depth > 0 and not visit and pair.span.node_id is None
    for below in pair.below:
        yield from _below(below, depth + visit, own and not foreign)


def _parted(visit: Visit) -> tuple[float, bool, int]:
    """Of changes at the same moment: the inner visit of two, and what the right run alone has after what led to it."""
    alone = visit.pair.left is None
    return visit.parted or 0.0, alone, 0 if alone else -visit.depth
