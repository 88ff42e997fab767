"""The index as the one process has it that may open Chroma: what it answers to all others too."""

import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from store.memory_changes import Change, ChangeLog, Mark
from store.memory_index import IndexFault, MemoryIndex, Point
from store.wire import Gone


class Look(NamedTuple):
    """What a process must know before it searches."""

    settled: bool
    """Whether the space was found to hold what SQL does."""
    mark: Mark
    changes: list[Change] | None
    """What others wrote since; None: anything may have changed."""
    near: list[str] | None
    """What lies near the vector, where one was given and the space is settled."""


class OwnedIndex:
    """Chroma and what is known of it; thread-safe, one call at a time.

    A space is settled by whoever has compared it with SQL, and for one embedding model. It begins unsettled in
    each owner, so that whatever the one before left undone is noticed.
    """

    CALLS: Final = frozenset({"look", "count", "upsert", "delete", "nearest", "drop", "settle", "changed", "doubt"})
    """What other processes may call."""

    def __init__(self, folder: Path) -> None:
        self._index = MemoryIndex(folder)
        self._guard = threading.Lock()
        self._settled: dict[int, str] = {}
        self._log = ChangeLog()
        self._closed = False

    def call(self, name: str, *arguments: Any) -> Any:
        """One of ``CALLS`` by name. Raises StoreError, and Gone once closed."""
        with self._guard:
            if self._closed:
                raise Gone("closed")
            return getattr(self, name)(*arguments)

    def look(self, space_id: int, model: str, seen: Mark, vector: bytes = b"", most: int = 0) -> Look:
        """Whether the space is settled, what changed since ``seen``, and as ``nearest`` with a vector: one call."""
        near = None
        if vector:
            with suppress(IndexFault):  # found out, and mended, by who needs it
                near = self.nearest(space_id, model, vector, most)
        return Look(self._settled.get(space_id) == model, self._log.mark, self._log.since(seen), near)

    def count(self, space_id: int) -> int:
        """How many records the index holds of a space."""
        return self._index.count(space_id)

    def upsert(self, space_id: int, points: Sequence[tuple[str, bytes]]) -> None:
        """Add or move records: ids with vectors."""
        self._index.upsert(space_id, [Point(id, vector) for id, vector in points])
        self._log.add(space_id)

    def delete(self, space_id: int, ids: Sequence[str], row: int) -> None:
        """Take records out; rows from ``row`` on may be given to others."""
        self._log.add(space_id, row)
        self._index.delete(space_id, ids)

    def nearest(self, space_id: int, model: str, vector: bytes, most: int) -> list[str] | None:
        """Ids of at most ``most`` records, the nearest first; None where the space is not settled."""
        if self._settled.get(space_id) != model:
            return None
        return self._index.nearest(space_id, vector, most)

    def drop(self, space_id: int) -> None:
        """Forget a space's vectors; it is unsettled then."""
        self._settled.pop(space_id, None)
        self._index.drop(space_id)

    def settle(self, space_id: int, model: str, mark: Mark) -> None:
        """Note that the space holds what SQL does; nothing happens where another owner was looked at."""
        if mark[0] == self._log.mark[0]:
            self._settled[space_id] = model

    def changed(self, space_id: int, row: int) -> None:
        """Note that rows from ``row`` on may be given to others."""
        self._log.add(space_id, row)

    def doubt(self) -> None:
        """Unsettle every space, and let everybody forget what they know."""
        self._settled.clear()
        self._log = ChangeLog()

    def close(self) -> None:
        """Close Chroma for good, after the call that is being answered."""
        with self._guard:
            self._closed = True
            self._index.close()
