"""Keeps Chroma's index in step with SQL, the truth.

What the index misses (a process that died between the two, a damaged folder, another embedding) is
noticed when a space is first used, and mended from SQL.
"""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, text
from sqlmodel import col, select

from store import memory_records, memory_scoring, tables
from store.database import Database
from store.memory_index import IndexFault, MemoryIndex, Point
from store.memory_keywords import Rows

Embed = Callable[[Sequence[str]], list[list[float]]]
_CHUNK: Final = 500  # rows read, embedded and indexed at once
_DONE: Final = "UPDATE memory SET indexed = 1 WHERE number = ?"
_EMBEDDED: Final = "UPDATE memory SET indexed = 1, vector = ?, embedding_model = ? WHERE number = ?"


class SyncedIndex:
    """The index of all spaces. Hold ``guard`` from a write to SQL until ``follow``; every method takes it itself."""

    def __init__(self, database: Database, folder: Path, embed: Embed, model: str) -> None:
        self.guard = threading.RLock()  # SQL and the index must see writes in the same order
        self._database = database
        self._embed = embed
        self._model = model
        self._index = MemoryIndex(folder)
        self._in_step: set[int] = set()
        self._sizes: dict[int, int] = {}
        self.rows = Rows()

    def vectors(self, texts: Sequence[str]) -> list[bytes]:
        """The texts as points of unit length."""
        return [memory_scoring.packed(vector) for vector in self._embed(texts)] if texts else []

    def ready(self, space_id: int) -> None:
        """On first use: index what is missing; everything where that is not enough."""
        with self.guard:
            if space_id in self._in_step:
                return
            with self._database.session() as session:
                records = memory_records.count(session, space_id)
                same_model = memory_records.all_embedded_by(session, space_id, self._model)
            if not same_model or not self._caught_up(space_id, records):
                self.renew(space_id)
            self._in_step.add(space_id)

    def follow(self, space_id: int, gone: Sequence[memory_records.Gone] = ()) -> None:
        """Bring the index up to what SQL has just taken; ``gone`` is what it gave up of the space."""
        with self.guard:
            for record in gone:
                self.rows.forget_from(record.number)
            self._sizes.pop(space_id, None)
            if space_id not in self._in_step:
                self.ready(space_id)
                return
            if gone:
                self._index.delete(space_id, [record.id for record in gone])
            self._catch_up(space_id)

    def nearest(self, space_id: int, point: Sequence[float], most: int) -> list[str]:
        """Ids of the ``most`` nearest records, the nearest first; mended where the index fails."""
        with self.guard:
            self.ready(space_id)
            try:
                return self._index.nearest(space_id, point, most)
            except IndexFault:
                self.renew(space_id)
                return self._index.nearest(space_id, point, most)

    def size(self, space_id: int) -> int:
        """How many records the space has, counted once after each write."""
        with self.guard:
            found = self._sizes.get(space_id)
            if found is None:
                with self._database.session() as session:
                    found = self._sizes[space_id] = memory_records.count(session, space_id)
            return found

    def count(self, space_id: int) -> int:
        """How many records the index holds of a space."""
        with self.guard:
            return self._index.count(space_id)

    def renew(self, space_id: int) -> int:
        """Drop the space's index and make it again from SQL; how many records it then holds."""
        with self.guard:
            self._index.drop(space_id)
            with self._database.connection() as connection:
                connection.exec_driver_sql("UPDATE memory SET indexed = 0 WHERE space_id = ?", (space_id,))
            self._catch_up(space_id)
            self._in_step.add(space_id)
            return self._index.count(space_id)

    def drop(self, space_id: int) -> None:
        """Forget a space."""
        with self.guard:
            self._index.drop(space_id)
            self._in_step.discard(space_id)
            self._sizes.pop(space_id, None)
            self.rows = Rows()

    def close(self) -> None:
        """Close the index and give its folder to other processes."""
        with self.guard:
            self._index.close()
            self._in_step.clear()
            self._sizes.clear()

    def _caught_up(self, space_id: int, records: int) -> bool:
        """Index what is missing; whether the index then holds as many records as SQL."""
        try:
            self._catch_up(space_id)
            return self._index.count(space_id) == records
        except IndexFault:
            return False

    def _catch_up(self, space_id: int) -> None:
        """Index the records marked as not indexed, embedding anew those of another model."""
        memory = tables.Memory
        columns: Any = (memory.number, memory.id, memory.vector, memory.text, memory.embedding_model)
        # As the partial index says it, else each write would read the whole space.
        query: Any = select(*columns).where(col(memory.space_id) == space_id, text("indexed = 0"))
        while True:
            with self._database.session() as session:
                rows: Sequence[Any] = session.exec(query.order_by(col(memory.number)).limit(_CHUNK)).all()
            if not rows:
                return
            anew = [row for row in rows if row[4] != self._model]
            vectors = self.vectors([row[3] for row in anew])
            made = {row[0]: vector for row, vector in zip(anew, vectors, strict=True)}
            self._index.upsert(space_id, [Point(row[1], made.get(row[0]) or row[2]) for row in rows])
            with self._database.connection() as connection:
                _mark(connection, [row[0] for row in rows], made, self._model)


def _mark(connection: Connection, numbers: list[int], made: dict[Any, bytes], model: str) -> None:
    """Note that the index holds these rows; ``made`` has the new vectors of some."""
    as_they_are = [(number,) for number in numbers if number not in made]
    if as_they_are:
        connection.exec_driver_sql(_DONE, as_they_are)
    if made:
        connection.exec_driver_sql(_EMBEDDED, [(vector, model, number) for number, vector in made.items()])
