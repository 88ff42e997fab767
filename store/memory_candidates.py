"""Which records of a space are worth scoring for a query: the near ones and those that hold its words.

A filter that few records pass is answered exactly, from their vectors in SQL. Where many pass, the index
is asked for more neighbours until enough of them pass; where that does not help, all are gone through.
"""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Final

from store import memory_rows, memory_scoring
from store.memory_filters import Filter
from store.memory_keywords import Matches
from store.memory_rows import Candidate

_EXACT: Final = 2_000  # vectors of 1.5 kB each: about as long as a search in a large space
_WIDER: Final = 8
_WIDEST: Final = 1_300  # neighbours asked of the index
_AT_ONCE: Final = 500
Nearest = Callable[[int], list[str]]


def near(
    connection: sqlite3.Connection,
    space_id: int,
    point: Sequence[float],
    most: int,
    wanted: Filter,
    nearest: Nearest,
) -> list[Candidate]:
    """About ``most`` records near ``point`` that pass; ``nearest(n)`` gives the index's n nearest ids."""
    if not wanted.narrow:
        return [row for row in memory_rows.by_id(connection, nearest(most)) if wanted.lets(row)]
    few = _passing(connection, space_id, wanted, _EXACT + 1)
    if len(few) <= _EXACT:
        return _nearest_of(connection, few, point, most, wanted)
    asked = most
    while asked < _WIDEST:
        asked *= _WIDER
        found = {id: place for place, id in enumerate(nearest(asked))}
        passed = [row for row in memory_rows.by_id(connection, list(found)) if wanted.lets(row)]
        if len(passed) >= most or len(found) < asked:
            return sorted(passed, key=lambda row: found[row.id])[:most]
    return _nearest_of(connection, _passing(connection, space_id, wanted, -1), point, most, wanted)


def wordy(
    connection: sqlite3.Connection, keywords: Matches, most: int, wanted: Filter, known: set[int]
) -> list[Candidate]:
    """The ``most`` records that match the query's words best and pass, without the ``known`` ones."""
    best = keywords.best()
    if not wanted.narrow:
        missing = [number for number in best[:most] if number not in known]
        return [row for row in memory_rows.by_number(connection, missing) if wanted.lets(row)]
    found: list[Candidate] = []
    for start in range(0, len(best), _AT_ONCE):
        part = best[start : start + _AT_ONCE]
        passed = {row.number: row for row in memory_rows.by_number(connection, part) if wanted.lets(row)}
        found += [passed[number] for number in part if number in passed]
        if len(found) >= most:
            break
    return [row for row in found[:most] if row.number not in known]


def _passing(connection: sqlite3.Connection, space_id: int, wanted: Filter, limit: int) -> list[int]:
    """The numbers of the records that pass, at most ``limit``; -1: all."""
    condition, values = wanted.condition(space_id)
    query = f"SELECT number FROM memory WHERE {condition} LIMIT ?"  # noqa: S608 - values are marked
    return [number for (number,) in connection.execute(query, (*values, limit))]


def _nearest_of(
    connection: sqlite3.Connection, numbers: list[int], point: Sequence[float], most: int, wanted: Filter
) -> list[Candidate]:
    pairs = memory_rows.vectors(connection, numbers)
    close = memory_scoring.cosines(point, [vector for _, vector in pairs])
    order = sorted(range(len(pairs)), key=lambda at: (-close[at], pairs[at][0]))
    rows = memory_rows.by_number(connection, [pairs[at][0] for at in order[:most]])
    return [row for row in rows if wanted.lets(row)]
