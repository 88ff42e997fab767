"""Whether the server answers; the one call without a token."""

from typing import Any

from fastapi import APIRouter

from ui.version import VERSION

router = APIRouter()


@router.get("/health")
async def health() -> dict[str, Any]:
    """``{ok, version}``."""
    return {"ok": True, "version": VERSION}
