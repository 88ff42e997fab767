"""How well a record answers a query: four parts, each 0 to 1, mixed by weights that sum to 1.

After Park et al., Generative Agents (UIST 2023, section 4.1: recency, importance, relevance), where
we deviate: recency halves every half-life since the record was last *written* rather than read, so
that a recall changes no later score and a run can be replayed; parts are absolute, not scaled to the
best of the batch, so that a poor hit looks poor; and a keyword part catches names that embeddings blur.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from store.errors import StoreError

_DAY: Final = 86_400.0  # seconds
PARTS: Final = ("similarity", "recency", "importance", "keyword")


class WeightsLike(Protocol):
    """Four weights, each 0 or more; scaled here to sum to 1."""

    @property
    def similarity(self) -> float: ...
    @property
    def recency(self) -> float: ...
    @property
    def importance(self) -> float: ...
    @property
    def keyword(self) -> float: ...


@dataclass(frozen=True)
class Weights:
    """The weights used where the caller names none."""

    similarity: float = 0.55
    recency: float = 0.15
    importance: float = 0.20
    keyword: float = 0.10


@dataclass(frozen=True)
class Hit:
    """A recalled record. The four parts are weighted already and sum to ``score``, 0 to 1."""

    id: str
    text: str
    kind: str
    score: float
    similarity: float
    recency: float
    importance: float
    keyword: float
    created_at: float
    """Seconds since the epoch."""
    source: dict[str, Any] = field(default_factory=dict[str, Any])
    """Provenance: run, number, node, label; ``{"import": file name}``; {} where a person wrote it."""
    data: dict[str, Any] = field(default_factory=dict[str, Any])
    """What the record carries beside its text."""
    layer: str = ""
    trusted: bool = True
    rated: float = 5.0
    """Its importance as stored, 1 to 10."""
    uses: int = 0
    used_at: float | None = None
    """Seconds since the epoch of the last recall before this one; None: never."""


def normalised(weights: WeightsLike) -> dict[str, float]:
    """The weights by part, scaled to sum to 1. Raises StoreError where one is negative or all are 0."""
    values = {part: float(getattr(weights, part)) for part in PARTS}
    total = sum(values.values())
    if min(values.values()) < 0 or not 0 < total < float("inf"):
        given = ", ".join(f"{part} {value:g}" for part, value in values.items())
        raise StoreError(f"These weights cannot rank memories: {given}", "memory search", "Use 0 to 1, one above 0.")
    return {part: value / total for part, value in values.items()}


def recency(age_seconds: float, half_life_days: float) -> float:
    """1 for a record just written, 0.5 after one half-life. Raises StoreError for a half-life of 0 or less."""
    if not half_life_days > 0:
        raise StoreError(
            f"A half-life of {half_life_days:g} days is too short", "memory search", "Use more than 0 days."
        )
    return 0.5 ** (max(0.0, age_seconds) / _DAY / half_life_days)


def cosines(query: Sequence[float], vectors: Sequence[bytes]) -> list[float]:
    """Cosine of the query to each vector (float32 little-endian, unit length), cut to 0 to 1."""
    import numpy as np  # an extra; and 80 ms that only a search needs

    if not vectors:
        return []
    matrix = np.frombuffer(b"".join(vectors), dtype="<f4").reshape(len(vectors), -1)
    point = np.asarray(query, dtype=np.float32)
    products: Any = matrix @ (point / (np.linalg.norm(point) or 1.0))
    return np.clip(products, 0.0, 1.0).tolist()


def packed(vector: Sequence[float]) -> bytes:
    """A vector scaled to unit length, as float32 little-endian."""
    import numpy as np  # an extra; and 80 ms that only a write needs

    point = np.asarray(vector, dtype=np.float32)
    return (point / (np.linalg.norm(point) or 1.0)).astype("<f4").tobytes()


def unpacked(vector: bytes) -> Any:
    """The numbers of a packed vector, as a numpy array."""
    import numpy as np  # an extra; and 80 ms that only a write needs

    return np.frombuffer(vector, dtype="<f4")


class Rateable(Protocol):
    """What a record must show to be scored."""

    @property
    def id(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def importance(self) -> float: ...
    @property
    def created_at(self) -> float: ...
    @property
    def updated_at(self) -> float: ...
    @property
    def source(self) -> dict[str, Any]: ...
    @property
    def data(self) -> dict[str, Any]: ...
    @property
    def layer(self) -> str: ...
    @property
    def trusted(self) -> bool: ...
    @property
    def uses(self) -> int: ...
    @property
    def last_used_at(self) -> float | None: ...


class Scorer:
    """Scores the records of one search; ``layers`` gives layers a half-life of their own, in days.

    Raises StoreError for weights or a half-life that cannot rank.
    """

    def __init__(
        self, weights: WeightsLike, half_life_days: float, now: float, layers: Mapping[str, float] | None = None
    ) -> None:
        self.now = now
        """Seconds since the epoch."""
        self._weights = normalised(weights)
        self._half_life_days = half_life_days
        self._layers = layers or {}
        for days in (half_life_days, *self._layers.values()):
            recency(0.0, days)

    def parts(self, record: Rateable, *, similarity: float, keyword: float) -> dict[str, float]:
        """The record's weighted parts, which sum to its score; ``similarity`` and ``keyword`` are 0 to 1."""
        half_life = self._layers.get(record.layer, self._half_life_days)
        age = recency(self.now - record.updated_at, half_life)
        weights = self._weights
        return {
            "similarity": similarity * weights["similarity"],
            "recency": age * weights["recency"],
            "importance": record.importance / 10 * weights["importance"],
            "keyword": keyword * weights["keyword"],
        }


def as_hit(record: Rateable, parts: Mapping[str, float] | None = None) -> Hit:
    """The record as a hit whose score is the sum of ``parts``; without them it is 0."""
    weighted = parts or dict.fromkeys(PARTS, 0.0)
    return Hit(
        id=record.id,
        text=record.text,
        kind=record.kind,
        score=sum(weighted.values()),
        **weighted,
        created_at=record.created_at,
        source=record.source,
        data=record.data,
        layer=record.layer,
        trusted=record.trusted,
        rated=record.importance,
        uses=record.uses,
        used_at=record.last_used_at,
    )
