"""Keeps Chroma's index in step with SQL, the truth.

What the index misses (a process that died between the two, a damaged folder, another embedding) is
noticed when a space is first used, and mended from SQL. All processes of a home share the index and the guard.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, text
from sqlmodel import col, select

from store import memory_records, memory_rows, memory_scoring, tables
from store.database import Database
from store.errors import StoreError
from store.memory_changes import NO_ROW, Figures
from store.memory_guard import Guard
from store.memory_index import IndexFault
from store.memory_keywords import Rows
from store.memory_owner import Look
from store.memory_shared import SharedIndex

Embed = Callable[[Sequence[str]], list[list[float]]]
_CHUNK: Final = 500  # rows read, embedded and indexed at once
_DONE: Final = "UPDATE memory SET indexed = 1 WHERE number = ?"
_EMBEDDED: Final = "UPDATE memory SET indexed = 1, vector = ?, embedding_model = ? WHERE number = ?"


class SyncedIndex:
    """The index of all spaces. Hold ``guard`` from a write to SQL until ``follow``; methods take it where they need."""

    def __init__(self, database: Database, folder: Path, embed: Embed, model: str) -> None:
        self._database = database
        self._embed = embed
        self._model = model
        self._index = SharedIndex(folder)
        self._figures = Figures()
        self.guard = Guard(Path(folder) / "writing.lock", self._doubt)

    @property
    def rows(self) -> Rows:
        """Which space each row belongs to, as of the last ``ready``."""
        return self._figures.rows

    def vectors(self, texts: Sequence[str]) -> list[bytes]:
        """The texts as points of unit length."""
        return [memory_scoring.packed(vector) for vector in self._embed(texts)] if texts else []

    def ready(self, space_id: int, vector: bytes = b"", most: int = 0, *, behind: bool = False) -> list[str] | None:
        """Before a search: notice what others wrote; index what is missing, everything where that is not enough.

        ``behind``: SQL has records marked as not indexed. Where somebody is writing they are theirs, not yet
        acknowledged, and not waited for; else they are of one who died, and are indexed now. Returns what ``nearest``
        would for a vector, asked with the same call; None where it must be asked.
        """
        look = self._look(space_id, vector, most)
        if not look.settled:
            self._settle(space_id)
            return None
        if behind:
            with self.guard.if_free() as free:
                if free:
                    self._follow(space_id, ())
                    return None
        return look.near

    def follow(self, space_id: int, gone: Sequence[memory_records.Gone] = ()) -> None:
        """Bring the index up to what SQL has just taken; ``gone`` is what it gave up of the space."""
        with self.guard:
            try:
                self._follow(space_id, gone)
            except StoreError:
                self.guard.broken()
                raise

    def nearest(self, space_id: int, vector: bytes, most: int) -> list[str]:
        """Ids of the ``most`` nearest records, the nearest first; mended where the index fails."""
        found = self._nearest(space_id, vector, most)
        if found is None:
            with self.guard:
                self._settle(space_id)
                found = self._nearest(space_id, vector, most)
                if found is None:
                    self.renew(space_id)
                    found = self._index.call("nearest", space_id, self._model, vector, most)
        return found or []

    def size(self, space_id: int) -> int:
        """How many records the space has, counted once after each write."""
        found = self._figures.size(space_id)
        if found is None:
            version = self._figures.version(space_id)
            with self._database.session() as session:
                found = memory_records.count(session, space_id)
            self._figures.counted(space_id, version, found)
        return found

    def count(self, space_id: int) -> int:
        """How many records the index holds of a space."""
        return self._index.call("count", space_id)

    def renew(self, space_id: int) -> int:
        """Drop the space's index and make it again from SQL; how many records it then holds."""
        with self.guard:
            mark = self._look(space_id).mark
            self._index.call("drop", space_id)
            with self._database.connection() as connection:
                connection.exec_driver_sql("UPDATE memory SET indexed = 0 WHERE space_id = ?", (space_id,))
            self._catch_up(space_id)
            self._index.call("settle", space_id, self._model, mark)
            return self._index.call("count", space_id)

    def drop(self, space_id: int) -> None:
        """Forget a space."""
        with self.guard:
            self._index.call("drop", space_id)

    def removed(self, space_id: int) -> None:
        """Tell everybody that a space's rows are gone from SQL."""
        with self.guard:
            self._index.call("changed", space_id, self._first_free(NO_ROW))

    def close(self) -> None:
        """Close the index and give its folder to other processes."""
        with self.guard.threads:
            self._index.close()

    def _look(self, space_id: int, vector: bytes = b"", most: int = 0) -> Look:
        look: Look = self._index.call("look", space_id, self._model, self._figures.mark, vector, most)
        self._figures.follow(look.mark, look.changes)
        return look

    def _nearest(self, space_id: int, vector: bytes, most: int) -> list[str] | None:
        """None where the space is not settled, or the index fails."""
        try:
            return self._index.call("nearest", space_id, self._model, vector, most)
        except IndexFault:
            return None

    def _follow(self, space_id: int, gone: Sequence[memory_records.Gone]) -> None:
        try:
            if gone:
                row = self._first_free(max(record.number for record in gone))
                self._index.call("delete", space_id, [record.id for record in gone], row)
            if self._look(space_id).settled:
                self._catch_up(space_id)
                return
        except IndexFault:
            self.renew(space_id)
        self._settle(space_id)

    def _first_free(self, last: int) -> int:
        """The row that SQLite gives next, where the removed ones up to ``last`` were above it; else ``NO_ROW``.

        It gives the one after the last there is: a number is reused only where no row lies above.
        """
        with memory_rows.reading(self._database) as connection:
            (highest,) = connection.execute("SELECT coalesce(max(number), 0) FROM memory").fetchone()
        return highest + 1 if last > highest else NO_ROW

    def _settle(self, space_id: int) -> None:
        """Compare the space with SQL and mend it, unless somebody has."""
        with self.guard:
            look = self._look(space_id)
            if look.settled:
                return
            with self._database.session() as session:
                records = memory_records.count(session, space_id)
                same_model = memory_records.all_embedded_by(session, space_id, self._model)
            if same_model and self._caught_up(space_id, records):
                self._index.call("settle", space_id, self._model, look.mark)
            else:
                self.renew(space_id)

    def _caught_up(self, space_id: int, records: int) -> bool:
        """Index what is missing; whether the index then holds as many records as SQL."""
        try:
            self._catch_up(space_id)
            return self.count(space_id) == records
        except IndexFault:
            return False

    def _doubt(self) -> None:
        self._index.call("doubt")

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
            points = [(row[1], made.get(row[0]) or row[2]) for row in rows]
            self._index.call("upsert", space_id, points)
            with self._database.connection() as connection:
                _mark(connection, [row[0] for row in rows], made, self._model)
            if len(rows) < _CHUNK:
                return  # who holds the guard is the only one to add more


def _mark(connection: Connection, numbers: list[int], made: dict[Any, bytes], model: str) -> None:
    """Note that the index holds these rows; ``made`` has the new vectors of some."""
    as_they_are = [(number,) for number in numbers if number not in made]
    if as_they_are:
        connection.exec_driver_sql(_DONE, as_they_are)
    if made:
        connection.exec_driver_sql(_EMBEDDED, [(vector, model, number) for number, vector in made.items()])
