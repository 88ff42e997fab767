"""Memory spaces: texts that outlive a run, searched by meaning, age, importance and words.

SQL is the truth; Chroma's index follows each write (``memory_sync``). A space has a policy: what a
search uses where its caller says nothing, how long records are kept, how many, and what counts as the
same. Records that have expired are never found, and are removed by the next search or write.
"""

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from store import (
    memory_candidates,
    memory_keywords,
    memory_records,
    memory_rows,
    memory_scoring,
    memory_writing,
    tables,
)
from store.database import Database
from store.embedding import MODEL_ID
from store.errors import NotFound, StoreError
from store.memory_filters import Filter
from store.memory_policies import SpacePolicy, as_data, from_data
from store.memory_records import Draft, Listing, Record, SpaceInfo
from store.memory_scoring import Hit, WeightsLike
from store.memory_space import MemorySpace
from store.memory_sync import Embed, SyncedIndex

_OVERFETCH: Final = 4  # candidates for each hit wanted: the other three parts reorder them
_FEWEST: Final = 20
_OPEN: Final = (
    "SELECT id, policy, EXISTS (SELECT 1 FROM memory WHERE space_id = memory_space.id AND expires_at <= ?),"
    " EXISTS (SELECT 1 FROM memory WHERE space_id = memory_space.id AND indexed = 0)"
    " FROM memory_space WHERE name = ?"
)
_NEIGHBOURS: Final = 8  # looked at for a near-duplicate; those of another kind or layer do not count


