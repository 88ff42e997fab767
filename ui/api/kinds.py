"""The node kinds there are."""

from typing import Any

from fastapi import APIRouter

from nodes.registry import KINDS, spec_json

router = APIRouter()


@router.get("/kinds")
def list_kinds() -> list[dict[str, Any]]:
    """All kinds, in the order of the palette."""
    return [spec_json(spec) for spec in KINDS.values()]
