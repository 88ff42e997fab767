"""Two people's edits brought together: whose copy a file is, and what merging it would come to. Nothing is saved.

The browser makes the operations of a merge its own edit, so that it is one step that undo takes back.
"""

import json
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Body
from pydantic import Field, model_validator

from graphs.document import Document
from graphs.document_diff import document_changes
from graphs.merging.conflict import Choice
from graphs.merging.merge import brought, merge
from graphs.merging.steps import operations_between
from templates.sharing.reading import read_shared
from templates.sharing.shared import NotReadable
from ui import versions
from ui.api.errors import ApiError, not_found
from ui.api.input import Input, Opened, StrictRoute
from ui.api.workflows import parsed
from ui.documents import Documents, data
from ui.workspace import Workspace

router = APIRouter(route_class=StrictRoute)
Json = dict[str, Any]


class MergeInput(Input):
    """What is merged into the workflow, and what both began with; ``choices`` are conflict key -> side."""

    theirs: Json | None = Field(default=None, description="a document")
    theirs_revision: int | None = Field(default=None, ge=1, description="instead: a version of this workflow")
    ours: Json | None = Field(default=None, description="a document; by default the workflow as it is saved")
    base: Json | None = Field(default=None, description="a document")
    base_revision: int | None = Field(default=None, ge=1, description="instead: a version of this workflow")
    base_hash: str | None = Field(default=None, min_length=64, max_length=64, description="instead: its content hash")
    choices: dict[str, Choice] = Field(default_factory=dict, max_length=5_000)

    @model_validator(mode="after")
    def _one_of_each(self) -> "MergeInput":
        if (self.theirs is None) == (self.theirs_revision is None):
            raise ValueError("give one of theirs and theirs_revision")
        if len([each for each in (self.base, self.base_revision, self.base_hash) if each is not None]) > 1:
            raise ValueError("give at most one of base, base_revision and base_hash")
        return self


@router.post("/import/origin")
def origin(workspace: Opened, content: Annotated[bytes, Body(media_type="application/octet-stream")]) -> Json:
    """``{origin: {id, title, revision, base, likeness} | null}``: the workflow here that a file is a copy of."""
    try:
        document = read_shared(content).document
    except NotReadable as error:
        raise ApiError(422, "not-readable", error.what, mend=error.mend) from None
    found = versions.origin_of(workspace, document)
    return {"origin": None if found is None else asdict(found)}


@router.post("/workflows/{id}/merge")
def merged(workspace: Opened, id: str, given: MergeInput) -> Json:
    """``{base, document, conflicts, brought, operations, changes}``, from ours to the merged document."""
    opened = Documents(workspace).get(id)
    ours = opened.document if given.ours is None else _read(given.ours)
    theirs = _theirs(workspace, id, given)
    base, revision = _base(workspace, id, given, theirs)
    found = merge(base, ours, theirs, given.choices)
    changes = document_changes(ours, found.document)
    return {
        "base": revision, "document": data(found.document), "revision": opened.revision,
        "conflicts": [each.as_dict() for each in found.conflicts],
        "brought": [each.wire() for each in brought(found.document, ours, theirs)],
        "operations": [each.model_dump(mode="json") for each in operations_between(ours, found.document)],
        "changes": [each.as_dict() | {"lines": each.lines()} for each in changes],
    }  # fmt: skip


def _theirs(workspace: Workspace, id: str, given: MergeInput) -> Document:
    if given.theirs_revision is not None:
        return versions.document_at(workspace, id, given.theirs_revision)
    return _read(given.theirs or {})


def _base(workspace: Workspace, id: str, given: MergeInput, theirs: Document) -> tuple[Document, int | None]:
    """What both began with, and its revision; where it is not named, the version nearest to theirs."""
    if given.base is not None:
        return _read(given.base), None
    revision = given.base_revision
    if given.base_hash is not None:
        revision = versions.revision_with(workspace, id, given.base_hash)
        if revision is None:
            raise not_found("version with the content hash", given.base_hash, "Name the version both began with.")
    if revision is None:
        revision = versions.nearest_to(workspace, id, theirs)
    return versions.document_at(workspace, id, revision), revision


def _read(document: Json) -> Document:
    return parsed(json.dumps({"nodeloom": 1, **document}))
