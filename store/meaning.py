"""Search by meaning among a few hundred fixed texts: exact cosines of their embeddings, made at the first search.

For so few an index gains nothing: Chroma would cost 60 MB and a second for what takes a millisecond.
"""

import threading
from collections.abc import Callable, Mapping, Sequence

from store.memory_scoring import cosines, packed

Embed = Callable[[Sequence[str]], list[list[float]]]


class Meaning:
    """``texts`` by id. Thread-safe."""

    def __init__(self, embed: Embed, texts: Mapping[str, str]) -> None:
        self._embed = embed
        self._texts = dict(texts)
        self._lock = threading.Lock()
        self._vectors: dict[str, list[float]] | None = None

    def nearest(self, query: str) -> list[tuple[str, float]]:
        """All ids with their cosine to the query, 0 to 1, the nearest first."""
        vectors = self._made()
        return _ranked(self._embed([query])[0], vectors)

    def like(self, id: str) -> list[tuple[str, float]]:
        """The other ids, the nearest to ``id`` first. Raises KeyError."""
        vectors = dict(self._made())
        return _ranked(vectors.pop(id), vectors)

    def _made(self) -> dict[str, list[float]]:
        with self._lock:
            if self._vectors is None:
                made = self._embed(list(self._texts.values()))
                self._vectors = dict(zip(self._texts, made, strict=True))
            return self._vectors


def _ranked(point: Sequence[float], vectors: Mapping[str, Sequence[float]]) -> list[tuple[str, float]]:
    close = cosines(point, [packed(each) for each in vectors.values()])
    return sorted(zip(vectors, close, strict=True), key=lambda pair: (-pair[1], pair[0]))
