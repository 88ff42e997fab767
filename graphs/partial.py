"""One node of a workflow as a workflow of its own, to be run alone with what a trace says it was given."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from graphs.binding import RECORDS, STATE_PREFIX
from graphs.cache import Compiled
from graphs.intermediate import Graph, Step
from graphs.kept import ENDED, RecordedVisit, Visits


def alone(compiled: Compiled, node: str, visit: RecordedVisit, visits: Visits) -> Compiled:
    """The graph of one node, whose outputs are the run's.

    Its inputs are not bound (the run's steering puts in the recorded ones); state variables begin as the visit
    saw them, and what a frame's body reads of other nodes is there as it was.
    """
    workflow = compiled.workflow
    step = next(each for each in workflow.all_steps() if each.id == node)
    seen: Mapping[str, Any] = (visit.input or {}).get("state") or {}
    state = {
        name: spec.model_copy(update={"default": seen[name]}) if name in seen else spec
        for name, spec in workflow.state.items()
    }
    single = replace(workflow, graph=Graph({node: _single(step)}, (node,)), state=state)
    return compiled.rebuilt(single, {RECORDS: records_before(visit, visits)})


def _single(step: Step) -> Step:
    """The step with nothing before or after it; that it gives the workflow's outputs is what a finish does."""
    return replace(step, inputs=(), flow={}, join=None, spec=replace(step.spec, dynamic="workflow_outputs"))


def records_before(visit: RecordedVisit, visits: Visits) -> dict[str, dict[str, Any]]:
    """Node -> its record, as the visit found them on its level and those around it."""
    levels = {visits.root, *visits.around(visit)}
    found: dict[str, dict[str, Any]] = {}
    for step, each in enumerate(visits.all, 1):
        if each.began >= visit.began or each.status not in ENDED or each.place[0] not in levels:
            continue
        outputs = {name: value for name, value in each.output.items() if not name.startswith(STATE_PREFIX)}
        earlier = found.get(each.node, {}).get("outputs", {})
        found[each.node] = {"visit": each.place[2], "step": step, "outputs": {**earlier, **outputs}}
    found.pop(visit.node, None)
    return found
