"""Model servers of the user's that speak OpenAI's protocol, by name."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter
from pydantic import Field

from ui.api.input import Input, Opened, StrictRoute

router = APIRouter(prefix="/endpoints", route_class=StrictRoute)


class Address(Input):
    """``base_url`` with its version path; ``secret`` names the key to send."""

    base_url: str = Field(max_length=2_000)
    secret: str | None = None


@router.get("")
def list_endpoints(workspace: Opened) -> list[dict[str, Any]]:
    """``[{name, base_url, secret, updated_at}]``."""
    return [asdict(endpoint) for endpoint in workspace.endpoints.list()]


@router.put("/{name}")
def set_endpoint(workspace: Opened, name: str, given: Address) -> dict[str, Any]:
    """Add or change a server."""
    return asdict(workspace.endpoints.set(name, given.base_url, given.secret))


@router.delete("/{name}", status_code=204)
def delete_endpoint(workspace: Opened, name: str) -> None:
    """Forget a server."""
    workspace.endpoints.delete(name)
