"""Keyword match: how much of the query's words a record holds, rare words counting more.

The share of the query's weight found in the record, a word weighing its inverse document frequency
(Robertson, Spärck Jones; the form of BM25, which is never negative). Unlike BM25's sum it is 0 to 1
and means the same for every query. Words that no record holds, and words in over a thousand of them, weigh
nothing. Words are stemmed (English) and stripped of accents by the index.
"""

import math
import re
import sqlite3
import threading
from dataclasses import dataclass
from typing import Any, Final

_WORD: Final = re.compile(r"[^\W_]+")
_MOST_WORDS: Final = 16  # of a query; the longest count, being the rarest as a rule
_MOST_ROWS: Final = 1_000  # of one word; more common ones tell nothing and would take long
# One row of text instead of a thousand rows: a quarter of the time.
_HOLDERS: Final = "SELECT group_concat(rowid) FROM (SELECT rowid FROM memory_fts WHERE memory_fts MATCH ? LIMIT ?)"


@dataclass(frozen=True)
class Matches:
    """Row numbers, rising, and how much of the query's words each row holds: above 0, at most 1 (numpy arrays)."""

    numbers: Any
    shares: Any

    def of(self, number: int) -> float:
        """The match of a row; 0 where it has none."""
        at = int(self.numbers.searchsorted(number))
        return float(self.shares[at]) if at < len(self.numbers) and self.numbers[at] == number else 0.0

    def best(self) -> list[int]:
        """All row numbers, the best match first, the later row first among equals."""
        import numpy as np  # an extra

        return self.numbers[np.lexsort((self.numbers, self.shares))[::-1]].tolist()


class Rows:
    """Which space each row belongs to, by row number: kept in step by ``Figures``, which hears of every writer.

    A word of one space found by the index alone costs a walk through all rows of that space (0.5 ms of
    100,000, for each word); most words are in so few rows that these can be looked up here instead.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._spaces: Any = None
        self._next = 1

    def forget_from(self, number: int) -> None:
        """Rows from here on may have been removed, and their numbers given to others."""
        with self._guard:
            self._next = min(self._next, number)

    def of(self, connection: sqlite3.Connection, numbers: Any) -> Any:
        """The spaces of these rows."""
        with self._guard:
            if self._spaces is None or numbers.max() >= self._next:
                self._spaces = self._read(connection)
                self._next = len(self._spaces)
            return self._spaces[numbers]

    def _read(self, connection: sqlite3.Connection) -> Any:
        """The array with the rows that were not known yet."""
        import numpy as np  # an extra

        news = connection.execute("SELECT number, space_id FROM memory WHERE number >= ?", (self._next,)).fetchall()
        known = np.zeros(1, np.int32) if self._spaces is None else self._spaces[: self._next]
        fresh = np.asarray(news, dtype=np.int64).reshape(-1, 2)
        spaces = np.zeros(max(len(known), int(fresh[:, 0].max(initial=0)) + 1), np.int32)
        spaces[: len(known)] = known
        spaces[fresh[:, 0]] = fresh[:, 1]
        return spaces


def matches(connection: sqlite3.Connection, rows: Rows, space_id: int, records: int, query: str) -> Matches:
    """The space's records that hold a word of ``query``; ``records``: how many the space has."""
    import numpy as np  # an extra

    parts: list[Any] = []
    weights: list[float] = []
    for word in _words(query):
        holders = _holders(connection, rows, space_id, word)
        held = len(holders)
        if 0 < held <= _MOST_ROWS:
            parts.append(holders)
            weights.append(math.log(1 + (max(records, held) - held + 0.5) / (held + 0.5)))
    if not parts:
        return Matches(np.zeros(0, np.int64), np.zeros(0))
    numbers, which = np.unique(np.concatenate(parts), return_inverse=True)
    each = np.repeat(weights, [len(part) for part in parts])
    shares = np.bincount(which, weights=each) / sum(weights)
    return Matches(numbers, np.minimum(shares, 1.0))


def _holders(connection: sqlite3.Connection, rows: Rows, space_id: int, word: str) -> Any:
    """Numbers of the space's rows that hold the word; more than ``_MOST_ROWS`` are cut off one later."""
    # The pattern lets only letters and digits through: nothing of FTS5's query language.
    anywhere = _found(connection, f'text : "{word}"')
    if len(anywhere) <= _MOST_ROWS:
        return anywhere[rows.of(connection, anywhere) == space_id] if len(anywhere) else anywhere
    return _found(connection, f'space : "s{space_id}" AND text : "{word}"')


def _found(connection: sqlite3.Connection, phrase: str) -> Any:
    import numpy as np  # an extra

    (numbers,) = connection.execute(_HOLDERS, (phrase, _MOST_ROWS + 1)).fetchone()
    return np.fromstring(numbers or "", dtype=np.int64, sep=",")


def _words(query: str) -> list[str]:
    words = dict.fromkeys(_WORD.findall(query.casefold()))
    return sorted(words, key=lambda word: -len(word))[:_MOST_WORDS]
