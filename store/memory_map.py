"""A map of a space: its records' vectors laid flat, so that what means the same lies together.

Principal component analysis (Pearson 1901; Hotelling 1933) over the newest records: the two directions
in which they differ most. It is linear, so a query can be drawn in the same plane; of 384 directions it
keeps two, so near on the map is a hint, not a measure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from store import memory_rows, memory_scoring
from store.database import Database

MOST: Final = 5_000
"""Records on a map; of more, the newest."""
_NEWEST: Final = """
SELECT number FROM memory WHERE space_id = (SELECT id FROM memory_space WHERE name = ?)
AND (expires_at IS NULL OR expires_at > ?) ORDER BY updated_at DESC, number DESC LIMIT ?
"""


@dataclass(frozen=True)
class Spot:
    """A record on the map."""

    id: str
    text: str
    kind: str
    layer: str
    trusted: bool
    updated_at: float
    """Seconds since the epoch."""
    uses: int
    x: float
    y: float


@dataclass(frozen=True)
class Map:
    """Spots, the newest first, and the plane they lie in."""

    spots: list[Spot]
    centre: Any
    axes: Any
    """384 x 2"""

    def place(self, vector: Sequence[float]) -> tuple[float, float]:
        """Where a vector lies in the plane."""
        import numpy as np  # an extra

        point = np.asarray(vector, dtype=np.float32)
        x, y = ((point / (np.linalg.norm(point) or 1.0)) - self.centre) @ self.axes
        return float(x), float(y)


def draw(database: Database, space: str, now: float, most: int = MOST) -> Map | None:
    """The map of a space's newest records; None where there are fewer than three."""
    with memory_rows.reading(database) as connection:
        numbers = [number for (number,) in connection.execute(_NEWEST, (space, now, most))]
        rows = {row.number: row for row in memory_rows.by_number(connection, numbers)}
    newest = [rows[number] for number in numbers]
    # Vectors of another embedding wait to be made anew: the next search of the space does that.
    newest = [row for row in newest if len(row.vector) == len(newest[0].vector)]
    if len(newest) < 3:
        return None
    import numpy as np  # an extra

    points = np.stack([memory_scoring.unpacked(row.vector) for row in newest])
    centre = points.mean(axis=0)
    axes = _axes(points - centre)
    spots = [
        Spot(row.id, row.text, row.kind, row.layer, bool(row.trusted), row.updated_at, row.uses, float(x), float(y))
        for row, (x, y) in zip(newest, (points - centre) @ axes, strict=True)
    ]
    return Map(spots, centre, axes)


def _axes(points: Any) -> Any:
    """The two directions of most variance (dimensions x 2), their signs fixed so that a map never flips."""
    import numpy as np  # an extra

    _, vectors = np.linalg.eigh(points.T @ points)
    axes = vectors[:, [-1, -2]]
    largest = axes[np.abs(axes).argmax(axis=0), [0, 1]]
    return axes * np.where(largest < 0, -1.0, 1.0)
