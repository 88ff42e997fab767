"""Keyword match: how much of the query's words a record holds, rare words counting more.

The share of the query's weight found in the record, a word weighing its inverse document frequency
(Robertson, Spärck Jones; the form of BM25, which is never negative). Unlike BM25's sum it is 0 to 1
and means the same for every query. Words that no record holds, and words in over a thousand of them, weigh
nothing. Words are stemmed (English) and stripped of accents by the index.
"""

import math
import re
from typing import Final

from sqlalchemy import Connection

_WORD: Final = re.compile(r"[^\W_]+")
_MOST_WORDS: Final = 16  # of a query; the longest count, being the rarest as a rule
_MOST_ROWS: Final = 1_000  # of one word; more common ones tell nothing and would take long
_HOLDERS: Final = "SELECT rowid FROM memory_fts WHERE memory_fts MATCH ? LIMIT ?"


def matches(connection: Connection, space_id: int, records: int, query: str) -> dict[int, float]:
    """Row number -> keyword match (above 0, at most 1) of the space's records that hold a word of ``query``.

    ``records``: how many the space has.
    """
    found: dict[int, float] = {}
    total = 0.0
    for word in _words(query):
        # The pattern lets only letters and digits through: nothing of FTS5's query language.
        phrase = f'space : "s{space_id}" AND text : "{word}"'
        numbers = connection.exec_driver_sql(_HOLDERS, (phrase, _MOST_ROWS + 1)).scalars().all()
        if not 0 < len(numbers) <= _MOST_ROWS:
            continue
        weight = math.log(1 + (max(records, len(numbers)) - len(numbers) + 0.5) / (len(numbers) + 0.5))
        total += weight
        for number in numbers:
            found[number] = found.get(number, 0.0) + weight
    return {number: min(1.0, weight / total) for number, weight in found.items()}


def _words(query: str) -> list[str]:
    words = dict.fromkeys(_WORD.findall(query.casefold()))
    return sorted(words, key=lambda word: -len(word))[:_MOST_WORDS]
