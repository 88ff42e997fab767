"""Sharing a workflow, and taking in a stranger's: first looked at, then decided on, then saved."""

import re
from collections.abc import Callable
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import quote

from fastapi import APIRouter, Body, Query, Response
from fastapi.responses import HTMLResponse
from pydantic import Field

from graphs.document import Document
from graphs.permissions import Permission, cost_of, permissions_of
from store.trust import Trusted
from templates.miniature import miniature
from templates.sharing.shared import NotReadable
from templates.sharing.signing import as_text, fingerprint, from_text, public_key, spaced
from ui.api.errors import ApiError
from ui.api.input import Input, Opened, StrictRoute
from ui.documents import Documents
from ui.documents import data as wire_document
from ui.sharing import (
    FORMS,
    SIGNING_KEY,
    Form,
    Preview,
    WouldLeak,
    doubts_of,
    leaks_of,
    preview,
    share,
    signing_key,
    take_in,
    with_parts,
)

router = APIRouter(route_class=StrictRoute)
Content = Annotated[bytes, Body(media_type="application/octet-stream", max_length=20_000_000)]
T = TypeVar("T")
HOME: Final = "http://localhost:8501"
"""Where a link leads that names no address: a Nodeloom at its usual port."""


class Refused(Input):
    """Everything that the workflow may not do."""

    refused: list[str] = Field(max_length=1_000)


class NewKey(Input):
    """Whose key it is."""

    name: str = Field(min_length=1, max_length=100)
    public_key: str = Field(min_length=44, max_length=44, description="base64 of the 32 bytes")


@router.get("/workflows/{id}/share")
def look_before(workspace: Opened, id: str) -> dict[str, Any]:
    """What a person is told before sharing: what others will be asked, what keeps it here, what looks doubtful."""
    shared = with_parts(workspace, Documents(workspace).get(id).document)
    return {
        "title": shared.document.title, "hash": shared.hash, "workflows": sorted(shared.workflows),
        "permissions": [_permission(each) for each in permissions_of(shared.document)],
        "leaks": leaks_of(workspace, shared), "doubts": doubts_of(shared),
    }  # fmt: skip


