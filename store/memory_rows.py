"""Reading records for a search: tuples straight from SQLite.

A search reads dozens of rows and thousands of row numbers and shows a handful; SQLAlchemy's objects
for them took two thirds of its time (measured at 3,000 and 100,000 records).
"""

import json
import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple, cast

from sqlalchemy.exc import DBAPIError

from store.database import Database
from store.disk_errors import store_error

_AT_ONCE: Final = 500  # parameters of one query


class Candidate(NamedTuple):
    """A row as a search scores it; ``source`` and ``data`` are still JSON text."""

    number: int
    id: str
    space_id: int
    text: str
    kind: str
    importance: float
    created_at: float
    updated_at: float
    source: Any
    data: Any
    layer: str
    trusted: bool
    uses: int
    last_used_at: float | None
    expires_at: float | None
    owner: str | None
    vector: bytes

    def opened(self) -> "Candidate":
        """The same with its JSON read."""
        return self._replace(source=json.loads(self.source), data=json.loads(self.data), trusted=bool(self.trusted))


_COLUMNS: Final = ", ".join(Candidate._fields)


@contextmanager
def reading(database: Database) -> Generator[sqlite3.Connection]:
    """SQLite's own connection, in a transaction that reads one consistent view."""
    try:
        with database.engine.begin() as connection:
            yield cast(sqlite3.Connection, connection.connection.driver_connection)
    except (sqlite3.Error, DBAPIError) as error:
        raise store_error(error, database.path) from error


def by_id(connection: sqlite3.Connection, ids: Sequence[str]) -> list[Candidate]:
    """The rows there are, in no order."""
    return [Candidate._make(row) for row in _rows(connection, _COLUMNS, "id", ids)]


def by_number(connection: sqlite3.Connection, numbers: Sequence[int]) -> list[Candidate]:
    """The rows there are, in no order."""
    return [Candidate._make(row) for row in _rows(connection, _COLUMNS, "number", numbers)]


def vectors(connection: sqlite3.Connection, numbers: Sequence[int]) -> list[tuple[int, bytes]]:
    """Numbers with their vectors, in no order."""
    return cast(list[tuple[int, bytes]], _rows(connection, "number, vector", "number", numbers))


def _rows(connection: sqlite3.Connection, columns: str, key: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(values), _AT_ONCE):
        part = values[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(part))
        query = f"SELECT {columns} FROM memory WHERE {key} IN ({marks})"  # noqa: S608 - names are ours, values marked
        found += connection.execute(query, part).fetchall()
    return found
