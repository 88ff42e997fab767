"""Which records of a space a search may find."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, or_
from sqlmodel import col

from store import tables


class Filterable(Protocol):
    """What a record must show to be filtered."""

    @property
    def kind(self) -> str: ...
    @property
    def layer(self) -> str: ...
    @property
    def trusted(self) -> bool: ...
    @property
    def expires_at(self) -> float | None: ...
    @property
    def owner(self) -> str | None: ...


@dataclass(frozen=True)
class Filter:
    """Records that have not expired by ``now`` (seconds since the epoch), and that fit the rest."""

    now: float
    kinds: Collection[str] = ()
    """Of these kinds; none named: of any."""
    layers: Collection[str] | None = None
    """In these layers; None: in any."""
    only_trusted: bool = False
    owner: str | None = None
    """Of this owner alone; None: whosever they are."""

    @property
    def narrow(self) -> bool:
        """Whether it leaves out more than what has expired."""
        return bool(self.kinds) or self.layers is not None or self.only_trusted or self.owner is not None

    def lets(self, row: Filterable) -> bool:
        """Whether it lets the record through."""
        return (
            (row.expires_at is None or row.expires_at > self.now)
            and (not self.kinds or row.kind in self.kinds)
            and (self.layers is None or row.layer in self.layers)
            and (bool(row.trusted) or not self.only_trusted)
            and self.owner in (None, row.owner)
        )

    def condition(self, space_id: int) -> tuple[str, list[Any]]:
        """SQL and its parameters for what passes, all but the ends: an index answers it without the rows."""
        parts, values = ["space_id = ?"], [space_id, *self.kinds, *(self.layers or ())]
        if self.kinds:
            parts.append(f"kind IN ({_marks(self.kinds)})")
        if self.layers is not None:
            parts.append(f"layer IN ({_marks(self.layers)})")
        if self.only_trusted:
            parts.append("trusted = 1")
        if self.owner is not None:
            parts.append("owner = ?")
            values.append(self.owner)
        return " AND ".join(parts), values


def alive(now: float) -> ColumnElement[bool]:
    """Not expired by ``now``, seconds since the epoch."""
    end = col(tables.Memory.expires_at)
    return or_(end.is_(None), end > now)


def _marks(values: Collection[Any]) -> str:
    return ", ".join("?" * len(values))
