"""Workflows in a memory space: one record each, with its score, its parent, and how many were made of it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from nodes.contract import Context, Hit, Memory, NodeError
from nodes.views import View, search_view

KIND: Final = "workflow"
MOST: Final = 1_000


@dataclass(frozen=True)
class Archived:
    """An archived workflow."""

    id: str
    document: dict[str, Any]
    score: float
    parent: str
    children: int
    change: str
    about: str

    def weight(self, sharpness: float, middle: float) -> float:
        """The chance to be a parent: sigmoid of the score, times novelty 1 / (1 + children)."""
        return 1 / (1 + math.exp(-sharpness * (self.score - middle))) / (1 + self.children)


def archive_of(ctx: Context) -> Memory:
    """The attached space. Raises NodeError where there is none."""
    if ctx.memory is None:
        raise NodeError("No archive is attached", mend="Attach a memory space below this node.")
    return ctx.memory


async def archived(memory: Memory) -> list[Archived]:
    """All of them, the first written first."""
    hits = await memory.records(kinds=[KIND], limit=MOST)
    return [_read(hit) for hit in reversed(hits) if isinstance(hit.data.get("document"), dict)]


def _read(hit: Hit) -> Archived:
    data = hit.data
    return Archived(
        hit.id, data["document"], float(data.get("score", 0)), str(data.get("parent", "")),
        int(data.get("children", 0)), str(data.get("change", "")), hit.text,
    )  # fmt: skip


def lineage(found: Sequence[Archived], chosen: str = "") -> View:
    """The archive as a tree of descent; ``chosen`` stands out."""
    ids = {each.id for each in found}
    best = max(found, key=lambda each: each.score, default=None)
    nodes = [
        {"id": each.id, "parent": each.parent if each.parent in ids else None, "value": round(each.score, 4),
         "label": each.change or str(each.document.get("title", each.id)),
         "status": "solution" if each.id == chosen else "expanded" if each.children else "open"}
        for each in found
    ]  # fmt: skip
    return search_view(nodes, best=best.id if best else "", summary=f"{len(found)} workflows")
