"""Where a record was recalled, and how a space was written and used over time.

Read from ``memory_use``, which triggers fill from the spans of recalls.
"""

from dataclasses import dataclass
from typing import Final

from store import memory_rows
from store.database import Database

_RECALLED: Final = """
SELECT run.ordinal, run.title, span.id, coalesce(node.name, span.node_id, span.name), use.at, use.place, use.score,
  json_extract(span.input, '$.query')
FROM memory_use AS use JOIN memory ON memory.number = use.memory_number
JOIN span ON span.seq = use.span_seq JOIN run ON run.id = span.run_id
LEFT JOIN span AS node ON node.id = span.parent_id
WHERE memory.id = ? ORDER BY use.at DESC, use.span_seq DESC LIMIT ?
"""
_WRITTEN_DAYS: Final = """
SELECT date(updated_at + ?, 'unixepoch') AS day, kind, count(*) FROM memory
WHERE space_id = (SELECT id FROM memory_space WHERE name = ?) AND updated_at >= ?
  AND (expires_at IS NULL OR expires_at > ?) GROUP BY day, kind ORDER BY day, kind
"""
_USED_DAYS: Final = """
SELECT date(use.at + ?, 'unixepoch') AS day, memory.kind, count(*) FROM memory_use AS use
JOIN memory ON memory.number = use.memory_number
WHERE memory.space_id = (SELECT id FROM memory_space WHERE name = ?) AND use.at >= ?
  AND (memory.expires_at IS NULL OR memory.expires_at > ?) GROUP BY day, memory.kind ORDER BY day, memory.kind
"""


@dataclass(frozen=True)
class Recalled:
    """A search of a run that returned the record."""

    run: str
    """Number of the run, such as r-0042."""
    title: str
    """Title of the workflow that ran."""
    span: str
    """The ``retrieve_memory`` span."""
    node: str
    """Label of the node that searched."""
    at: float
    """Seconds since the epoch."""
    place: int
    """Among the hits, from 1."""
    score: float
    query: str | None
    """What was searched for; None where it was too long to keep in the span."""


@dataclass(frozen=True)
class Day:
    """What happened to the records of a kind on a day."""

    day: str
    """YYYY-MM-DD where the reader is."""
    kind: str
    records: int


def recalled(database: Database, id: str, *, limit: int = 50) -> list[Recalled]:
    """Where the record was recalled, the last first; runs that were deleted are gone from it too."""
    with memory_rows.reading(database) as connection:
        rows = connection.execute(_RECALLED, (id, limit)).fetchall()
    return [Recalled(f"r-{ordinal:04d}", *rest) for ordinal, *rest in rows]


def written(database: Database, space: str, *, since: float, now: float, offset: float = 0.0) -> list[Day]:
    """Records by the day they were last written, from ``since`` on; ``offset``: seconds east of UTC."""
    return _days(database, _WRITTEN_DAYS, (offset, space, since, now))


def used(database: Database, space: str, *, since: float, now: float, offset: float = 0.0) -> list[Day]:
    """Recalls by runs, by day, from ``since`` on; ``offset``: seconds east of UTC."""
    return _days(database, _USED_DAYS, (offset, space, since, now))


def _days(database: Database, query: str, values: tuple[object, ...]) -> list[Day]:
    with memory_rows.reading(database) as connection:
        return [Day(*row) for row in connection.execute(query, values)]
