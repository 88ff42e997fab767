"""Kept visits: what a run takes from the trace of another in place of running it.

A fork, a partial run and "run again only what changed" differ in nothing but which visits are kept. A visit is
found by its place (the frames around it, node, visit, item) and kept where the node and its bound inputs are
those of then. Frames themselves always run: what they do is to hand out items, and their bodies' visits are
looked up one by one.
"""

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from graphs.fork_request import Rule
from graphs.history import of_tool, tools_kept
from graphs.intermediate import ERROR, Step
from graphs.signature import has_effects, same_inputs, signature_of
from nodes.contract import RunEvent

Row = Mapping[str, Any]
Steps = Mapping[str, Step]
Place = tuple[str, str, int, int | None]
"""Span around it (of the trace), node, visit, item."""
ENDED: Final = ("ok", "error")


@dataclass(frozen=True)
class RecordedVisit:
    """A node's visit in a trace."""

    id: str
    run_id: str
    place: Place
    status: str
    began: float
    ended: float | None
    input: Any
    output: dict[str, Any]
    outcome: str | None
    error: dict[str, Any] | None
    attributes: dict[str, Any]
    tools: tuple[RunEvent, ...] = ()
    """The tools it called; what comes after it may ask for them."""

    @property
    def node(self) -> str:
        return self.place[1]

    @property
    def origin(self) -> tuple[str, str]:
        """The span that really ran, and its run: where this one was kept itself, that of then."""
        return self.attributes.get("kept_from", self.id), self.attributes.get("kept_run", self.run_id)


@dataclass(frozen=True)
class Visits:
    """The visits of one run's trace that counted, in the order they began."""

    root: str
    """Span of the run itself."""
    all: tuple[RecordedVisit, ...]
    inner: Mapping[str, str]
    """Span of what a node did inside its visit (a tool call, a workflow and its visits) -> the node's visit."""

    def at(self, span: str) -> RecordedVisit | None:
        return self.by_id.get(span)

    def last_of(self, node: str, visit: int | None = None, item: int | None = None) -> RecordedVisit | None:
        """The last visit of a node, or the one named."""
        found = [
            each for each in self.all
            if each.node == node and visit in (None, each.place[2]) and item in (None, each.place[3])
        ]  # fmt: skip
        return found[-1] if found else None

    @cached_property
    def by_id(self) -> Mapping[str, RecordedVisit]:
        return {each.id: each for each in self.all}

    def around(self, visit: RecordedVisit) -> frozenset[str]:
        """Spans of the frames that a visit stands in."""
        found: set[str] = set()
        while visit.place[0] in self.by_id:
            visit = self.by_id[visit.place[0]]
            found.add(visit.id)
        return frozenset(found)


def visits_of(run_id: str, rows: Iterable[Row], renamed: Mapping[str, str] | None = None) -> Visits:
    """The visits among a run's spans; ``renamed`` are nodes that have another id by now.

    Of a visit that a resumed run began anew the last attempt counts, and nothing that stands below the others.
    """
    ordered = sorted(rows, key=lambda row: (row["started_at"], row["id"]))
    root = next((row["id"] for row in ordered if row["parent_id"] is None), "")
    nodes = [row for row in ordered if row["operation"] == "invoke_node"]
    last = {_place(row): row["id"] for row in nodes}
    counted = {root: ordered[0]} if ordered else {}
    for row in nodes:
        if row["parent_id"] in counted and last[_place(row)] == row["id"]:
            counted[row["id"]] = row
    inner = _inner(ordered, counted.keys())
    tools: dict[str, list[RunEvent]] = defaultdict(list)
    for row in ordered:
        if row["operation"] == "execute_tool" and row["id"] in inner:
            tools[inner[row["id"]]].append(of_tool(row))
    visits = (_visit(run_id, row, tools[id], renamed or {}) for id, row in counted.items() if id != root)
    return Visits(root, tuple(visits), inner)


def _inner(rows: Sequence[Row], levels: AbstractSet[str]) -> dict[str, str]:
    above = {row["id"]: row["parent_id"] for row in rows}
    found: dict[str, str] = {}
    for row in rows:
        at = row["id"]
        while at is not None and at not in levels:
            at = above.get(at)
        if at is not None and at != row["id"] and at != rows[0]["id"]:
            found[row["id"]] = at
    return found


def _place(row: Row) -> Place:
    return row["parent_id"], row["node_id"], row["visit"], row["item"]


