"""Folders the user lets workflows read, by name. A document can only name one, never define it."""

from typing import Any

from fastapi import APIRouter
from pydantic import Field

from store.grants import Grant
from ui.api.input import Input, Opened, StrictRoute

router = APIRouter(prefix="/grants", route_class=StrictRoute)


class Folder(Input):
    """The path of a folder on this machine."""

    path: str = Field(min_length=1, max_length=4_096)


@router.get("")
def list_grants(workspace: Opened) -> list[dict[str, Any]]:
    """``[{name, path, updated_at}]``."""
    return [_wire(grant) for grant in workspace.grants.list()]


@router.put("/{name}")
def set_grant(workspace: Opened, name: str, given: Folder) -> dict[str, Any]:
    """Grant a folder under a name."""
    return _wire(workspace.grants.set(name, given.path))


@router.delete("/{name}", status_code=204)
def delete_grant(workspace: Opened, name: str) -> None:
    """Take a grant back."""
    workspace.grants.delete(name)


def _wire(grant: Grant) -> dict[str, Any]:
    return {"name": grant.name, "path": str(grant.path), "updated_at": grant.updated_at}
