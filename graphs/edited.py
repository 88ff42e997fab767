"""A workflow that was edited under a run which is to go on: what there is to choose from."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from graphs.document import Document, Node


def gone_nodes(then: Document, now: Document, next_nodes: Sequence[str]) -> list[str]:
    """Those of the nodes a run would run next that the edited workflow has not, or has as something else."""
    return [id for id in next_nodes if id in then.nodes and not _is_still(then.nodes[id], now.nodes.get(id))]


def _is_still(then: Node, now: Node | None) -> bool:
    return now is not None and (then.kind, then.parent) == (now.kind, now.parent)


def choices(then: Document, now: Document, gone: Sequence[str], last: str | None) -> list[dict[str, Any]]:
    """How the run can go on, as calls (docs/contracts.md); ``last``: span of the last visit that ended."""
    new = [id for id in now.nodes if id not in then.nodes]
    fork: dict[str, Any] = {"document": "edited"}
    found: list[dict[str, Any]] = [
        {"choice": "pinned", "title": "Go on with the workflow as it was", "call": {"version": "pinned"}},
        {"choice": "fork", "title": "Run the edited workflow and keep what has run", "after": last, "call": fork},
    ]
    if new:
        suggested = {old: near for old in gone if (near := _renamed(old, then, now, new))}
        found.append({
            "choice": "map", "title": "Say which node it is now, and keep what has run", "gone": list(gone),
            "nodes": new, "suggested": suggested, "call": {**fork, "map": suggested},
        })  # fmt: skip
    return found


def _renamed(old: str, then: Document, now: Document, new: Sequence[str]) -> str | None:
    """The new node that a node most likely became: of its kind; with its settings, else of a similar name."""
    was = then.nodes[old]
    alike = [id for id in new if (now.nodes[id].kind, now.nodes[id].parent) == (was.kind, was.parent)]
    same = [id for id in alike if now.nodes[id].config == was.config]
    if len(same) == 1 or len(alike) == 1:
        return (same if len(same) == 1 else alike)[0]
    return next(iter(get_close_matches(old, alike, n=1)), None)