@router.get("/workflows/{id}/share/{form}")
def download(workspace: Opened, id: str, form: Form, signed: bool = False, address: str = HOME) -> Response:
    """The workflow as a file, bundle, picture or link. 422 where a secret or a path of this machine is in it."""
    document = Documents(workspace).get(id).document
    shared = with_parts(workspace, document)
    try:
        content = share(workspace, shared, form, address=address, signed=signed)
    except WouldLeak as error:
        raise ApiError(422, "would-leak", error.what, mend=error.mend, beside={"places": error.places}) from None
    suffix, media = FORMS[form]
    name = quote(f"{_file_name(document)}{suffix}")
    return Response(content, media_type=media, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"})


HAND_ON: Final = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Nodeloom</title>
<p>Opening the workflow in this link&hellip;</p>
<script>sessionStorage.setItem("nodeloom.link", location.href); location.replace("/")</script>"""


@router.get("/open", include_in_schema=False)
def open_link() -> HTMLResponse:
    """The page of a link: keeps its fragment for the builder, which asks before it opens anything."""
    return HTMLResponse(HAND_ON, headers={"Cache-Control": "no-store"})


@router.post("/import/look")
def look(workspace: Opened, content: Content) -> dict[str, Any]:
    """What is in a stranger's file and what it may do. Nothing is saved, started or fetched."""
    return _preview(_readable(lambda: preview(workspace, content)))


@router.post("/import", status_code=201)
def take(
    workspace: Opened, content: Content, refused: Annotated[list[str] | None, Query()] = None, trust_as: str = ""
) -> dict[str, Any]:
    """Save it; ``refused`` are the keys of what it may not do, all else is granted."""
    opened = _readable(lambda: take_in(workspace, content, refused or (), trust_as=trust_as))
    return {"id": opened.id, "revision": opened.revision, "hash": opened.hash}


@router.get("/workflows/{id}/permissions")
def permissions(workspace: Opened, id: str) -> dict[str, Any]:
    """What a saved workflow may do, and all that was refused to it, asked for now or not."""
    document = Documents(workspace).get(id).document
    refused = workspace.refusals.of(id)
    asked = [_permission(each) | {"refused": each.key in refused} for each in permissions_of(document)]
    return {"permissions": asked, "refused": sorted(refused), "cost": _cost(document)}


@router.put("/workflows/{id}/permissions")
def decide(workspace: Opened, id: str, given: Refused) -> dict[str, Any]:
    """Refuse exactly these; all else is granted."""
    workspace.refusals.set(Documents(workspace).get(id).id, given.refused)
    workspace.changes.notify(id)
    return permissions(workspace, id)


@router.get("/trust")
def trusted(workspace: Opened) -> dict[str, Any]:
    """The user's own key, where there is one, and those that are trusted."""
    own = workspace.secrets.get(SIGNING_KEY)
    key = public_key(own) if own else None
    return {
        "own": {"fingerprint": fingerprint(key), "public_key": as_text(key)} if key else None,
        "trusted": [_trusted(each) for each in workspace.trusted.list()],
    }


@router.post("/trust/own")
def make_own(workspace: Opened) -> dict[str, Any]:
    """The user's own key, made where there is none yet."""
    signing_key(workspace)
    return trusted(workspace)


@router.post("/trust", status_code=201)
def trust(workspace: Opened, given: NewKey) -> dict[str, Any]:
    """Trust a key under a name."""
    try:
        key = from_text(given.public_key, 32)
    except ValueError as error:
        raise ApiError(422, "no-key", f"The key cannot be read: {error}.", mend="Copy it again.") from None
    workspace.trusted.add(fingerprint(key), key, given.name)
    return trusted(workspace)


@router.delete("/trust/{print}", status_code=204)
def distrust(workspace: Opened, print: str) -> None:
    """Trust a key no longer; ``print`` is its fingerprint, with or without blanks."""
    workspace.trusted.remove(spaced(print))


def _readable(read: Callable[[], T]) -> T:
    try:
        return read()
    except NotReadable as error:
        found = [each.wire() for each in error.diagnostics]
        raise ApiError(422, "not-readable", error.what, mend=error.mend, beside={"diagnostics": found}) from None


def _preview(seen: Preview) -> dict[str, Any]:
    shared, document = seen.shared, seen.shared.document
    signature = shared.signature
    return {
        "document": wire_document(document), "hash": shared.hash, "miniature": miniature(document),
        "nodes": len(document.nodes), "readme": shared.readme, "examples": len(shared.examples),
        "recording": shared.recording is not None, "workflows": sorted(shared.workflows),
        "permissions": [_permission(each) for each in seen.permissions], "cost": _cost(document),
        "diagnostics": [each.wire() for each in seen.diagnostics],
        "signature": None if signature is None else {
            "fingerprint": signature.fingerprint, "public_key": as_text(signature.public_key), "name": seen.signed_by,
        },
    }  # fmt: skip


def _permission(permission: Permission) -> dict[str, Any]:
    return {
        "key": permission.key, "sort": permission.sort, "subject": permission.subject, "words": permission.words,
        "risk": permission.risk, "nodes": list(permission.nodes),
    }  # fmt: skip


def _cost(document: Document) -> dict[str, Any]:
    cost = cost_of(document)
    return {"words": cost.words, "calls": dict(cost.calls)}


def _trusted(key: Trusted) -> dict[str, Any]:
    return {
        "name": key.name, "fingerprint": key.fingerprint, "public_key": as_text(key.public_key),
        "added_at": key.added_at,
    }  # fmt: skip


def _file_name(document: Document) -> str:
    """The title as a file is called: letters, digits and hyphens."""
    return re.sub(r"[^\w]+", "-", document.title.lower()).strip("-")[:60] or "workflow"
