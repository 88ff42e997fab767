"""Forks: a run that goes out from a visit of another, and everything such a run is made from.

What a fork was asked is kept in its row (``Run.parent_id``, ``forked_at``, ``changes``), so that a restarted
process makes the same of it again.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from graphs.breakpoints import Edits, Session, check_edits
from graphs.cache import Compiled, GraphCache
from graphs.document import Document, Limits
from graphs.fork_request import Changes, ForkRequest, NotAForkPoint, Origin
from graphs.intermediate import Step
from graphs.kept import Kept, Plan, RecordedVisit, Row, Steps, Taken, Visits, visits_of
from graphs.partial import alone
from graphs.run_table import RunRow, RunTable, Versions
from graphs.steering import Steering
from nodes.contract import NodeError

Trace = Callable[[str], list[Row]]
"""Id of a run -> its spans of operation invoke_node and invoke_workflow, values whole (``store.visits``)."""
ONLY_PLACE: Final = ""
"""In a run of one visit, the span around that visit: there is no trace to look up others in."""


def no_trace(run_id: str) -> list[Row]:
    """For an application that cannot read what it recorded."""
    return []


class Forks:
    """Reads the runs that others go out from."""

    def __init__(self, runs: RunTable, versions: Versions, cache: GraphCache, trace: Trace) -> None:
        self._runs = runs
        self._versions = versions
        self._cache = cache
        self._trace = trace

    def document(self, row: RunRow, request: ForkRequest, given: Document | None) -> Document:
        """The document a fork runs: the given or the recorded one, with the changed settings. Raises NodeError."""
        document = given or self._pinned(row)
        nodes = dict(document.nodes)
        for id, values in request.changes.config.items():
            if id not in nodes:
                raise NodeError(
                    f"There is no node {id!r} whose settings could be changed", mend="Name one of the nodes."
                )
            nodes[id] = nodes[id].model_copy(update={"config": {**nodes[id].config, **values}})
        return document.model_copy(update={"nodes": nodes})

    def prepared(
        self, row: RunRow, request: ForkRequest, given: Document | None, revision: int | None
    ) -> dict[str, Any]:
        """What ``Runner.start`` is called with for a fork. Raises NodeError for a place or a change that cannot be."""
        document = self.document(row, request, given)
        compiled = self._cache.get(document)
        origin = self.origin(row, request, compiled, edited=given is not None)
        return {
            "document": document, "inputs": self.inputs(row, origin, compiled), "workflow_id": row.workflow_id,
            "revision": row.revision if given is None else revision, "origin": origin,
            "model": request.changes.model or row.model,
            "limits": None if given is not None else Limits.model_validate(row.limits),
        }  # fmt: skip

    def origin(self, row: RunRow, request: ForkRequest, compiled: Compiled, *, edited: bool) -> Origin:
        """What the row of the fork says. Raises NodeError for a place or a change that cannot be."""
        visits = self.visits(row)
        point = self._point(visits, row, request)
        steps = _steps(compiled)
        changes: dict[str, Any] = request.changes.model_dump(exclude_defaults=True)
        changes |= request.model_dump(include={"map", "only", "also"}, exclude_defaults=True)
        changes["keep"] = request.keep
        if edited:
            changes["document"] = True
        if point is None:
            if request.only or request.changes.inputs or request.changes.state:
                raise NodeError("There is no visit to make these changes at", mend="Say where to fork: span or node.")
        else:
            changes |= {"node": point.node, "visit": point.place[2], "item": point.place[3]}
        self._check(request, point, steps, compiled)
        return Origin(row.id, point.id if point else None, changes)

    def inputs(self, row: RunRow, origin: Origin, compiled: Compiled) -> dict[str, Any]:
        """The inputs of a fork: those of then, or where it goes out from the start, as changed there."""
        node = _steps(compiled).get(origin.changes.get("node") or "")
        at_start = node is not None and node.spec.dynamic == "workflow_inputs"
        return {**row.inputs, **(origin.changes.get("inputs", {}) if at_start else {})}

    def visits(self, row: RunRow, renamed: Mapping[str, str] | None = None) -> Visits:
        """The visits of a run. Raises NodeError where there is no trace."""
        visits = self.recorded(row, renamed)
        if not visits.root:
            raise NodeError(f"The run {row.number} has no trace, so nothing to go out from", mend="Run it again.")
        return visits

    def recorded(self, row: RunRow, renamed: Mapping[str, str] | None = None) -> Visits:
        """The visits of a run, none where there is no trace."""
        return visits_of(row.id, self._trace(row.id), renamed)

    def compiled(self, origin: Origin, compiled: Compiled) -> Compiled:
        """The graph of a run: that of its workflow, or of one node of it."""
        if not origin.changes.get("only"):
            return compiled
        _, visits, point = self._parent(origin)
        assert point is not None
        return alone(compiled, point.node, point, visits)

    def steering(
        self, run_id: str, origin: Origin, compiled: Compiled, model: str | None, session: Session | None
    ) -> Steering | None:
        """What the run does otherwise than its workflow says; None for a run of its own. Raises NodeError."""
        pins = {
            node: Taken(pin.get("outcome"), dict(pin["outputs"]), None, {"pinned": True})
            for node, pin in origin.changes.get("pins", {}).items()
        }
        if origin.parent_id is None:
            return Steering(run_id, pins=pins, session=session) if pins or session else None
        parent, visits, point = self._parent(origin)
        changes = Changes.model_validate({k: v for k, v in origin.changes.items() if k in Changes.model_fields})
        edits = _edits_at(changes, point)
        if origin.changes.get("only"):
            assert point is not None
            given = {name: value for name, value in (point.input or {}).items() if name != "state"}
            edits = edits.model_copy(update={"inputs": {**given, **changes.inputs}})
            return Steering(run_id, point=(ONLY_PLACE, point.node, 1, None), edits=edits, pins=pins, session=session)
        plan = Plan(
            rule=origin.changes.get("keep", "before"), point=point, also=frozenset(origin.changes.get("also", ())),
            outputs=changes.outputs, outcomes=changes.outcomes,
            reset=frozenset([*changes.config, *([point.node] if point else [])]),
        )  # fmt: skip
        kept = Kept(run_id, visits, plan, self._steps_then(parent, origin), (parent.model, model))
        return Steering(run_id, kept, point.place if point else None, edits, pins, session)

    def _parent(self, origin: Origin) -> tuple[RunRow, Visits, RecordedVisit | None]:
        assert origin.parent_id is not None
        parent = self._runs.get(origin.parent_id)
        visits = self.visits(parent, origin.changes.get("map"))
        point = visits.at(origin.forked_at) if origin.forked_at else None
        return parent, visits, point

    def _steps_then(self, parent: RunRow, origin: Origin) -> Steps:
        """The nodes as they were, by the ids they have now."""
        steps = _steps(self._cache.get(self._pinned(parent)))
        return {_now(origin, id): replace(step, id=_now(origin, id)) for id, step in steps.items()}

    def _pinned(self, row: RunRow) -> Document:
        return Document.model_validate(self._versions.pinned(row.version_hash))

    def _point(self, visits: Visits, row: RunRow, request: ForkRequest) -> RecordedVisit | None:
        if request.span is None and request.node is None:
            return None
        if request.span is not None and request.span in visits.inner:
            outer = visits.at(visits.inner[request.span])
            assert outer is not None
            raise NotAForkPoint(outer.node, outer.id)
        if request.span is not None:
            found = visits.at(request.span)
        else:
            found = visits.last_of(request.node or "", request.visit, request.item)
        if found is None:
            where = f"span {request.span}" if request.span else _said(request)
            ran = ", ".join(dict.fromkeys(each.node for each in visits.all))
            raise NodeError(f"The run {row.number} has no node visit {where}", mend=f"Nodes that ran: {ran}.")
        return replace(found, place=(found.place[0], request.map.get(found.node, found.node), *found.place[2:]))

    def _check(self, request: ForkRequest, point: RecordedVisit | None, steps: Steps, compiled: Compiled) -> None:
        changes, state = request.changes, compiled.workflow.state
        if point is not None:
            step = steps.get(point.node)
            if step is None:
                raise NodeError(
                    f"The workflow has no node {point.node!r} any more, where the fork would go out from",
                    mend="Say by map which node it is now, or fork without a place: all that ended is kept.",
                )
            check_edits(step, Edits(inputs=changes.inputs, state=changes.state), state, "before")
        for node in {*changes.outputs, *changes.outcomes}:
            if node not in steps:
                raise NodeError(
                    f"There is no node {node!r} whose outputs could be changed", mend="Name a node that runs."
                )
            edits = Edits(outputs=changes.outputs.get(node), outcome=changes.outcomes.get(node))
            check_edits(steps[node], edits, state, "before" if point and node == point.node else "after")


def _edits_at(changes: Changes, point: RecordedVisit | None) -> Edits:
    if point is None:
        return Edits()
    return Edits(
        inputs=changes.inputs or None, state=changes.state or None,
        outputs=changes.outputs.get(point.node), outcome=changes.outcomes.get(point.node),
    )  # fmt: skip


def _steps(compiled: Compiled) -> dict[str, Step]:
    return {step.id: step for step in compiled.workflow.all_steps()}


def _now(origin: Origin, node: str) -> str:
    return origin.changes.get("map", {}).get(node, node)


def _said(request: ForkRequest) -> str:
    visit = f"#{request.visit}" if request.visit else ""
    return f"{request.node}{visit}" + ("" if request.item is None else f" of item {request.item}")
