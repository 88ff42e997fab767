"""Full-text search in the spans of a run, and of all runs.

The index is filled when something is searched for, a little with each call, so that writing spans costs nothing and
nobody waits for runs that nobody searches. A span that is still open is indexed as it is, and once more when it has
ended. Words are matched from their beginning, in any case and without accents; all must be in one span.
"""

import json
import re
import sqlite3
import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, cast

from store.database import Database
from store.disk_errors import store_error
from store.memory_rows import reading
from store.trace_excerpts import BEFORE, excerpt

SECONDS: Final = 0.25
"""What one call spends on the index."""
LONGEST: Final = 100_000
"""Characters of one value that are searched."""
MOST_HITS: Final = 20_000
"""Hits counted in one run."""
_MOST_WORDS: Final = 16  # of a query
_SPANS: Final = 200  # of one transaction: others write in between
_WORD: Final = re.compile(r"[^\W_]+")
_TEXTS: Final = """
SELECT span.seq, span.ended_at IS NULL, name, node_id, kind, outcome, response_model, error,
  coalesce(given.data, span.input), coalesce(gave.data, span.output)
FROM span LEFT JOIN artifact AS given ON given.sha256 = json_extract(span.input, '$."$artifact"')
LEFT JOIN artifact AS gave ON gave.sha256 = json_extract(span.output, '$."$artifact"') WHERE
"""
_INDEXED: Final = """
SELECT coalesce(sum((SELECT count(*) FROM span WHERE span.run_id = searched_run.run_id AND seq <= upto)), 0)
FROM searched_run
"""
_NEXT_RUN: Final = """
SELECT run.id, coalesce(searched_run.upto, 0) FROM run LEFT JOIN searched_run ON searched_run.run_id = run.id
WHERE (? IS NULL OR run.id = ?)
  AND coalesce(searched_run.upto, 0) < coalesce((SELECT max(seq) FROM span WHERE span.run_id = run.id), 0)
ORDER BY run.ordinal DESC LIMIT 1
"""
_ENDED: Final = """
SELECT searched_open.span_seq FROM searched_open JOIN span ON span.seq = searched_open.span_seq
WHERE span.ended_at IS NOT NULL AND (? IS NULL OR searched_open.run_id = ?) LIMIT ?
"""


@dataclass(frozen=True)
class Progress:
    """How many of the spans asked about are in the index."""

    searched: int
    of: int


@dataclass(frozen=True)
class Hit:
    """A span that holds every word: its number in the table, and where."""

    seq: int
    excerpt: str


def match_of(query: str) -> str:
    """The query in FTS5's language, where each word is the beginning of one; '' for a query without words."""
    # The pattern lets only letters and digits through: nothing of that language.
    return " ".join(f'"{word}"*' for word in words_of(query))


def words_of(query: str) -> list[str]:
    """The words of a query, at most ``_MOST_WORDS``."""
    return _WORD.findall(query)[:_MOST_WORDS]


def advance(database: Database, run_id: str | None = None, *, seconds: float = SECONDS) -> Progress:
    """Bring the index on, of one run or of all, for about ``seconds``; newest runs first."""
    until = time.monotonic() + seconds
    while _index_some(database, run_id) and time.monotonic() < until:
        pass
    return _progress(database, run_id)


def in_run(connection: sqlite3.Connection, match: str, first: int, last: int) -> list[int]:
    """Numbers of the spans between ``first`` and ``last`` that match; at most ``MOST_HITS``."""
    query = "SELECT rowid FROM span_fts WHERE span_fts MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?"
    return [row[0] for row in connection.execute(query, (match, first, last, MOST_HITS))]


def excerpts(
    connection: sqlite3.Connection, query: str, seqs: Iterable[int], *, before: int = BEFORE
) -> dict[int, str]:
    """Where those of the spans that hold the words hold them, by number; ``before``: characters ahead of the first."""
    wanted = list(seqs)
    marks = ", ".join("?" * len(wanted))
    rows = connection.execute(f"SELECT rowid, name, text FROM span_fts WHERE rowid IN ({marks})", wanted)  # noqa: S608
    words = words_of(query)
    return {seq: excerpt(name, text, words, before=before) for seq, name, text in rows}


def everywhere(connection: sqlite3.Connection, query: str, *, limit: int, before: int | None) -> list[Hit]:
    """Spans of all runs, the newest first; ``before``: only those with a lower number."""
    sql = "SELECT rowid FROM span_fts WHERE span_fts MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?"
    seqs = [row[0] for row in connection.execute(sql, (match_of(query), before or 2**62, limit))]
    told = excerpts(connection, query, seqs)
    return [Hit(seq, told[seq]) for seq in seqs]


