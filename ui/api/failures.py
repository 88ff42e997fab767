"""What went wrong in a run: what the detectors find, and what a model says."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field

from nodes.contract import NodeError
from store.runs import RunRow
from ui.api.errors import ApiError
from ui.api.input import Input, Opened, StrictRoute
from ui.deciding import decide
from ui.diagnosing import diagnose
from ui.explaining import report

router = APIRouter(route_class=StrictRoute)


class Against(Input):
    """``good``: a run on the same inputs that went well; ``expect``: CEL over outputs that a good run meets, '' for
    those of ``good``; ``most``: forks made at most.
    """

    good: str
    expect: str = Field(default="", max_length=2_000)
    most: int = Field(default=8, ge=1, le=50)


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


@router.post("/runs/{id}/counterfactual")
def counterfactual(workspace: Opened, run: Run, given: Against) -> dict[str, Any]:
    """Which step decided, by forks of the run; answers once they have ended."""
    with _possible(run):
        return decide(workspace, run, workspace.runs.get(given.good), expect=given.expect, most=given.most)


@contextmanager
def _possible(run: RunRow) -> Generator[None]:
    """What cannot be asked of this run is a conflict."""
    try:
        yield
    except NodeError as error:
        raise ApiError(409, "not-possible", error.what, where=f"run {run.number}", mend=error.mend) from None
