"""Workflows: list, create, read, edit by operations, replace, delete, and the news of other editors.

An edit names the revision it was made on (``If-Match``). Where someone saved in between, the answer is
409 with what came since, and the client puts its edits on top. Operations already applied (same client,
``seq`` not above the acknowledged one) are skipped, so that sending again after a lost answer is safe.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from dataclasses import asdict
from typing import Annotated, Any, Final, TypeVar

from anyio import to_thread
from fastapi import APIRouter, Body, Depends, Header, Response
from fastapi.responses import PlainTextResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import Field, model_validator

from graphs.diagnostics import DocumentError
from graphs.document import Document
from graphs.operations import OperationError
from graphs.yaml_format import dump, parse
from store.errors import RevisionConflict
from templates import catalogue
from ui import documents
from ui.api.errors import ApiError, not_found
from ui.api.input import Input, Opened, StrictRoute
from ui.api.sse import until
from ui.documents import Documents, Edit
from ui.workspace import Workspace

router = APIRouter(prefix="/workflows", route_class=StrictRoute)
T = TypeVar("T")
LOOK_AGAIN: Final = 5.0
"""Seconds after which a stream of changes looks without being woken: another process may have saved."""


class Creation(Input):
    """At most one of the three; none: an empty workflow."""

    template: str | None = None
    yaml: str | None = None
    document: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _one(self) -> "Creation":
        if len(self.model_fields_set) > 1:
            raise ValueError("give one of template, yaml and document, not several")
        return self


class BatchInput(Input):
    """Operations applied together, all or none; ``seq`` counts from 1."""

    seq: int = Field(ge=1, le=2**53)
    ops: list[dict[str, Any]] = Field(max_length=10_000)
    label: str = Field(default="", max_length=200)


class Edits(Input):
    """What one client did, in its order."""

    client: str = Field(min_length=1, max_length=64)
    batches: list[BatchInput] = Field(min_length=1, max_length=1_000)


def _revision(if_match: Annotated[str | None, Header()] = None) -> int:
    """The revision an edit was made on. Both ``7`` and ``"7"`` are understood."""
    with suppress(AttributeError, ValueError):
        return int(if_match.strip().strip('"'))  # pyright: ignore[reportOptionalMemberAccess]
    what = f"The header If-Match is {if_match!r}; it has to hold the revision this edit was made on."
    raise ApiError(422, "no-revision", what, where="If-Match", mend="Send If-Match: <revision>.")


Revision = Annotated[int, Depends(_revision)]


@router.get("")
def list_workflows(workspace: Opened) -> list[dict[str, Any]]:
    """All workflows, the last saved first."""
    return [_line(each) for each in Documents(workspace).all()]


@router.post("", status_code=201)
def create(workspace: Opened, given: Creation) -> dict[str, Any]:
    """A new workflow, from a template, a file, a document, or empty."""
    service = Documents(workspace)
    return _view(service, service.create(_given(given)))


@router.get("/{id}")
def read(workspace: Opened, id: str) -> dict[str, Any]:
    """The workflow as it is now."""
    service = Documents(workspace)
    return _view(service, service.get(id))


@router.get("/{id}/yaml")
def read_yaml(workspace: Opened, id: str) -> Response:
    """The workflow as a file."""
    return PlainTextResponse(dump(Documents(workspace).get(id).document), media_type="text/yaml")


@router.put("/{id}/yaml")
def replace(
    workspace: Opened, id: str, revision: Revision, text: Annotated[bytes, Body(media_type="text/yaml")]
) -> dict[str, Any]:
    """Put a file in place of the whole workflow."""
    service = Documents(workspace)
    return _view(service, or_conflict(lambda: service.replace(id, revision, parsed(text))))


@router.patch("/{id}")
def edit(workspace: Opened, id: str, revision: Revision, edits: Edits) -> dict[str, Any]:
    """Apply batches of operations."""
    service = Documents(workspace)
    batches = [Edit(edits.client, batch.seq, batch.ops, batch.label) for batch in edits.batches]
    saved, found = or_conflict(lambda: service.edit(id, revision, batches))
    findings = [finding.wire() for finding in found]
    return {"revision": saved.revision, "hash": saved.hash, "diagnostics": findings, "acked": batches[-1].seq}


@router.delete("/{id}", status_code=204)
def delete(workspace: Opened, id: str) -> None:
    """Forget the workflow; its runs stay."""
    Documents(workspace).delete(id)


def _existing(workspace: Opened, id: str) -> str:
    """The id, once it is sure that there is such a workflow: a stream cannot answer 404 once begun."""
    return workspace.workflows.get(id).id


@router.get("/{id}/changes", response_class=EventSourceResponse)
async def changes(
    workspace: Opened,
    id: Annotated[str, Depends(_existing)],
    after: int = 0,
    last_event_id: Annotated[int | None, Header()] = None,
) -> AsyncGenerator[ServerSentEvent]:
    """What was saved after revision ``after``, then all that is saved from now on; ``id:`` is the revision."""
    stream = until(workspace.closing, _news(workspace, id, last_event_id or after))
    async for event in stream:
        yield event


async def _news(workspace: Workspace, id: str, after: int) -> AsyncGenerator[ServerSentEvent]:
    with workspace.changes.subscribe(id) as news:
        while True:
            news.clear()
            for change in await to_thread.run_sync(_since, workspace, id, after):
                after = change["revision"]
                yield ServerSentEvent(id=str(after), data=change)
            with suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), LOOK_AGAIN)


def _since(workspace: Workspace, id: str, after: int) -> list[dict[str, Any]]:
    batches = workspace.workflows.changes(id, after)
    if not batches:
        return []
    service = Documents(workspace)
    findings = [finding.wire() for finding in service.diagnostics(service.get(id))]
    return [asdict(batch) | {"diagnostics": findings} for batch in batches]


def _given(given: Creation) -> Document:
    if given.template is not None:
        if given.template not in catalogue.slugs():
            raise not_found("template", given.template, f"There are: {', '.join(catalogue.slugs())}.")
        return catalogue.load(given.template).document
    if given.yaml is not None:
        return parsed(given.yaml)
    return Document() if given.document is None else parsed(json.dumps(given.document))


def parsed(text: str | bytes) -> Document:
    """The document of a file. Raises ApiError with what is wrong with it."""
    try:
        return parse(text)
    except DocumentError as error:
        findings = [finding.wire() for finding in error.diagnostics]
        first = error.diagnostics[0]
        raise ApiError(
            422,
            "not-a-workflow",
            first.message,
            where=str(first.place),
            mend=first.remedy,
            beside={"diagnostics": findings},
        ) from None


def or_conflict(save: Callable[[], T]) -> T:
    try:
        return save()
    except OperationError as error:
        first = error.problems[0]
        beside = {"problems": [problem.model_dump() for problem in error.problems]}
        where = f"operation {first.index} ({first.op})"
        raise ApiError(422, "bad-operation", first.what, where=where, mend=first.mend, beside=beside) from None
    except RevisionConflict as error:
        came = [asdict(batch) for batch in error.batches]
        beside = {"revision": error.current.revision, "batches": came, "document": error.current.document}
        raise ApiError(409, "conflict", error.what, where=error.where, mend=error.mend, beside=beside) from None


def _line(opened: documents.Opened) -> dict[str, Any]:
    return {
        "id": opened.id,
        "title": opened.document.title,
        "summary": opened.document.summary,
        "revision": opened.revision,
        "updated_at": opened.updated_at,
        "hash": opened.hash,
    }


def _view(service: Documents, opened: documents.Opened) -> dict[str, Any]:
    return {
        "id": opened.id,
        "revision": opened.revision,
        "document": documents.data(opened.document),
        "hash": opened.hash,
        "diagnostics": [finding.wire() for finding in service.diagnostics(opened)],
    }