def _visit(run_id: str, row: Row, tools: Sequence[RunEvent], renamed: Mapping[str, str]) -> RecordedVisit:
    parent, node, visit, item = _place(row)
    attributes = dict(row["attributes"] or {})
    return RecordedVisit(
        id=row["id"], run_id=run_id, place=(parent, renamed.get(node, node), visit, item), status=row["status"],
        began=row["started_at"], ended=row["ended_at"], input=row["input"], output=dict(row["output"] or {}),
        outcome=row["outcome"], error=row["error"], attributes=attributes,
        tools=tuple(tools or tools_kept(attributes)),
    )  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """Which visits of a trace a run keeps."""

    rule: Rule
    point: RecordedVisit | None = None
    """Where it departs; with the rule ``before`` and None, all that ended is kept."""
    outputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    """Node -> ports of its last kept visit that get another value."""
    outcomes: Mapping[str, str] = field(default_factory=dict[str, str])
    also: AbstractSet[str] = frozenset()
    """Nodes with side effects that the rule ``unchanged`` keeps too."""
    reset: AbstractSet[str] = frozenset()
    """Nodes whose settings count as unchanged before the point, for they were changed from there on."""


@dataclass(frozen=True)
class Taken:
    """What a visit comes to without running."""

    outcome: str | None
    """None: the node's first one."""
    outputs: dict[str, Any]
    error: dict[str, Any] | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict[str, Any])
    tools: tuple[RunEvent, ...] = ()
    """The tools that were called for it."""


class Kept:
    """The visits that a run takes from a trace."""

    def __init__(
        self, run_id: str, visits: Visits, plan: Plan, recorded: Steps, models: tuple[str | None, str | None]
    ) -> None:
        """``recorded`` are the nodes as they were; ``models`` the default model of then and of now."""
        self._plan = plan
        self._recorded = recorded
        self._models = models
        self._same_spans = {run_id[:16]: visits.root, **{lasting_id(run_id, each.id): each.id for each in visits.all}}
        self._by_place = {each.place: each for each in visits.all}
        self._before = _before(visits, plan)
        self._edited = self._last_kept(visits, {*plan.outputs, *plan.outcomes})
        self._same: dict[tuple[str, bool], bool] = {}

    def __len__(self) -> int:
        return len(self._by_place)

    def place(self, around: str, node: str, visit: int, item: int | None) -> Place:
        """The place in the trace of a visit that begins now below the span ``around``: the run's, or a frame's."""
        return self._same_spans.get(around, ""), node, visit, item

    def recorded(self, place: Place) -> RecordedVisit | None:
        """The visit of the trace at a place."""
        return self._by_place.get(place)

    def take(self, step: Step, place: Place, inputs: Mapping[str, Any], *, handled: bool) -> Taken | None:
        """What a visit comes to by the trace; None where it has to run. ``handled``: an error of it leads on."""
        found = self._by_place.get(place)
        if found is None or step.body is not None or not self._keeps(found, step, handled):
            return None
        if not same_inputs(found.input, inputs):
            return None
        origin, run = found.origin
        attributes: dict[str, Any] = {"kept_from": origin, "kept_run": run}
        if found.status == "error":
            return Taken(ERROR, {}, found.error or {}, attributes, found.tools)
        outcome, outputs = found.outcome, found.output
        if found.id in self._edited:
            outcome = self._plan.outcomes.get(found.node, outcome)
            outputs = {**outputs, **self._plan.outputs.get(found.node, {})}
            attributes["edited"] = True
        return Taken(outcome, outputs, None, attributes, found.tools)

    def _keeps(self, found: RecordedVisit, step: Step, handled: bool) -> bool:
        plan = self._plan
        if found.status not in ENDED or found.ended is None or (found.status == "error" and not handled):
            return False
        if found.id in self._before:
            return step.id in plan.reset or self._same_node(step, model=False)
        if plan.rule == "before" or (plan.point is not None and found.id == plan.point.id):
            return False
        return (not has_effects(step) or step.id in plan.also) and self._same_node(step, model=True)

    def _same_node(self, step: Step, *, model: bool) -> bool:
        """Whether a node is what it was; with ``model``, on the same default model too."""
        key = (step.id, model)
        if key not in self._same:
            then = self._recorded.get(step.id)
            before, now = self._models if model else (None, None)
            self._same[key] = then is not None and signature_of(then, before) == signature_of(step, now)
        return self._same[key]

    def _last_kept(self, visits: Visits, nodes: AbstractSet[str]) -> frozenset[str]:
        last = {each.node: each.id for each in visits.all if each.node in nodes and each.id in self._before}
        return frozenset(last.values())


def _before(visits: Visits, plan: Plan) -> frozenset[str]:
    """Spans of the visits that cannot depend on what comes of the point: they had begun when that ended."""
    point = plan.point
    if point is None and plan.rule == "unchanged":
        return frozenset()
    ended = [each for each in visits.all if each.status in ENDED and each.ended is not None]
    if point is None:
        return frozenset(each.id for each in ended)
    horizon = point.ended if point.ended is not None else math.inf
    around = visits.around(point)
    return frozenset(
        each.id for each in ended
        if each.began < horizon and each.id not in around and point.id not in (each.id, *visits.around(each))
    )  # fmt: skip


def lasting_id(run_id: str, span: str) -> str:
    """The span of a frame's visit in a run that keeps visits: the same after a restart, so that its items are
    found again."""
    return hashlib.sha256(f"{run_id}/{span}".encode()).hexdigest()[:16]
