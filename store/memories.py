"""Memory spaces: texts that outlive a run, searched by meaning, age, importance and words.

SQL is the truth; Chroma's index follows each write, and what it misses (a process that died between
the two, a damaged index) is noticed when a space is first used, and mended from SQL.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sqlmodel import col, or_, select

from store import memory_keywords, memory_records, memory_scoring, tables
from store.database import Database
from store.embedding import MODEL_ID
from store.errors import NotFound, StoreError
from store.memory_index import IndexFault, MemoryIndex, Point
from store.memory_records import Draft, Record, SpaceInfo
from store.memory_scoring import Hit, Weights, WeightsLike

Embed = Callable[[Sequence[str]], list[list[float]]]
_OVERFETCH: Final = 4  # candidates for each hit wanted: the other three parts reorder them
_FEWEST: Final = 20
_CHUNK: Final = 500  # rows read, embedded and indexed at once


class Memories:
    """The memory of a workspace; thread-safe.

    ``embed`` turns texts into vectors of one length; ``embedding_model`` names it, and where the name
    changes the vectors are made again. Chroma opens in ``folder`` at the first write or search; a second
    process then gets a StoreError that names the first.
    """

    def __init__(self, database: Database, folder: Path, embed: Embed, *, embedding_model: str = MODEL_ID) -> None:
        self._database = database
        self._embed = embed
        self._model = embedding_model
        self._index = MemoryIndex(folder)
        self._guard = threading.RLock()  # SQL and the index must see writes in the same order
        self._ready_spaces: set[int] = set()

    def spaces(self) -> list[SpaceInfo]:
        """All spaces by name."""
        with self._database.session() as session:
            return memory_records.spaces(session)

    def space(self, name: str, *, source: Mapping[str, Any] | None = None, owner: str | None = None) -> "MemorySpace":
        """The space for a node to use; made at its first write. ``source`` and ``owner`` mark what it adds."""
        return MemorySpace(self, name, dict(source or {}), owner)

    def create_space(self, name: str, description: str = "") -> None:
        """Make a space, or change the description of one."""
        with self._database.transaction() as session:
            memory_records.open_space(session, name).description = description

    def delete_space(self, name: str) -> None:
        """Remove a space and all it holds. Raises NotFound."""
        with self._guard:
            space_id = self._space_id(name)
            self._index.drop(space_id)
            self._ready_spaces.discard(space_id)
            with self._database.transaction() as session:
                session.delete(memory_records.find_space(session, name))

    def add(
        self,
        space: str,
        text: str,
        *,
        kind: str = "note",
        importance: float = 5.0,
        source: Mapping[str, Any] | None = None,
        owner: str | None = None,
    ) -> str:
        """Remember ``text`` and return its id; an equal text (spaces evened out) updates its record."""
        return self.add_all(space, [Draft(text, kind, importance, source or {}, owner)])[0]

    def add_all(self, space: str, drafts: Sequence[Draft]) -> list[str]:
        """Remember many texts at once, all or none; the ids come in their order."""
        for draft in drafts:
            memory_records.check(draft.text, draft.kind, draft.importance)
        vectors = self._vectors([draft.text for draft in drafts])
        with self._guard:
            with self._database.transaction() as session:
                space_id = _number(memory_records.open_space(session, space))
                ids = [
                    memory_records.put(session, space_id, draft, vector, self._model)
                    for draft, vector in zip(drafts, vectors, strict=True)
                ]
            self._follow(space_id)
        return ids

    def update(
        self, id: str, *, text: str | None = None, kind: str | None = None, importance: float | None = None
    ) -> Record:
        """Change a record; None leaves a field as it is. Raises NotFound, or StoreError for a text it has already."""
        vectors = self._vectors([] if text is None else [text])
        with self._guard:
            with self._database.transaction() as session:
                row = memory_records.find_record(session, id)
                row.kind = row.kind if kind is None else kind
                row.importance = row.importance if importance is None else importance
                if text is not None:
                    memory_records.rewrite(session, row, text, vectors[0], self._model)
                memory_records.check(row.text, row.kind, row.importance)
                row.updated_at, row.indexed = time.time(), False
                session.add(row)
            self._follow(row.space_id)
        return self.record(id)

    def forget(self, id: str) -> None:
        """Remove a record for good. Raises NotFound."""
        with self._guard:
            with self._database.transaction() as session:
                row = memory_records.find_record(session, id)
                session.delete(row)
            self._ready(row.space_id)
            self._index.delete(row.space_id, [id])

    def record(self, id: str) -> Record:
        """A record. Raises NotFound."""
        with self._database.session() as session:
            row = memory_records.find_record(session, id)
            return memory_records.as_record(row, session.get_one(tables.MemorySpace, row.space_id).name)

    def records(
        self, space: str, *, q: str = "", kind: str | None = None, limit: int = 50, offset: int = 0
    ) -> list[Record]:
        """Records of a space, the last written first; those with ``q`` in their text, of a kind. Raises NotFound."""
        with self._database.session() as session:
            return memory_records.listing(session, space, q, kind, limit, offset)

    def search(
        self,
        space: str,
        query: str,
        *,
        top_k: int = 4,
        weights: WeightsLike | None = None,
        half_life_days: float = 14.0,
        kinds: Sequence[str] = (),
        mark: bool = True,
    ) -> list[Hit]:
        """The best ``top_k`` records for ``query``, the best first; none where there is no such space.

        Candidates come from the index (four for each hit wanted, at least 20) and as many from the
        keyword index; all four parts of the score are then worked out for each. ``mark``: count it as
        a use. Raises StoreError for an empty query, weights that cannot rank, a half-life of 0 or less.
        """
        if not query.strip() or top_k < 1:
            raise StoreError(
                f"Cannot search for {query!r} with top_k {top_k}", "memory search", "Give words, and top_k from 1."
            )
        score = memory_scoring.Scorer(weights or Weights(), half_life_days, time.time())
        rows, keywords, point = self._candidates(space, query, max(_FEWEST, top_k * _OVERFETCH), kinds)
        similar = memory_scoring.cosines(point, [row.vector for row in rows])
        hits = [
            score.hit(row, similarity=close, keyword=keywords.get(row.number or 0, 0.0))
            for row, close in zip(rows, similar, strict=True)
        ]
        # Rounded, so that the last bits of a float decide no order: equal hits keep theirs every time.
        best = sorted(hits, key=lambda hit: (-round(hit.score, 6), -hit.created_at, hit.id))[:top_k]
        if mark:
            self._mark_used([hit.id for hit in best], score.now)
        return best

    def rebuild(self, space: str) -> int:
        """Make the space's index anew from SQL; returns how many records it holds. Raises NotFound."""
        with self._guard:
            return self._renew(self._space_id(space))

    def close(self) -> None:
        """Close the index and give its folder to other processes."""
        with self._guard:
            self._index.close()
            self._ready_spaces.clear()

    def _space_id(self, name: str) -> int:
        with self._database.session() as session:
            return _number(memory_records.find_space(session, name))

    def _vectors(self, texts: Sequence[str]) -> list[bytes]:
        return [memory_scoring.packed(vector) for vector in self._embed(texts)] if texts else []

    def _candidates(
        self, space: str, query: str, most: int, kinds: Sequence[str]
    ) -> tuple[list[tables.Memory], dict[int, float], list[float]]:
        """Rows worth scoring, the keyword match by row number, and the query's vector."""
        try:
            space_id = self._space_id(space)
        except NotFound:
            return [], {}, []  # a space is made by its first write: until then nothing is remembered
        point = self._embed([query])[0]
        near = self._nearest(space_id, point, most, kinds)
        with self._database.session() as session:
            records = memory_records.count(session, space_id)
            keywords = memory_keywords.matches(session.connection(), space_id, records, query)
            return memory_records.candidates(session, space_id, near, keywords, most, kinds), keywords, point

    def _nearest(self, space_id: int, point: list[float], most: int, kinds: Sequence[str]) -> list[str]:
        with self._guard:
            self._ready(space_id)
            try:
                return self._index.nearest(space_id, point, most, kinds)
            except IndexFault:
                self._renew(space_id)
                return self._index.nearest(space_id, point, most, kinds)

    def _mark_used(self, ids: Sequence[str], now: float) -> None:
        if not ids:
            return
        uses = "UPDATE memory SET uses = uses + 1, last_used_at = ? WHERE id = ?"
        with self._database.connection() as connection:
            connection.exec_driver_sql(uses, [(now, id) for id in ids])

    def _ready(self, space_id: int) -> None:
        """On first use: index what is missing; everything where that is not enough."""
        if space_id in self._ready_spaces:
            return
        with self._database.session() as session:
            records = memory_records.count(session, space_id)
            same_model = memory_records.all_embedded_by(session, space_id, self._model)
        if not same_model or not self._caught_up(space_id, records):
            self._renew(space_id)
        self._ready_spaces.add(space_id)

    def _caught_up(self, space_id: int, records: int) -> bool:
        """Index what is missing; whether the index then holds as many records as SQL."""
        try:
            self._catch_up(space_id)
            return self._index.count(space_id) == records
        except IndexFault:
            return False

    def _follow(self, space_id: int) -> None:
        """Bring the index up to what SQL has just taken."""
        if space_id in self._ready_spaces:
            self._catch_up(space_id)
        else:
            self._ready(space_id)

    def _renew(self, space_id: int) -> int:
        """Drop the space's index and make it again."""
        self._index.drop(space_id)
        with self._database.connection() as connection:
            connection.exec_driver_sql("UPDATE memory SET indexed = 0 WHERE space_id = ?", (space_id,))
        self._catch_up(space_id)
        self._ready_spaces.add(space_id)
        return self._index.count(space_id)

    def _catch_up(self, space_id: int) -> None:
        """Index the records the index does not hold as they are, embedding anew those of another model."""
        memory = tables.Memory
        stale = or_(col(memory.indexed).is_(False), col(memory.embedding_model) != self._model)
        query = select(memory).where(col(memory.space_id) == space_id, stale).order_by(col(memory.number))
        while True:
            with self._database.session() as session:
                rows = session.exec(query.limit(_CHUNK)).all()
            if not rows:
                return
            self._embed_anew([row for row in rows if row.embedding_model != self._model])
            self._index.upsert(space_id, [Point(row.id, row.vector, row.kind) for row in rows])
            done = [(row.vector, self._model, row.number) for row in rows]
            with self._database.connection() as connection:
                connection.exec_driver_sql(
                    "UPDATE memory SET indexed = 1, vector = ?, embedding_model = ? WHERE number = ?", done
                )

    def _embed_anew(self, rows: Sequence[tables.Memory]) -> None:
        for row, vector in zip(rows, self._vectors([row.text for row in rows]), strict=True):
            row.vector = vector


class MemorySpace:
    """One space as a node sees it; its calls run in threads, so that they never hold up the event loop."""

    def __init__(self, memories: Memories, name: str, source: dict[str, Any], owner: str | None) -> None:
        self._memories = memories
        self._name = name
        self._source = source
        self._owner = owner

    @property
    def space(self) -> str:
        """The space's name."""
        return self._name

    async def search(
        self, query: str, *, top_k: int, weights: WeightsLike, half_life_days: float, kinds: Sequence[str] = ()
    ) -> list[Hit]:
        """As ``Memories.search``; counts as a use."""
        return await asyncio.to_thread(
            self._memories.search,
            self._name,
            query,
            top_k=top_k,
            weights=weights,
            half_life_days=half_life_days,
            kinds=kinds,
        )

    async def add(self, text: str, *, kind: str = "note", importance: float = 5.0) -> str:
        """As ``Memories.add``, marked with where it comes from."""
        return await asyncio.to_thread(
            self._memories.add,
            self._name,
            text,
            kind=kind,
            importance=importance,
            source=self._source,
            owner=self._owner,
        )


def _number(row: tables.MemorySpace) -> int:
    assert row.id is not None  # it was read or flushed
    return row.id
