"""Rows of the tree as a reader sees them: what the columns know, and the words that only the table has."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from store.trace_steps import price
from store.trace_tree import Tree

BRIEF: Final = 80
"""Characters of what a tool was called with."""
_AT_ONCE: Final = 500  # parameters of one query
_TOLD: Final = """
SELECT seq, parent_id, name, kind, visit, item, attempt, coalesce(response_model, request_model), error,
  CASE WHEN operation = 'execute_tool' THEN substr(input, 1, 4096)
       WHEN operation = 'retrieve_memory' AND json_type(output) = 'array' THEN json_array_length(output)
       WHEN operation = 'retrieve_memory' AND output LIKE '{"$artifact"%' THEN 'many' END,
  json_extract(attributes, '$.kept_from')
FROM span WHERE seq IN
"""


@dataclass(frozen=True)
class TraceRow:
    """A span in the tree. Times are seconds since the epoch, money US dollars."""

    id: str
    parent_id: str | None
    depth: int
    """0 for the run itself."""
    children: int
    """Spans directly below."""
    below: int
    """All spans below."""
    position: int
    """Among its siblings, from 0."""
    siblings: int
    open: bool
    operation: str
    name: str
    node_id: str | None
    kind: str | None
    visit: int | None
    item: int | None
    attempt: int | None
    status: str
    started_at: float
    ended_at: float | None
    outcome: str | None
    model: str | None
    error: dict[str, str] | None
    """{what, type} of what went wrong."""
    input_tokens: int
    """With all below it, as are the other figures."""
    output_tokens: int
    usd: float | None
    """None where no price is known."""
    brief: str
    """What a tool was called with, or how many records were found; '' for other spans."""
    comments: int
    kept_from: str | None
    """The span of an earlier run whose result it took; None where it ran."""
    hit: str | None = None
    """Where a search found its words; None where none was asked for, or it is not found itself."""


def rows(
    connection: sqlite3.Connection,
    tree: Tree,
    wanted: Sequence[int],
    *,
    is_open: Any = None,
    comments: Mapping[int, int] | None = None,
    hits: Mapping[int, str] | None = None,
) -> list[TraceRow]:
    """The rows by their numbers. ``comments`` and ``hits`` by the span's number in the table."""
    told = _told(connection, [int(tree.seq[row]) for row in wanted])
    there = [row for row in wanted if int(tree.seq[row]) in told]  # a run may be removed while it is read
    return [_row(tree, row, told[int(tree.seq[row])], is_open, comments or {}, hits or {}) for row in there]


def _told(connection: sqlite3.Connection, seqs: list[int]) -> dict[int, tuple[Any, ...]]:
    found: dict[int, tuple[Any, ...]] = {}
    for first in range(0, len(seqs), _AT_ONCE):
        part = seqs[first : first + _AT_ONCE]
        marks = ", ".join("?" * len(part))
        found.update((row[0], row[1:]) for row in connection.execute(f"{_TOLD} ({marks})", part))
    return found


def _row(
    tree: Tree, row: int, told: tuple[Any, ...], is_open: Any, comments: Mapping[int, int], hits: Mapping[int, str]
) -> TraceRow:
    parent_id, name, kind, visit, item, attempt, model, error, brief, kept_from = told
    texts, seq, above = tree.columns.codes.texts, int(tree.seq[row]), int(tree.parent[row])
    ended = float(tree.ended[row])
    costs = tree.costs[:, row]
    return TraceRow(
        id=tree.id_of(row),
        parent_id=parent_id,
        depth=int(tree.depth[row]),
        children=int(tree.children[row]),
        below=int(tree.size[row]) - 1,
        position=int(tree.rank[row]),
        siblings=int(tree.children[above]) if above >= 0 else len(tree.levels[0]),
        open=bool(is_open[row]) if is_open is not None else False,
        operation=texts[tree.operation[row]] or "",
        name=name,
        node_id=texts[tree.node[row]],
        kind=kind,
        visit=visit,
        item=item,
        attempt=attempt,
        status=texts[tree.status[row]] or "",
        started_at=float(tree.started[row]),
        ended_at=ended if ended == ended else None,  # NaN: it has not ended
        outcome=texts[tree.outcome[row]],
        model=model,
        error=_short_error(error),
        input_tokens=int(costs[0]),
        output_tokens=int(costs[1]),
        usd=price(tree, row),
        brief=_brief(brief),
        comments=comments.get(seq, 0),
        kept_from=kept_from,
        hit=hits.get(seq),
    )


def _short_error(text: str | None) -> dict[str, str] | None:
    if text is None:
        return None
    error = json.loads(text)
    if not isinstance(error, dict):
        return {"what": str(error), "type": ""}
    return {"what": str(error.get("what") or ""), "type": str(error.get("type") or "")}


def _brief(value: str | int | None) -> str:
    if value is None:
        return ""
    if isinstance(value, int):
        return "1 hit" if value == 1 else f"{value} hits"
    if value == "many":
        return "many hits"
    return _plain(value)[:BRIEF]


def _plain(text: str) -> str:
    """The plain values among a tool's arguments."""
    try:
        given = json.loads(text)
    except ValueError:  # cut, for it is very long
        return text
    if not isinstance(given, dict):
        return str(given)
    if "$artifact" in given:
        return str(given.get("preview", ""))
    return ", ".join(str(each) for each in given.values() if isinstance(each, str | int | float))
