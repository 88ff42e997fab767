"""Counterfactual replay in the workspace: which corrections of a failed run would be tried, and what each would cost.

The trying itself is in ``ui.trying``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from graphs.correction_cost import cost_of
from graphs.counterfactual import (
    MOST,
    Correction,
    Succeeded,
    from_diagnosis,
    from_findings,
    from_good_run,
    in_order,
    is_done,
    meets,
    same_outputs_as,
)
from graphs.diagnosis import read, workflow
from graphs.document import content_hash
from graphs.failures.finding import Finding
from graphs.failures.registry import findings_of
from graphs.failures.trace import Trace
from nodes.conditions import check
from nodes.contract import NodeError
from store.runs import RunRow
from ui.explaining import GOES_ON, open_trace

if TYPE_CHECKING:
    from ui.workspace import Workspace

GOOD_ONES: Final = 8
"""Runs that went well on the same inputs, which are offered to be held against."""
LOOKED_AT: Final = 200
"""Newest runs of the workflow among which they are looked for."""


@dataclass(frozen=True)
class Wanted:
    """What is to be tried, and what a run should come to."""

    good: RunRow | None = None
    """A run on the same inputs that went well: its steps are corrections, its outputs what is wanted."""
    diagnosis: RunRow | None = None
    """The run in which a model said what went wrong: its feedback is a correction."""
    expect: str = ""
    """CEL over ``outputs`` that a run should meet; '': the outputs of ``good``, without it that the run is done."""
    spans: Sequence[str] | None = None
    """Only the corrections of these visits; None: of all."""
    most: int = MOST


@dataclass(frozen=True)
class Plan:
    """Corrections in the order in which they would be tried."""

    run: RunRow
    trace: Trace
    corrections: tuple[Correction, ...]
    succeeded: Succeeded

    def as_dict(self) -> dict[str, Any]:
        """As it goes over the wire."""
        return {
            "run_id": self.run.id, "ends": self.run.status == "done",
            "candidates": [self._candidate(each) for each in self.corrections],
        }  # fmt: skip

    def _candidate(self, correction: Correction) -> dict[str, Any]:
        told = {name: getattr(correction, name) for name in ("span", "node", "visit", "source", "what")}
        cost = asdict(cost_of(correction, self.trace))
        return {**told, "label": self.trace.label(correction.node), **cost, "acts": list(cost["acts"])}


def planned(workspace: "Workspace", run: RunRow, wanted: Wanted) -> Plan:
    """What would be tried on ``run``.

    Raises NodeError for runs that cannot be held against each other, or a condition that is none.
    """
    for each in (run, *(each for each in (wanted.good, wanted.diagnosis) if each is not None)):
        if each.status in GOES_ON:
            raise NodeError(f"The run {each.number} is {each.status}", mend="Ask again when it has ended.")
    trace = open_trace(workspace, run)
    found = in_order(_corrections(workspace, trace, wanted), trace)
    if wanted.spans is not None:
        found = [each for each in found if each.span in wanted.spans]
    return Plan(run, trace, tuple(found[: wanted.most]), _succeeded(run, wanted))


def good_runs(workspace: "Workspace", run: RunRow) -> list[dict[str, Any]]:
    """Runs of the same workflow on the same inputs that came to their end, the newest first."""
    if run.workflow_id is None:
        return []
    known = workspace.runs.list(workflow=run.workflow_id, status="done", limit=LOOKED_AT)
    same = [each for each in known if each.id != run.id and each.inputs == run.inputs]
    names = ("id", "number", "label", "outputs", "parent_id", "ended_at")
    return [{name: getattr(each, name) for name in names} for each in same[:GOOD_ONES]]


def _corrections(workspace: "Workspace", trace: Trace, wanted: Wanted) -> Iterator[Correction]:
    findings = findings_of(trace)
    if wanted.good is not None:
        _require_good(wanted.good, trace.run.inputs, trace.run.number, wanted.expect)
        yield from from_good_run(trace, open_trace(workspace, wanted.good))
    if wanted.diagnosis is not None:
        yield from from_diagnosis(read(_said(wanted.diagnosis), trace, findings))
    yield from _told(findings, trace, wanted)


def _told(findings: Sequence[Finding], trace: Trace, wanted: Wanted) -> Iterator[Correction]:
    """What rules would tell a step; not of one for which a run that went well has the very output."""
    if wanted.good is None:
        yield from from_findings(findings, trace)


def _said(diagnosis: RunRow) -> Mapping[str, Any]:
    if diagnosis.version_hash != content_hash(workflow()) or diagnosis.status != "done":
        raise NodeError(f"The run {diagnosis.number} is no diagnosis", mend="Ask a model what went wrong first.")
    return diagnosis.outputs or {}


def _require_good(good: RunRow, inputs: Mapping[str, Any], number: str, expect: str) -> None:
    succeeded = meets(expect) if expect else is_done
    if not succeeded(good):
        raise NodeError(
            f"The run {good.number} did not go well itself: it is {good.status} with {good.outputs!r}",
            mend="Name a run that did, or say otherwise what a good one gives out.",
        )
    if inputs != good.inputs:
        raise NodeError(
            f"{number} and {good.number} had different inputs, so their steps cannot be held against each other",
            mend=f"Run the workflow again on the inputs of {number}.",
        )


def _succeeded(run: RunRow, wanted: Wanted) -> Succeeded:
    if wanted.expect:
        check(wanted.expect)
        return meets(wanted.expect)
    if wanted.good is not None:
        return same_outputs_as(wanted.good)
    return is_done