class Memories:
    """The memory of a workspace; thread-safe.

    ``embed`` turns texts into vectors of one length; ``embedding_model`` names it, and where the name
    changes the vectors are made again. Chroma opens in ``folder`` at the first write or search of any process of
    the home, which then answers for the others (``memory_shared``).
    """

    def __init__(self, database: Database, folder: Path, embed: Embed, *, embedding_model: str = MODEL_ID) -> None:
        self.database = database
        self.embedding_model = embedding_model
        self._embed = embed
        self._index = SyncedIndex(database, folder, embed, embedding_model)

    def spaces(self) -> list[SpaceInfo]:
        """All spaces by name."""
        with self.database.session() as session:
            return memory_records.spaces(session, time.time())

    def space(self, name: str, *, source: Mapping[str, Any] | None = None, owner: str | None = None) -> MemorySpace:
        """The space for a node to use; made at its first write. ``source`` and ``owner`` mark what it adds."""
        return MemorySpace(self, name, dict(source or {}), owner)

    def create_space(self, name: str, description: str | None = "") -> None:
        """Make a space, or change the description of one; None leaves it as it is."""
        with self.database.transaction() as session:
            row = memory_records.open_space(session, name)
            row.description = row.description if description is None else description

    def delete_space(self, name: str) -> None:
        """Remove a space and all it holds. Raises NotFound."""
        with self._index.guard:
            space_id = self.space_id(name)
            self._index.drop(space_id)
            with self.database.transaction() as session:
                session.delete(memory_records.find_space(session, name))
            self._index.removed(space_id)

    def policy(self, space: str) -> SpacePolicy:
        """The space's policy; the defaults where there is no such space yet."""
        with self.database.session() as session:
            try:
                return from_data(memory_records.find_space(session, space).policy)
            except NotFound:
                return SpacePolicy()

    def set_policy(self, space: str, policy: SpacePolicy) -> None:
        """Change the policy; a limit on records holds at once. Raises NotFound, StoreError for values out of range."""
        policy.checked()
        with self._index.guard:
            with self.database.transaction() as session:
                row = memory_records.find_space(session, space)
                row.policy = as_data(policy)
                space_id = _number(row)
                gone = memory_writing.shrink(session, space_id, policy)
            if gone:
                self._index.follow(space_id, gone)

    def add(self, space: str, text: str, *, ttl_days: float | None = None, **fields: Any) -> str:
        """Remember ``text`` and return its id; an equal text (spaces evened out) updates its record.

        Only one of the same kind and owner is. ``fields`` are those of ``Draft``; ``ttl_days``: it is forgotten after
        so many days.
        """
        return self.add_all(space, [Draft(text, expires_at=memory_records.end_after(ttl_days), **fields)])[0]

    def add_all(self, space: str, drafts: Sequence[Draft]) -> list[str]:
        """Remember many texts at once, all or none; the ids come in their order.

        A record that the space's limit or a near-duplicate in the same batch makes obsolete is still given
        its id; those just written are never the ones the limit removes, however unimportant.
        """
        for draft in drafts:
            memory_records.check(draft)
        vectors = self._index.vectors([draft.text for draft in drafts])
        with self._index.guard:
            neighbours = self._neighbours(space, vectors)
            with self.database.transaction() as session:
                row = memory_records.open_space(session, space)
                space_id, policy = _number(row), from_data(row.policy)
                gone = memory_writing.sweep(session, space_id)
                whole = list(zip(drafts, vectors, neighbours, strict=True))
                ids = memory_writing.write(session, space_id, policy, whole, self.embedding_model)
                gone += memory_writing.shrink(session, space_id, policy, spared=ids)
            self._index.follow(space_id, gone)
        return ids

    def update(self, id: str, *, text: str | None = None, **fields: Any) -> Record:
        """Change a record: kind, importance, data, layer, trusted; None leaves a field as it is.

        Raises NotFound, or StoreError for a text that another record of the kind and owner has already.
        """
        vectors = self._index.vectors([] if text is None else [text])
        given = {name: value for name, value in fields.items() if value is not None}
        with self._index.guard:
            with self.database.transaction() as session:
                row = memory_records.find_record(session, id)
                memory_records.check(
                    Draft(text or row.text, given.get("kind", row.kind), given.get("importance", row.importance))
                )
                memory_records.rewrite(session, row, text or row.text, given.get("kind", row.kind))
                row.sqlmodel_update(given)
                if vectors:
                    row.vector, row.embedding_model = vectors[0], self.embedding_model
                # A new rating or approval does not make a memory younger.
                row.updated_at = time.time() if text is not None or "data" in given else row.updated_at
                row.indexed = row.indexed and text is None
                session.add(row)
            self._index.follow(row.space_id)
        return self.record(id)

    def forget(self, id: str) -> None:
        """Remove a record for good. Raises NotFound."""
        if not self.forget_all([id]):
            raise NotFound(f"There is no memory record {id!r}", "memory", "It may have been forgotten; search again.")

    def forget_all(self, ids: Sequence[str], *, space: str | None = None, owner: str | None = None) -> int:
        """Remove records for good, those of ``space`` and ``owner`` alone where they are named; how many there were."""
        with self._index.guard:
            with self.database.transaction() as session:
                gone = memory_records.remove(session, ids, space, owner)
            for space_id in {record.space_id for record in gone}:
                self._index.follow(space_id, [record for record in gone if record.space_id == space_id])
        return len(gone)

    def record(self, id: str) -> Record:
        """A record. Raises NotFound."""
        with self.database.session() as session:
            row = memory_records.find_record(session, id)
            return memory_records.as_record(row, session.get_one(tables.MemorySpace, row.space_id).name)

    def records(self, space: str, *, kind: str | None = None, **wanted: Any) -> list[Record]:
        """Records of a space, the last written first; ``wanted`` are fields of ``Listing``. Raises NotFound."""
        kinds = wanted.pop("kinds", ()) if kind is None else (kind,)
        with self.database.session() as session:
            space_id = _number(memory_records.find_space(session, space))
            rows = memory_records.listing(session, space_id, Listing(kinds=kinds, **wanted))
            return [memory_records.as_record(row, space) for row in rows]

    def groups(self, space: str) -> tuple[list[str], list[str]]:
        """The kinds and the layers there are in a space, by name. Raises NotFound."""
        with self.database.session() as session:
            return memory_records.groups(session, _number(memory_records.find_space(session, space)))

    def known(self, space: str, hashes: Sequence[str]) -> set[str]:
        """Those content hashes (``memory_records.content_hash``) whose record the space holds."""
        with self.database.session() as session:
            return memory_records.known(session, space, hashes)

    def after(self, space: str, number: int, limit: int) -> list[tuple[int, Record]]:
        """Records by their row number, those after ``number``: for going through a whole space."""
        with self.database.session() as session:
            rows = memory_records.after(session, space, number, limit)
            return [(row.number or 0, memory_records.as_record(row, space)) for row in rows]

    def hits(self, space: str, wanted: Listing) -> list[Hit]:
        """As ``records``, as a node sees them; none where there is no such space yet."""
        with self.database.session() as session:
            try:
                space_id = _number(memory_records.find_space(session, space))
            except NotFound:
                return []
            return [memory_scoring.as_hit(row) for row in memory_records.listing(session, space_id, wanted)]

    def hit(self, space: str, id: str, owner: str | None = None) -> Hit | None:
        """A record of the space as a node sees it; None where there is none, or it is not ``owner``'s."""
        with self.database.session() as session:
            try:
                row = memory_records.find_record(session, id)
                here = row.space_id == _number(memory_records.find_space(session, space))
            except NotFound:
                return None
            return memory_scoring.as_hit(row) if here and owner in (None, row.owner) else None

    def search(
        self,
        space: str,
        query: str,
        *,
        top_k: int = 4,
        weights: WeightsLike | None = None,
        half_life_days: float | None = None,
        mark: bool = True,
        **narrow: Any,
    ) -> list[Hit]:
        """The best ``top_k`` records for ``query``, the best first; none where there is no such space.

        Candidates come from the index (four for each hit wanted, at least 20) and as many from the
        keyword index; all four parts of the score are then worked out for each. ``narrow``: ``kinds``,
        ``only_trusted``, ``owner``, and ``layers`` (layer -> its own half-life in days; only they are searched).
        What is not given is as the space's policy says. ``mark``: count it as a use. Raises StoreError
        for an empty query, weights that cannot rank, a half-life of 0 or less.
        """
        if not query.strip() or top_k < 1:
            raise StoreError(
                f"Cannot search for {query!r} with top_k {top_k}", "memory search", "Give words, and top_k from 1."
            )
        now = time.time()
        space_id, policy, behind = self._opened(space, now)
        layers: Mapping[str, float] | None = narrow.pop("layers", None)
        trusted = narrow.pop("only_trusted", False) or policy.only_trusted
        wanted = Filter(now, narrow.pop("kinds", ()), layers, trusted, **narrow)
        half_life = policy.half_life_days if half_life_days is None else half_life_days
        score = memory_scoring.Scorer(weights or policy.weights, half_life, now, layers)
        if space_id is None:
            return []  # a space is made by its first write: until then nothing is remembered
        best = self._best(space_id, query, top_k, wanted, score, behind)
        if mark:
            self._mark_used([hit.id for hit in best], now)
        return best

    def vector(self, text: str) -> list[float]:
        """Where a text lies among the records."""
        return self._embed([text])[0]

    def rebuild(self, space: str) -> int:
        """Make the space's index anew from SQL; returns how many records it holds. Raises NotFound."""
        return self._index.renew(self.space_id(space))

    def close(self) -> None:
        """Close the index and give its folder to other processes."""
        self._index.close()

    def space_id(self, name: str) -> int:
        """The number of a space. Raises NotFound."""
        with self.database.session() as session:
            return _number(memory_records.find_space(session, name))

    def _opened(self, space: str, now: float) -> tuple[int | None, SpacePolicy, bool]:
        """The space's number, None where there is none, its policy, and whether the index lacks records.

        What has expired is removed.
        """
        with memory_rows.reading(self.database) as connection:
            found = connection.execute(_OPEN, (now, space)).fetchone()
        if found is None:
            return None, SpacePolicy(), False
        space_id, policy, ended, behind = found
        if ended:
            self._sweep(space_id)
        return space_id, from_data(json.loads(policy)), bool(behind)

    def _best(
        self, space_id: int, query: str, top_k: int, wanted: Filter, score: memory_scoring.Scorer, behind: bool
    ) -> list[Hit]:
        most = max(_FEWEST, top_k * _OVERFETCH)
        point = self._embed([query])[0]
        vector = memory_scoring.packed(point)
        first = self._index.ready(space_id, b"" if wanted.narrow else vector, most, behind=behind)

        def nearest(count: int) -> list[str]:
            return self._index.nearest(space_id, vector, count) if first is None or count != most else first

        with memory_rows.reading(self.database) as connection:
            records = self._index.size(space_id)
            keywords = memory_keywords.matches(connection, self._index.rows, space_id, records, query)
            rows = memory_candidates.near(connection, space_id, point, most, wanted, nearest)
            rows += memory_candidates.wordy(connection, keywords, most, wanted, {row.number for row in rows})
        rows = [row for row in rows if row.space_id == space_id]  # whatever an index says, spaces stay apart
        similar = memory_scoring.cosines(point, [row.vector for row in rows])
        rated = [
            (score.parts(row, similarity=close, keyword=keywords.of(row.number)), row)
            for row, close in zip(rows, similar, strict=True)
        ]
        # Rounded, so that the last bits of a float decide no order: equal hits keep theirs every time.
        rated.sort(key=lambda each: (-round(sum(each[0].values()), 6), -each[1].created_at, each[1].id))
        return [memory_scoring.as_hit(row.opened(), parts) for parts, row in rated[:top_k]]

    def _neighbours(self, space: str, vectors: Sequence[bytes]) -> list[list[str]]:
        """For each vector the ids near it, where the space's policy asks for near-duplicates; else none."""
        if self.policy(space).near_duplicate is None:
            return [[] for _ in vectors]
        space_id = self.space_id(space)
        return [self._index.nearest(space_id, vector, _NEIGHBOURS) for vector in vectors]

    def _sweep(self, space_id: int) -> None:
        """Remove what has expired."""
        with self._index.guard:
            with self.database.transaction() as session:
                gone = memory_writing.sweep(session, space_id)
            self._index.follow(space_id, gone)

    def _mark_used(self, ids: Sequence[str], now: float) -> None:
        if not ids:
            return
        marks = ", ".join("?" * len(ids))
        uses = f"UPDATE memory SET uses = uses + 1, last_used_at = ? WHERE id IN ({marks})"  # noqa: S608 - only marks
        with self.database.connection() as connection:
            connection.exec_driver_sql(uses, (now, *ids))


def _number(row: tables.MemorySpace) -> int:
    assert row.id is not None  # it was read or flushed
    return row.id
