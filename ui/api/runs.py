"""Runs: start one, list, follow, stop, go on, and read its trace. ``inbox`` answers their questions.

A start carries the id of a stored workflow and typed inputs, nothing else: what runs is what is stored.
"""

from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Any, Final, Literal

from anyio import to_thread
from fastapi import APIRouter, Depends, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import Field

from graphs.breakpoints import Breakpoint
from graphs.document import Limits
from graphs.fork_request import Origin
from graphs.run_table import NotPossible
from store.pins import Pins
from store.runs import RunRow
from ui import documents
from ui.api.errors import ApiError, not_found
from ui.api.input import Input, Opened, StrictRoute
from ui.api.sse import until
from ui.api.versions import Version, require_version
from ui.documents import Documents
from ui.starting import played, recording_of, start_run
from ui.workspace import Workspace

router = APIRouter(route_class=StrictRoute)
ENDED: Final = ("done", "failed", "stopped", "limit")
Status = Literal["queued", "running", "waiting", "done", "failed", "stopped", "limit", "lost"]


class Keep(Input):
    """Visits taken from another run where nothing changed: ``run`` is its id or number, or ``last``."""

    run: str
    also: list[str] = Field(default_factory=list)


class Start(Input):
    """``model`` takes the place of the default one; ``recorded`` answers from the template's recording; with
    ``pins`` pinned nodes come to their pins."""

    inputs: dict[str, Any] = Field(default_factory=dict)
    model: str | None = Field(default=None, max_length=200)
    recorded: bool = False
    label: str = Field(default="", max_length=200)
    breakpoints: list[Breakpoint] = Field(default_factory=list)
    keep: Keep | None = None
    pins: bool = False


class Resume(Input):
    """``limits`` in place of those the run had; those left out stay."""

    limits: Limits = Limits()
    version: Version = None


def _run(workspace: Opened, id: str) -> RunRow:
    return workspace.runs.get(id)


Run = Annotated[RunRow, Depends(_run)]
"""The run in the path, by id or number."""


@router.post("/workflows/{id}/runs", status_code=202)
def start(workspace: Opened, id: str, given: Start) -> dict[str, str]:
    """Run a stored workflow as it is now."""
    opened = Documents(workspace).get(id)
    model = recording_of(opened.document) if given.recorded else given.model
    document = played(opened.document, model) if given.recorded and model else opened.document
    run_id = start_run(
        workspace, document, given.inputs, model=model, workflow_id=id, revision=opened.revision,
        label=given.label.strip(), breakpoints=given.breakpoints, origin=_origin(workspace, opened, given),
    )  # fmt: skip
    return {"run_id": run_id}


def _origin(workspace: Workspace, opened: documents.Opened, given: Start) -> Origin:
    """The run whose visits are kept, and the pins."""
    kept = None if given.keep is None else _to_keep(workspace, opened.id, given.keep)
    changes: dict[str, Any] = {}
    if kept is not None and given.keep is not None:
        changes |= {"keep": "unchanged", "also": given.keep.also}
    pins = Pins(workspace.database).list(opened.id) if given.pins else []
    pinned = {
        pin.node: {"outcome": pin.outcome, "outputs": pin.outputs} for pin in pins if pin.node in opened.document.nodes
    }
    return Origin(kept.id if kept else None, None, changes | ({"pins": pinned} if pinned else {}))


def _to_keep(workspace: Workspace, workflow_id: str, keep: Keep) -> RunRow | None:
    """The run whose visits are kept: for ``last`` the newest that has ended, of a whole workflow."""
    if keep.run != "last":
        return workspace.runs.get(keep.run)
    newest = workspace.runs.list(workflow=workflow_id, limit=50)
    return next((run for run in newest if run.status in ENDED and not run.changes.get("only")), None)


@router.get("/runs")
def list_runs(
    workspace: Opened,
    workflow: str | None = None,
    status: Status | None = None,
    q: str = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: str | None = None,
) -> dict[str, Any]:
    """The newest first; ``next`` is the ``before`` of the page after, null on the last one."""
    found = workspace.runs.list(workflow=workflow, status=status, q=q, limit=limit, before=before)
    return {"runs": [asdict(run) for run in found], "next": found[-1].id if len(found) == limit else None}


@router.get("/runs/{id}")
def read_run(run: Run) -> dict[str, Any]:
    """One run."""
    return asdict(run)


@router.get("/runs/{id}/document")
def read_document(workspace: Opened, run: Run) -> dict[str, Any]:
    """The workflow as it was when the run began."""
    return workspace.workflows.pinned(run.version_hash)


@router.get("/runs/{id}/spans")
def list_spans(
    workspace: Opened, run: Run, after: int = 0, limit: Annotated[int, Query(ge=1, le=2_000)] = 500
) -> dict[str, Any]:
    """The trace in order of arrival, long values as their stand-ins; ``next`` is the next page's ``after``."""
    found = workspace.spans.list(run.id, after, limit)
    return {"spans": [asdict(span) for span in found], "next": found[-1].seq if len(found) == limit else None}


@router.get("/runs/{id}/spans/{span_id}")
def read_span(workspace: Opened, run: Run, span_id: str) -> dict[str, Any]:
    """One span, its values whole."""
    span = workspace.spans.get(span_id)
    if span.run_id != run.id:
        raise not_found("span", span_id, f"It belongs to another run than {run.number}.")
    return asdict(span)


@router.get("/runs/{id}/events", response_class=EventSourceResponse)
async def follow(
    workspace: Opened, run: Run, after: int = 0, last_event_id: Annotated[int | None, Header()] = None
) -> AsyncGenerator[ServerSentEvent]:
    """The run's events after number ``after`` (or ``Last-Event-ID``), until it has ended."""
    async for event in until(workspace.closing, _events(workspace, run.id, last_event_id or after)):
        yield event


async def _events(workspace: Workspace, run_id: str, after: int) -> AsyncGenerator[ServerSentEvent]:
    engine = await to_thread.run_sync(lambda: workspace.engine)
    events = await to_thread.run_sync(engine.runner.events, run_id, after)
    async for event in events:
        yield ServerSentEvent(id=str(event["seq"]), data=event)


@router.post("/runs/{id}/stop", status_code=202)
def stop(workspace: Opened, run: Run) -> dict[str, str]:
    """Stop where it is; it can be resumed."""
    with possible(run):
        workspace.engine.runner.stop(run.id)
    return {"run_id": run.id}


@router.post("/runs/{id}/resume", status_code=202)
def resume(workspace: Opened, run: Run, given: Resume) -> dict[str, str]:
    """Go on after a stop, a spent budget, a failure or a lost process."""
    require_version(workspace, run, given.version)
    with possible(run):
        workspace.engine.runner.resume(run.id, given.limits.model_dump(exclude_unset=True))
    return {"run_id": run.id}


@contextmanager
def possible(run: RunRow) -> Generator[None]:
    """What the run's status does not allow is a conflict."""
    try:
        yield
    except NotPossible as error:
        raise ApiError(409, "not-possible", error.what, where=f"run {run.number}", mend=error.mend) from None
