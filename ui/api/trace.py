"""The inspector: a run read by windows, searched, commented on.

A run of a hundred thousand spans opens as fast as one of ten: nothing here sends all of it. The shapes are in
``docs/contracts.md`` under "The inspector".
"""

from dataclasses import asdict
from typing import Annotated, Any, Final, Literal

import orjson
from fastapi import APIRouter, Query, Response
from pydantic import Field

from store.comments import LONGEST_NAME, LONGEST_TEXT
from store.runs import RunRow
from store.trace_reader import Found, Overview, StepsWindow, TreeQuery
from store.trace_state import shortened
from ui.api.input import Input, Opened, StrictRoute
from ui.api.runs import Run

router = APIRouter(route_class=StrictRoute)
_SHOWN_FIRST: Final = {"failed": "error", "waiting": "waiting", "running": "running"}
"""Status of a run -> that of the step to look at first."""
_MOST_IDS: Final = 20_000
Ids = Annotated[list[str], Field(max_length=_MOST_IDS)]


class TreeWindowInput(Input):
    """Which rows: ``opened`` and ``closed`` are span ids, ``depth`` the levels open unless they are named there."""

    offset: int = Field(default=0, ge=0)
    limit: int = Field(default=200, ge=1, le=500)
    depth: int | None = Field(default=None, ge=1)
    opened: Ids = Field(default_factory=list)
    closed: Ids = Field(default_factory=list)
    q: str = Field(default="", max_length=400)
    reveal: str | None = None
    mark: str | None = None


class NewComment(Input):
    """``author``: how they call themselves."""

    text: str = Field(min_length=1, max_length=LONGEST_TEXT)
    author: str = Field(min_length=1, max_length=LONGEST_NAME)


class CommentChange(Input):
    """The new text."""

    text: str = Field(min_length=1, max_length=LONGEST_TEXT)


def _sent(data: Any) -> Response:
    """As JSON, dataclasses too: what FastAPI does with hundreds of rows takes ten times as long."""
    return Response(orjson.dumps(data), media_type="application/json")


@router.get("/runs/{id}/overview")
def read_overview(workspace: Opened, run: Run) -> Response:
    """The whole run in figures."""
    found = workspace.traces.overview(run.id)
    told = {name: value for name, value in vars(found).items() if name not in ("last", "root")}
    return _sent(told | {"show": _to_show(run, found)})


def _to_show(run: RunRow, found: Overview) -> str | None:
    """What failed, waits or runs; of a run that went well, the run itself."""
    return found.last.get(_SHOWN_FIRST.get(run.status, ""), found.root)


@router.post("/runs/{id}/tree")
def read_tree(workspace: Opened, run: Run, given: TreeWindowInput) -> Response:
    """Some rows of the tree. POST, for the ids of what is open may be many."""
    return _sent(workspace.traces.window(run.id, TreeQuery(**given.model_dump())))


@router.get("/runs/{id}/steps")
def read_steps(
    workspace: Opened,
    run: Run,
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 500,
    at: float | None = None,
    span: str | None = None,
) -> Response:
    """Node visits in the order they began, and what had happened before the first of them."""
    return _sent(_steps(workspace.traces.steps(run.id, offset=offset, limit=limit, at=at, span=span)))


def _steps(window: StepsWindow) -> dict[str, Any]:
    steps = [
        {
            "index": step.index, "id": step.id, "node": step.node, "name": row.name, "kind": row.kind,
            "visit": row.visit, "item": row.item, "status": step.status, "outcome": step.outcome,
            "started_at": step.started_at, "ended_at": step.ended_at, "input_tokens": step.input_tokens,
            "output_tokens": step.output_tokens, "usd": step.usd, "kept": step.kept, "inner": step.inner,
        }
        for step in window.steps
        if (row := window.names.get(step.id)) is not None
    ]  # fmt: skip
    told = {name: value for name, value in vars(window).items() if name != "names"}
    return told | {"steps": steps}


@router.get("/runs/{id}/spans/{span}/around")
def read_around(workspace: Opened, run: Run, span: str) -> Response:
    """A span and what is near it."""
    found = workspace.traces.around(run.id, span)
    return _sent({**vars(found), "comments": workspace.comments.list(run.id, span)})


@router.get("/runs/{id}/spans/{span}/state")
def read_state(workspace: Opened, run: Run, span: str, short: bool = False) -> Response:
    """The state variables before and after the step that the span belongs to; ``short`` cuts long values."""
    specs = workspace.workflows.pinned(run.version_hash).get("state") or {}
    found = workspace.traces.state(run.id, span, specs)
    return _sent(shortened(found) if short else found)


@router.get("/runs/{id}/calls")
def read_calls(
    workspace: Opened,
    run: Run,
    operation: Literal["chat", "execute_tool", "retrieve_memory", "write_memory"] = "chat",
    under: str | None = None,
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> dict[str, Any]:
    """Calls in the order they began, of the run or below a span, long values as their stand-ins."""
    total, seqs = workspace.traces.calls(run.id, operation, under=under, offset=offset, limit=limit)
    return {"total": total, "offset": offset, "calls": [asdict(span) for span in workspace.spans.some(seqs)]}


@router.get("/runs/{id}/comments")
def list_comments(workspace: Opened, run: Run) -> dict[str, Any]:
    """All comments on the run, oldest first."""
    return {"comments": [asdict(comment) for comment in workspace.comments.list(run.id)]}


@router.post("/runs/{id}/spans/{span}/comments", status_code=201)
def add_comment(workspace: Opened, run: Run, span: str, given: NewComment) -> dict[str, Any]:
    """Comment on a span."""
    return asdict(workspace.comments.add(run.id, span, author=given.author, text=given.text))


@router.patch("/comments/{id}")
def edit_comment(workspace: Opened, id: str, given: CommentChange) -> dict[str, Any]:
    """Give a comment another text."""
    return asdict(workspace.comments.edit(id, given.text))


@router.delete("/comments/{id}", status_code=204)
def delete_comment(workspace: Opened, id: str) -> None:
    """Remove a comment."""
    workspace.comments.delete(id)


@router.get("/search")
def search(
    workspace: Opened,
    q: Annotated[str, Query(min_length=1, max_length=400)],
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: int | None = None,
) -> dict[str, Any]:
    """Spans of all runs that hold every word, the newest first."""
    found, progress = workspace.traces.search(q, limit=limit, before=before)
    return {
        "hits": [_hit(each) for each in found],
        "next": found[-1].seq if len(found) == limit else None,
        **asdict(progress),
    }


def _hit(found: Found) -> dict[str, Any]:
    span = asdict(found)
    del span["seq"]
    return {"run": span.pop("run"), "excerpt": span.pop("excerpt"), "span": span}
