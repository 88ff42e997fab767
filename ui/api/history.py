"""The versions of a workflow: list, open, compare, name, restore, publish."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from templates.miniature import miniature
from ui import versions
from ui.api.input import Input, Opened, StrictRoute
from ui.api.workflows import Revision, or_conflict
from ui.documents import Documents, data

router = APIRouter(prefix="/workflows/{id}/versions", route_class=StrictRoute)


class Mark(Input):
    """What somebody says of a version."""

    name: str = Field(default="", max_length=100)
    note: str = Field(default="", max_length=2_000)


class Publication(Input):
    """The version that other workflows run; null: whatever is newest."""

    revision: int | None = None


@router.get("")
def list_versions(
    workspace: Opened, id: str, before: int | None = None, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> dict[str, Any]:
    """``{published, versions: [{revision, saved_at, label, client, edits, name, note, published}]}``, newest first."""
    found = workspace.versions.list(id, before=before, limit=limit)
    return {"published": workspace.versions.published(id), "versions": [asdict(each) for each in found]}


@router.put("/published")
def publish(workspace: Opened, id: str, given: Publication) -> dict[str, Any]:
    """Let other workflows run this version."""
    workspace.versions.publish(id, given.revision)
    return {"published": workspace.versions.published(id)}


@router.get("/{revision}")
def read(workspace: Opened, id: str, revision: int) -> dict[str, Any]:
    """The workflow as it was, and a small drawing of it (SVG)."""
    document = versions.document_at(workspace, id, revision)
    return {"revision": revision, "document": data(document), "miniature": miniature(document)}


@router.get("/{revision}/changes")
def changes(workspace: Opened, id: str, revision: int, since: int | None = None) -> list[dict[str, Any]]:
    """How the version ``since`` (by default the one before) became this one, as a person reads it."""
    before = max(revision - 1, 1) if since is None else since
    return [
        change.as_dict() | {"lines": change.lines()}
        for change in versions.changes_between(workspace, id, before, revision)
    ]


@router.put("/{revision}")
def mark(workspace: Opened, id: str, revision: int, given: Mark) -> dict[str, Any]:
    """Give a version a name and a note."""
    workspace.versions.mark(id, revision, name=given.name, note=given.note)
    return {"revision": revision, "name": given.name.strip(), "note": given.note.strip()}


@router.post("/{revision}/restore")
def restore(workspace: Opened, id: str, revision: int, present: Revision) -> dict[str, Any]:
    """Make the workflow what it was at that version; that is a new one."""
    opened = or_conflict(lambda: versions.restore(workspace, id, revision, present))
    return {"revision": opened.revision, "hash": Documents(workspace).get(id).hash}
