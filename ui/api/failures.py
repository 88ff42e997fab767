"""What went wrong in a run: what the detectors find, what a model says, and which correction turns the outcome."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field

from graphs.counterfactual import MOST
from nodes.contract import NodeError
from store.runs import RunRow
from ui import trying
from ui.api.errors import ApiError
from ui.api.input import Input, Opened, StrictRoute
from ui.deciding import Wanted, good_runs, planned
from ui.diagnosing import diagnose
from ui.explaining import report

router = APIRouter(route_class=StrictRoute)


class Against(Input):
    """``good``: a run on the same inputs that went well; ``diagnosis``: the run in which a model said what went wrong;
    ``expect``: CEL over outputs that a good run meets, '' for those of ``good``, else that it is done; ``spans``: only
    these visits; ``most``: forks made at most.
    """

    good: str | None = Field(default=None, max_length=64)
    diagnosis: str | None = Field(default=None, max_length=64)
    expect: str = Field(default="", max_length=2_000)
    spans: list[str] | None = Field(default=None, max_length=50)
    most: int = Field(default=MOST, ge=1, le=50)


class Ask(Input):
    """``model`` takes the place of the default one."""

    model: str | None = Field(default=None, max_length=200)


def _run(workspace: Opened, id: str) -> RunRow:
    return workspace.runs.get(id)


Run = Annotated[RunRow, Depends(_run)]
"""The run in the path, by id or number."""


@router.get("/runs/{id}/failures")
def failures(workspace: Opened, run: Run) -> dict[str, Any]:
    """What rules find wrong with the run so far."""
    return report(workspace, run)


@router.post("/runs/{id}/diagnosis")
def diagnosis(workspace: Opened, run: Run, given: Ask) -> dict[str, Any]:
    """Which step a model blames; answers once it has."""
    with _possible(run):
        return diagnose(workspace, run, model=given.model)


@router.get("/runs/{id}/corrections")
def corrections(
    workspace: Opened, run: Run, good: str | None = None, diagnosis: str | None = None
) -> dict[str, Any]:  # fmt: skip
    """Which steps would be tried, with the cost of each, and the runs that could be held against this one."""
    with _possible(run):
        plan = planned(workspace, run, _wanted(workspace, Against(good=good, diagnosis=diagnosis)))
        return {**plan.as_dict(), "good": good_runs(workspace, run)}


@router.get("/runs/{id}/counterfactual")
def trials(workspace: Opened, run: Run) -> dict[str, Any]:
    """How far the trials are."""
    return trying.state_of(workspace, run)


@router.post("/runs/{id}/counterfactual", status_code=202)
def counterfactual(workspace: Opened, run: Run, given: Against) -> dict[str, Any]:
    """Try corrections on forks until one turns the outcome."""
    with _possible(run):
        return trying.begin(workspace, planned(workspace, run, _wanted(workspace, given)))


@router.delete("/runs/{id}/counterfactual", status_code=202)
def give_up(workspace: Opened, run: Run) -> dict[str, Any]:
    """Stop the fork that runs, and make no further one."""
    with _possible(run):
        trying.cancel(workspace, run)
    return trying.state_of(workspace, run)


def _wanted(workspace: Opened, given: Against) -> Wanted:
    def row(id: str | None) -> RunRow | None:
        return workspace.runs.get(id) if id else None

    return Wanted(row(given.good), row(given.diagnosis), given.expect.strip(), given.spans, given.most)


@contextmanager
def _possible(run: RunRow) -> Generator[None]:
    """What cannot be asked of this run is a conflict."""
    try:
        yield
    except NodeError as error:
        raise ApiError(409, "not-possible", error.what, where=f"run {run.number}", mend=error.mend) from None
