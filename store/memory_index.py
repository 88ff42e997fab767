"""Chroma, embedded: which records of a space lie near a point. An index only; SQL is the truth.

One collection for each space, and no filters in Chroma: over 100,000 records a filter is 55 times slower.
Two processes on one folder lose vectors in silence: ``memory_shared`` lets one in, which answers for all.
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from store.errors import StoreError

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

_CHUNK: Final = 2_000  # records a call; Chroma refuses more than about 5,400
# Chroma's defaults (100 and 100) find 85 of 100 true neighbours among 10,000 random vectors.
_HNSW: Final = {"space": "cosine", "ef_construction": 200, "ef_search": 200}
_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class Point:
    """A record as the index knows it."""

    id: str
    vector: bytes
    """float32 little-endian, unit length"""


class MemoryIndex:
    """The index in ``folder``; Chroma is imported and opened by the first use.

    Not thread-safe, and for one process: ``OwnedIndex`` sees to the one, ``SharedIndex`` to the other. Every
    method raises StoreError where Chroma is missing or fails.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = Path(folder)
        self._client: Client | None = None
        self._collections: dict[int, Collection] = {}

    def count(self, space_id: int) -> int:
        """How many records the index holds of a space."""
        return self._try(lambda: self._collection(space_id).count())

    def upsert(self, space_id: int, points: Sequence[Point]) -> None:
        """Add or move records."""
        self._try(lambda: self._upsert(space_id, points))

    def delete(self, space_id: int, ids: Sequence[str]) -> None:
        """Take records out; unknown ones are ignored."""
        self._try(lambda: self._collection(space_id).delete(ids=list(ids)))

    def nearest(self, space_id: int, vector: bytes, most: int) -> list[str]:
        """Ids of at most ``most`` records, the nearest to ``vector`` (as in ``Point``) first."""
        return self._try(lambda: self._nearest(space_id, vector, most))

    def drop(self, space_id: int) -> None:
        """Forget a space; nothing happens where it is unknown."""
        self._try(lambda: self._drop(space_id))

    def close(self) -> None:
        """Close Chroma; the next use opens it again."""
        if self._client is not None:
            self._client.close()
            self._client = None
            self._collections.clear()

    def _upsert(self, space_id: int, points: Sequence[Point]) -> None:
        import numpy as np  # an extra

        collection = self._collection(space_id)
        for start in range(0, len(points), _CHUNK):
            chunk = points[start : start + _CHUNK]
            vectors: Any = np.frombuffer(b"".join(point.vector for point in chunk), dtype="<f4")
            collection.upsert(
                ids=[point.id for point in chunk],
                embeddings=vectors.reshape(len(chunk), -1),
            )

    def _nearest(self, space_id: int, vector: bytes, most: int) -> list[str]:
        import numpy as np  # an extra

        collection = self._collection(space_id)
        queried: Any = np.frombuffer(vector, dtype="<f4").reshape(1, -1)
        found = collection.query(query_embeddings=queried, n_results=most, include=[])
        return found["ids"][0]

    def _drop(self, space_id: int) -> None:
        from chromadb.errors import NotFoundError  # 600 ms to import: only where a memory is used

        self._collections.pop(space_id, None)
        with suppress(NotFoundError):
            self._open().delete_collection(_name(space_id))

    def _collection(self, space_id: int) -> "Collection":
        found = self._collections.get(space_id)
        if found is None:
            configuration: Any = {"hnsw": _HNSW}
            found = self._open().get_or_create_collection(
                _name(space_id), configuration=configuration, embedding_function=None
            )
            self._collections[space_id] = found  # asking Chroma for it each time would double a query
        return found

    def _open(self) -> "Client":
        if self._client is None:
            import chromadb  # 600 ms and 90 MB: only where a memory is used
            from chromadb.config import Settings

            folder = self._folder / "chroma"
            _log_ahead(folder / "chroma.sqlite3")
            settings = Settings(anonymized_telemetry=False)
            client = chromadb.PersistentClient(str(folder), settings=settings)
            self._client = cast("Client", client)
        return self._client

    def _try(self, action: Callable[[], _Answer]) -> _Answer:
        try:
            return action()
        except StoreError:
            raise
        except ImportError as error:
            raise StoreError(
                f"Memory is not installed: {error.name} is missing", "chromadb", "Run: pip install 'nodeloom[memory]'"
            ) from error
        except Exception as error:  # Chroma raises whatever its parts raise, its own errors among them
            raise IndexFault(
                f"The memory index failed: {str(error)[:300]}",
                str(self._folder),
                "Rebuild the space; if that fails too, delete this folder: it is made again from the database.",
            ) from error


class IndexFault(StoreError):
    """Chroma failed; the index can be rebuilt."""


def _log_ahead(file: Path) -> None:
    """Let Chroma's own database write to a log (WAL): a write waits for the disk twice, not eight times."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(sqlite3.Error), closing(sqlite3.connect(file)) as connection:  # of a broken file Chroma itself tells
        connection.execute("PRAGMA journal_mode=WAL")


def _name(space_id: int) -> str:
    return f"space-{space_id}"
