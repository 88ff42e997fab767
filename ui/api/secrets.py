"""Keys of providers. Their names and where they come from are told; their values never leave the store."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter
from pydantic import Field, SecretStr

from ui.api.input import Input, Opened, StrictRoute

router = APIRouter(prefix="/secrets", route_class=StrictRoute)


class Value(Input):
    """A key; never echoed, not in an error either."""

    value: SecretStr = Field(min_length=1, max_length=10_000)


@router.get("")
def list_secrets(workspace: Opened) -> list[dict[str, Any]]:
    """``[{name, source, updated_at}]``."""
    return [asdict(info) for info in workspace.secrets.names()]


@router.put("/{name}", status_code=204)
def set_secret(workspace: Opened, name: str, given: Value) -> None:
    """Store a key, encrypted, in place of any earlier one."""
    workspace.secrets.set(name, given.value.get_secret_value())


@router.delete("/{name}", status_code=204)
def delete_secret(workspace: Opened, name: str) -> None:
    """Forget a stored key; one of the environment is unset there."""
    workspace.secrets.delete(name)
