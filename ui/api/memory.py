"""Memory spaces: their records, and the same search that a Recall node does, each score in its parts.

- ``GET /memory/spaces``; ``PUT /memory/spaces/{space}`` ``{description?, policy?}``; ``DELETE``
- ``GET /memory/spaces/{space}/records?q=&kind=&layer=&trusted=&limit=&offset=`` -> ``{records, next}``
- ``POST /memory/spaces/{space}/records`` ``{text, kind?, importance?, data?, layer?, trusted?, ttl_days?}`` -> 201
- ``GET``, ``PATCH`` ``{text?, kind?, importance?, data?, layer?, trusted?}`` and ``DELETE /memory/records/{id}``
- ``GET /memory/records/{id}/recalled?limit=`` -> ``{recalled}``: the spans of runs that returned it
- ``POST /memory/spaces/{space}/search`` ``{query, top_k?, weights?, half_life_days?, kinds?, layers?,
  only_trusted?}`` -> ``{hits}``; what is left out is as the space's policy says
- ``POST /memory/spaces/{space}/rebuild`` -> ``{records}``: the index made anew
- ``GET /memory/spaces/{space}/export`` -> JSON Lines; ``POST /memory/spaces/{space}/import?file=&trusted=`` takes
  them as its body -> ``{added, known, expired}``; 422 with all bad lines in ``errors``
"""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import Field

from nodes.contract import Weights
from store import memory_policies, memory_transfer, memory_uses
from store.memory_lines import BadLines
from ui.api.errors import ApiError
from ui.api.input import Input, Opened, StrictRoute

router = APIRouter(prefix="/memory", route_class=StrictRoute)
DEFAULTS = Weights()
DAYS = memory_policies.LONGEST_DAYS


class WeightsInput(Input):
    """How the four parts are mixed, each 0 to 1; scaled to sum to 1."""

    similarity: float = Field(default=DEFAULTS.similarity, ge=0, le=1)
    recency: float = Field(default=DEFAULTS.recency, ge=0, le=1)
    importance: float = Field(default=DEFAULTS.importance, ge=0, le=1)
    keyword: float = Field(default=DEFAULTS.keyword, ge=0, le=1)


class Policy(Input):
    """``store.memory_policies.SpacePolicy``; fields left out have its defaults."""

    weights: WeightsInput = WeightsInput()
    half_life_days: float = Field(default=14.0, ge=0.01, le=DAYS)
    ttl_days: float | None = Field(default=None, gt=0, le=DAYS)
    near_duplicate: float | None = Field(default=None, ge=0.5, le=1)
    max_records: int | None = Field(default=None, ge=1, le=10_000_000)
    only_trusted: bool = False


class Space(Input):
    """What the space is for, and its policy; what is left out stays as it is."""

    description: str | None = Field(default=None, max_length=1_000)
    policy: Policy | None = None


class NewRecord(Input):
    """``importance``: 1 (trifling) to 10 (vital); ``ttl_days``: forgotten after so many days."""

    text: str = Field(min_length=1, max_length=100_000)
    kind: str = "note"
    importance: float = 5.0
    data: dict[str, Any] = Field(default_factory=dict)
    layer: str = Field(default="", max_length=100)
    trusted: bool = True
    ttl_days: float | None = Field(default=None, gt=0, le=DAYS)


class RecordChange(Input):
    """Fields left out stay as they are."""

    text: str | None = Field(default=None, min_length=1, max_length=100_000)
    kind: str | None = None
    importance: float | None = None
    data: dict[str, Any] | None = None
    layer: str | None = Field(default=None, max_length=100)
    trusted: bool | None = None


class Search(Input):
    """``half_life_days``: the age at which recency counts half; ``layers``: layer -> its own half-life."""

    query: str = Field(min_length=1, max_length=10_000)
    top_k: int = Field(default=10, ge=1, le=100)
    weights: WeightsInput | None = None
    half_life_days: float | None = Field(default=None, gt=0, le=DAYS)
    kinds: tuple[str, ...] = ()
    layers: dict[str, Annotated[float, Field(gt=0, le=DAYS)]] | None = None
    only_trusted: bool = False


