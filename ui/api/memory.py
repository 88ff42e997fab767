"""Memory spaces: their records, and the same search that a Recall node does, each score in its parts.

- ``GET /memory/spaces``; ``PUT /memory/spaces/{space}`` ``{description}``; ``DELETE``
- ``GET /memory/spaces/{space}/records?q=&kind=&limit=&offset=`` -> ``{records, next}``
- ``POST /memory/spaces/{space}/records`` ``{text, kind?, importance?}`` -> 201, the record
- ``GET``, ``PATCH`` ``{text?, kind?, importance?}`` and ``DELETE /memory/records/{id}``
- ``POST /memory/spaces/{space}/search`` ``{query, top_k?, weights?, half_life_days?, kinds?}`` -> ``{hits}``
- ``POST /memory/spaces/{space}/rebuild`` -> ``{records}``: the index made anew
"""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from nodes.contract import Weights
from ui.api.input import Input, Opened, StrictRoute

router = APIRouter(prefix="/memory", route_class=StrictRoute)
DEFAULTS = Weights()


class Space(Input):
    """What the space is for."""

    description: str = Field(default="", max_length=1_000)


class NewRecord(Input):
    """``importance``: 1 (trifling) to 10 (vital)."""

    text: str = Field(min_length=1, max_length=100_000)
    kind: str = "note"
    importance: float = 5.0


class RecordChange(Input):
    """Fields left out stay as they are."""

    text: str | None = Field(default=None, min_length=1, max_length=100_000)
    kind: str | None = None
    importance: float | None = None


class WeightsInput(Input):
    """How the four parts are mixed, each 0 to 1; scaled to sum to 1."""

    similarity: float = Field(default=DEFAULTS.similarity, ge=0, le=1)
    recency: float = Field(default=DEFAULTS.recency, ge=0, le=1)
    importance: float = Field(default=DEFAULTS.importance, ge=0, le=1)
    keyword: float = Field(default=DEFAULTS.keyword, ge=0, le=1)


class Search(Input):
    """``half_life_days``: the age at which recency counts half."""

    query: str = Field(min_length=1, max_length=10_000)
    top_k: int = Field(default=10, ge=1, le=100)
    weights: WeightsInput = WeightsInput()
    half_life_days: float = Field(default=14.0, gt=0, le=36_500)
    kinds: tuple[str, ...] = ()


@router.get("/spaces")
def list_spaces(workspace: Opened) -> list[dict[str, Any]]:
    """``[{name, description, records, created_at, updated_at}]``."""
    return [asdict(space) for space in workspace.memories.spaces()]


@router.put("/spaces/{space}", status_code=204)
def set_space(workspace: Opened, space: str, given: Space) -> None:
    """Make a space, or change what it is for."""
    workspace.memories.create_space(space, given.description)


@router.delete("/spaces/{space}", status_code=204)
def delete_space(workspace: Opened, space: str) -> None:
    """Remove a space and all it holds."""
    workspace.memories.delete_space(space)


@router.get("/spaces/{space}/records")
def list_records(
    workspace: Opened,
    space: str,
    q: str = "",
    kind: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> dict[str, Any]:
    """The last written first; ``next`` is the next page's ``offset``, null on the last one."""
    found = workspace.memories.records(space, q=q, kind=kind, limit=limit, offset=offset)
    return {"records": [asdict(record) for record in found], "next": offset + limit if len(found) == limit else None}


@router.post("/spaces/{space}/records", status_code=201)
def add_record(workspace: Opened, space: str, given: NewRecord) -> dict[str, Any]:
    """Remember a text; an equal one updates its record."""
    id = workspace.memories.add(space, given.text, kind=given.kind, importance=given.importance)
    return asdict(workspace.memories.record(id))


@router.get("/records/{id}")
def read_record(workspace: Opened, id: str) -> dict[str, Any]:
    """One record."""
    return asdict(workspace.memories.record(id))


@router.patch("/records/{id}")
def change_record(workspace: Opened, id: str, given: RecordChange) -> dict[str, Any]:
    """Change a record."""
    changed = workspace.memories.update(id, text=given.text, kind=given.kind, importance=given.importance)
    return asdict(changed)


@router.delete("/records/{id}", status_code=204)
def forget_record(workspace: Opened, id: str) -> None:
    """Remove a record for good."""
    workspace.memories.forget(id)


@router.post("/spaces/{space}/search")
def search(workspace: Opened, space: str, given: Search) -> dict[str, Any]:
    """The best hits first. Looking does not count as a use."""
    hits = workspace.memories.search(
        space, given.query, top_k=given.top_k, weights=Weights(**given.weights.model_dump()),
        half_life_days=given.half_life_days, kinds=given.kinds, mark=False,
    )  # fmt: skip
    return {"hits": [asdict(hit) for hit in hits]}


@router.post("/spaces/{space}/rebuild")
def rebuild(workspace: Opened, space: str) -> dict[str, int]:
    """Make the index anew from the records."""
    return {"records": workspace.memories.rebuild(space)}
