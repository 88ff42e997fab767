"""The inbox: what waits for a person, across all runs; and answering it."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query
from pydantic import Field

from graphs.answerer import AlreadyAnswered
from nodes.forms import AnswerFaults
from store.runs import RunRow
from ui.answering import LONGEST, answerer, give_answer
from ui.api.errors import ApiError
from ui.api.input import Input, Opened, StrictRoute
from ui.api.runs import Run, possible
from ui.api.versions import Version, require_version
from ui.workspace import Workspace

router = APIRouter(route_class=StrictRoute)


class Answer(Input):
    """``answer``: field name -> value. ``interrupt``: which question, where several wait. ``by``: who answers."""

    interrupt: str | None = None
    answer: dict[str, Any]
    by: str | None = Field(default=None, max_length=LONGEST)
    version: Version = None


@router.get("/inbox")
def list_inbox(
    workspace: Opened, workflow: str | None = None, limit: Annotated[int, Query(ge=1, le=500)] = 200
) -> dict[str, Any]:
    """The open questions, the oldest first; ``count`` is of all there are."""
    found = workspace.questions.waiting(workflow=workflow, limit=limit)
    return {"questions": [asdict(each) for each in found], "count": workspace.questions.count()}


def from_page(sec_fetch_site: Annotated[str | None, Header()] = None) -> bool:
    """Whether a page asks: browsers say so by themselves, programs do not."""
    return sec_fetch_site is not None


@router.post("/runs/{id}/answer", status_code=202)
def answer(workspace: Opened, run: Run, given: Answer, in_page: Annotated[bool, Depends(from_page)]) -> dict[str, str]:
    """Answer a question the run waits for; the run goes on."""
    require_version(workspace, run, given.version)
    _answer(workspace, run, given, in_page=in_page)
    return {"run_id": run.id, "number": run.number}


def _answer(workspace: Workspace, run: RunRow, given: Answer, *, in_page: bool) -> None:
    who = answerer(workspace, "browser" if in_page else "api", given.by)
    with possible(run):
        try:
            give_answer(workspace, run, given.interrupt, given.answer, who)
        except AnswerFaults as faults:
            raise ApiError(
                422, "bad-answer", faults.faults[0].what, where=faults.faults[0].field, mend=faults.faults[0].mend,
                beside={"errors": [asdict(fault) for fault in faults.faults]},
            ) from None  # fmt: skip
        except AlreadyAnswered as error:
            raise ApiError(409, "answered", error.what, where=f"run {run.number}", mend=error.mend) from None
