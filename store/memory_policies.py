"""How a space behaves where a caller says nothing else: its search, what it keeps, and for how long."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final

from store.errors import StoreError
from store.memory_scoring import Weights, normalised

LONGEST_DAYS: Final = 36_500.0  # a hundred years
_RANGES: Final[dict[str, tuple[float, float, str]]] = {
    "half_life_days": (0.01, LONGEST_DAYS, "days"),
    "ttl_days": (0.0001, LONGEST_DAYS, "days"),
    "near_duplicate": (0.5, 1.0, "cosine"),
    "max_records": (1, 10_000_000, "records"),
}


@dataclass(frozen=True)
class SpacePolicy:
    """The defaults of one space. A node that names its own weights and half-life keeps them."""

    weights: Weights = field(default_factory=Weights)
    """How the four parts of a score are mixed where the caller gives no weights."""
    half_life_days: float = 14.0
    """Age in days at which recency counts half, where the caller gives none."""
    ttl_days: float | None = None
    """A record without an end of its own is forgotten after so many days; None: kept."""
    near_duplicate: float | None = None
    """Cosine (0.5 to 1) from which a new text takes the place of an old one of its kind and layer; None: never."""
    max_records: int | None = None
    """With more, the least important are forgotten, the oldest of them first; None: no limit."""
    only_trusted: bool = False
    """Whether searches leave out records that are not trusted, whatever the caller asks."""

    def checked(self) -> "SpacePolicy":
        """Itself. Raises StoreError that names the field out of range, with its value."""
        for name, (least, most, unit) in _RANGES.items():
            value = getattr(self, name)
            if value is not None and not least <= value <= most:
                raise StoreError(
                    f"{name} {value:g} is out of range", "memory policy", f"Use {least:g} to {most:g} {unit}."
                )
        normalised(self.weights)
        return self


def as_data(policy: SpacePolicy) -> dict[str, Any]:
    """As it stands in the table: what equals the default is left out."""
    default = asdict(SpacePolicy())
    return {name: value for name, value in asdict(policy).items() if value != default[name]}


def from_data(data: Mapping[str, Any]) -> SpacePolicy:
    """A policy from its data. Raises StoreError for a field there is not, or a value that cannot be."""
    known = [each.name for each in fields(SpacePolicy)]
    unknown = sorted(set(data) - set(known))
    if unknown:
        raise StoreError(f"A policy has no field {unknown[0]!r}", "memory policy", f"Fields are {', '.join(known)}.")
    given = dict(data)
    try:
        if "weights" in given:
            given["weights"] = Weights(**given["weights"])
        return SpacePolicy(**given).checked()
    except TypeError as error:
        raise StoreError(
            f"This is no policy: {dict(data)!r} ({error})", "memory policy", "Give numbers, true or false, or null."
        ) from error
