"""What a node can show of its inner work: plain data that the live panel and the trace draw.

Each function makes one view for ``ctx.show``; a later view of the same visit replaces the one before, so a
node shows its whole state each time something changed. Every view has ``type`` and fits in JSON.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

View = dict[str, Any]
SearchStatus = Literal["open", "expanded", "pruned", "solution", "failed"]


def plan_view(plan: Mapping[str, Any]) -> View:
    """A checklist, or a graph where steps have ``needs``.

    ``plan``: the value of a plan port; a step may have ``needs`` (ids of the steps before it), ``parent``
    (id of the step it is a part of), ``status`` (open, running, done, failed, skipped) and ``result``.
    """
    return {"type": "plan", "goal": plan.get("goal", ""), "steps": [dict(step) for step in plan["steps"]]}


def search_view(nodes: Sequence[Mapping[str, Any]], *, best: str = "", summary: str = "") -> View:
    """A tree. Each node: ``{"id", "parent" (or None), "label", "value" (number or None), "status":
    SearchStatus, "visits" (optional)}`` in the order they were made; ``best``: id of the node that won.
    """
    return {"type": "search", "nodes": [dict(each) for each in nodes], "best": best, "summary": summary}


def debate_view(rounds: Sequence[Sequence[Mapping[str, Any]]], *, verdict: str = "") -> View:
    """Rounds side by side. Each contribution: ``{"speaker", "text", "answer" (optional)}``."""
    return {"type": "debate", "rounds": [[dict(each) for each in round] for round in rounds], "verdict": verdict}


def refinement_view(versions: Sequence[Mapping[str, Any]]) -> View:
    """Drafts one after another, with the change between them: ``{"draft", "critique", "score" (optional)}``."""
    return {"type": "refinement", "versions": [dict(each) for each in versions]}


def ballots_view(ballots: Sequence[Mapping[str, Any]], *, winner: str) -> View:
    """A vote. Each ballot: ``{"voter", "choice", "reason" (optional), "weight" (optional, 1)}``."""
    return {"type": "ballots", "ballots": [dict(each) for each in ballots], "winner": winner}


def chat_view(messages: Sequence[Mapping[str, Any]]) -> View:
    """A conversation. Each message: ``{"speaker", "text", "to" (optional)}``."""
    return {"type": "chat", "messages": [dict(each) for each in messages]}


def table_view(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, title: str = "") -> View:
    """Rows of text, numbers and booleans under columns: ledgers, bids, scores, populations."""
    return {"type": "table", "title": title, "columns": list(columns), "rows": [list(row) for row in rows]}


def graph_view(nodes: Sequence[Mapping[str, Any]], edges: Sequence[Mapping[str, Any]], *, title: str = "") -> View:
    """Things and relations. Nodes: ``{"id", "label", "group" (optional)}``; edges: ``{"source", "target",
    "label" (optional)}``.
    """
    return {
        "type": "graph", "title": title, "nodes": [dict(each) for each in nodes],
        "edges": [dict(each) for each in edges],
    }  # fmt: skip