def _progress(database: Database, run_id: str | None) -> Progress:
    whose, given = ("", ()) if run_id is None else ("WHERE run_id = ?", (run_id,))
    with reading(database) as connection:
        (of,) = connection.execute(f"SELECT count(*) FROM span {whose}", given).fetchone()  # noqa: S608 - our own
        (searched,) = connection.execute(f"{_INDEXED} {whose}", given).fetchone()
    return Progress(searched, of)


def _index_some(database: Database, run_id: str | None) -> bool:
    """Index some spans in a transaction of their own; False where nothing is left to do."""
    with reading(database) as connection:  # looking takes no lock from those who write
        if not _work(connection, run_id):
            return False
    with _writing(database) as connection:
        ended, place = _ended(connection, run_id), _next_run(connection, run_id)
        if ended:
            _again(connection, ended)
        elif place is not None:
            _further(connection, *place)
    return True


def _work(connection: sqlite3.Connection, run_id: str | None) -> bool:
    """Whether a span is not in the index, or has ended since it was put there."""
    return bool(_ended(connection, run_id)) or _next_run(connection, run_id) is not None


def _ended(connection: sqlite3.Connection, run_id: str | None) -> list[int]:
    return [row[0] for row in connection.execute(_ENDED, (run_id, run_id, _SPANS))]


@contextmanager
def _writing(database: Database) -> Generator[sqlite3.Connection]:
    """SQLite's own connection, in a transaction that writes."""
    try:
        with database.connection() as connection:
            yield cast(sqlite3.Connection, connection.connection.driver_connection)
    except sqlite3.Error as error:
        raise store_error(error, database.path) from error


def _next_run(connection: sqlite3.Connection, run_id: str | None) -> tuple[str, int] | None:
    """The newest run of which a span is not in the index, or the one asked for, and up to where it is; else None."""
    return connection.execute(_NEXT_RUN, (run_id, run_id)).fetchone()


def _again(raw: sqlite3.Connection, seqs: list[int]) -> None:
    marks = ", ".join("?" * len(seqs))
    rows = raw.execute(f"{_TEXTS} span.seq IN ({marks})", seqs).fetchall()
    raw.executemany("DELETE FROM span_fts WHERE rowid = ?", [(seq,) for seq in seqs])
    _insert(raw, rows)
    raw.execute(f"DELETE FROM searched_open WHERE span_seq IN ({marks})", seqs)  # noqa: S608


def _further(raw: sqlite3.Connection, run_id: str, upto: int) -> None:
    query = f"{_TEXTS} span.run_id = ? AND span.seq > ? ORDER BY span.seq LIMIT ?"
    rows = raw.execute(query, (run_id, upto, _SPANS)).fetchall()
    if not rows:
        return
    _insert(raw, rows)
    still_open = [(row[0], run_id) for row in rows if row[1]]
    raw.executemany("INSERT OR IGNORE INTO searched_open (span_seq, run_id) VALUES (?, ?)", still_open)
    raw.execute("INSERT OR REPLACE INTO searched_run (run_id, upto) VALUES (?, ?)", (run_id, rows[-1][0]))


def _insert(raw: sqlite3.Connection, rows: list[tuple[Any, ...]]) -> None:
    texts = [(seq, _name(row), _text(row)) for seq, _, *row in rows]
    raw.executemany("INSERT INTO span_fts (rowid, name, text) VALUES (?, ?, ?)", texts)


def _name(row: list[Any]) -> str:
    """Name, node, kind, outcome and model."""
    return " ".join(str(each) for each in dict.fromkeys(row[:5]) if each)


def _text(row: list[Any]) -> str:
    """What went wrong, went in and came out."""
    return "\n".join(text for text in (_values(each) for each in row[5:]) if text)


def _values(text: str | bytes | None) -> str:
    """The plain values of a JSON text, without its keys and signs; the first ``LONGEST`` characters."""
    if text is None:
        return ""
    found: list[str] = []
    _gather(json.loads(text), found)
    return " ".join(found)[:LONGEST]


def _gather(value: Any, found: list[str]) -> None:
    if isinstance(value, str):
        found.append(value)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name != "role" or "content" not in value:  # who said it is in every message
                _gather(each, found)
    elif isinstance(value, list):
        for each in value:
            _gather(each, found)
    elif value is not None and not isinstance(value, bool):
        found.append(str(value))