@router.get("/spaces")
def list_spaces(workspace: Opened) -> list[dict[str, Any]]:
    """``[{name, description, records, created_at, updated_at, policy}]``."""
    return [asdict(space) for space in workspace.memories.spaces()]


@router.put("/spaces/{space}", status_code=204)
def set_space(workspace: Opened, space: str, given: Space) -> None:
    """Make a space, or change what it is for or its policy."""
    workspace.memories.create_space(space, given.description)
    if given.policy is not None:
        workspace.memories.set_policy(space, memory_policies.from_data(given.policy.model_dump()))


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
    layer: str | None = None,
    trusted: bool | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> dict[str, Any]:
    """The last written first; ``next`` is the next page's ``offset``, null on the last one."""
    found = workspace.memories.records(space, q=q, kind=kind, layer=layer, trusted=trusted, limit=limit, offset=offset)
    return {"records": [asdict(record) for record in found], "next": offset + limit if len(found) == limit else None}


@router.post("/spaces/{space}/records", status_code=201)
def add_record(workspace: Opened, space: str, given: NewRecord) -> dict[str, Any]:
    """Remember a text; an equal one updates its record."""
    id = workspace.memories.add(space, **given.model_dump())
    return asdict(workspace.memories.record(id))


@router.get("/records/{id}")
def read_record(workspace: Opened, id: str) -> dict[str, Any]:
    """One record."""
    return asdict(workspace.memories.record(id))


@router.patch("/records/{id}")
def change_record(workspace: Opened, id: str, given: RecordChange) -> dict[str, Any]:
    """Change a record."""
    return asdict(workspace.memories.update(id, **given.model_dump()))


@router.delete("/records/{id}", status_code=204)
def forget_record(workspace: Opened, id: str) -> None:
    """Remove a record for good."""
    workspace.memories.forget(id)


@router.get("/records/{id}/recalled")
def read_recalled(workspace: Opened, id: str, limit: Annotated[int, Query(ge=1, le=500)] = 50) -> dict[str, Any]:
    """Where runs recalled it, the last first."""
    workspace.memories.record(id)
    return {"recalled": [asdict(use) for use in memory_uses.recalled(workspace.database, id, limit=limit)]}


@router.post("/spaces/{space}/search")
def search(workspace: Opened, space: str, given: Search) -> dict[str, Any]:
    """The best hits first. Looking does not count as a use."""
    weights = Weights(**given.weights.model_dump()) if given.weights else None
    hits = workspace.memories.search(
        space, given.query, top_k=given.top_k, weights=weights, half_life_days=given.half_life_days,
        kinds=given.kinds, layers=given.layers, only_trusted=given.only_trusted, mark=False,
    )  # fmt: skip
    return {"hits": [asdict(hit) for hit in hits]}


@router.post("/spaces/{space}/rebuild")
def rebuild(workspace: Opened, space: str) -> dict[str, int]:
    """Make the index anew from the records."""
    return {"records": workspace.memories.rebuild(space)}


@router.get("/spaces/{space}/export")
def export(workspace: Opened, space: str) -> StreamingResponse:
    """The space as JSON Lines: a header, then a record a line."""
    lines = memory_transfer.export(workspace.memories, space)
    return StreamingResponse(lines, media_type="application/jsonl")


@router.post("/spaces/{space}/import")
async def take_in(
    request: Request, workspace: Opened, space: str, file: str = "import.jsonl", trusted: bool = False
) -> dict[str, int]:
    """Import the lines of the body, all or none; the records are not trusted unless ``trusted`` says so."""
    lines = (await request.body()).split(b"\n")
    try:
        done = await run_in_threadpool(
            memory_transfer.take_in, workspace.memories, space, file, lines, trusted=trusted
        )  # fmt: skip
    except BadLines as error:
        errors = [{"field": bad.place, "what": str(bad), "mend": error.mend} for bad in error.problems]
        raise ApiError(422, "bad-file", error.what, where=file, mend=error.mend, beside={"errors": errors}) from None
    return asdict(done)
