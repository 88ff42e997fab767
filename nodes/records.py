"""A memory space as a node sees it: records, how a hit is scored, and what can be done with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Hit:
    """A recalled record; the four parts sum to ``score`` (0 to 1, each already weighted)."""

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
    """Provenance: run, number, node, label; {} where a person wrote it."""
    data: dict[str, Any] = field(default_factory=dict[str, Any])
    """What the record carries beside its text (a snippet, a reward, a graph's edge); {} for none."""
    layer: str = ""
    """Name of the layer it is in; '' for none."""
    trusted: bool = True
    """False for what came from outside (a page, a stranger's file) and was not approved."""
    rated: float = 5.0
    """Its importance as stored, 1 (trifling) to 10 (vital)."""
    uses: int = 0
    """How often it was recalled."""
    used_at: float | None = None
    """Seconds since the epoch of the last recall; None: never."""


@dataclass(frozen=True)
class Weights:
    """How the four parts of a hit's score are mixed; scaled to sum to 1. Each 0 to 1."""

    similarity: float = 0.55
    recency: float = 0.15
    importance: float = 0.20
    keyword: float = 0.10


class Memory(Protocol):
    """One memory space."""

    @property
    def space(self) -> str: ...

    def owned_by(self, owner: str) -> "Memory":
        """The part of the space that is ``owner``'s alone: what is added is theirs, and nothing else is found.

        Without an owner all records of the space are found, whosever they are, and what is added is nobody's.
        """
        ...

    async def search(
        self,
        query: str,
        *,
        top_k: int,
        weights: Weights,
        half_life_days: float,
        kinds: Sequence[str] = (),
        layers: Mapping[str, float] | None = None,
        only_trusted: bool = False,
    ) -> list[Hit]:
        """The best first; counts as a use of each.

        ``layers``: layer -> its own half-life in days; only records of these layers are found then.
        ``only_trusted`` leaves out records that are not.
        """
        ...

    async def add(
        self,
        text: str,
        *,
        kind: str = "note",
        importance: float = 5.0,
        data: Mapping[str, Any] | None = None,
        layer: str = "",
        trusted: bool = True,
        ttl_days: float | None = None,
    ) -> str:
        """Store a record (importance 1 to 10) and return its id; an equal text updates its record of that kind.

        ``ttl_days``: it is forgotten after so many days; None: kept.
        """
        ...

    async def records(self, *, kinds: Sequence[str] = (), layer: str | None = None, limit: int = 100) -> list[Hit]:
        """Records, the last written first, with a score of 0; does not count as a use."""
        ...

    async def get(self, id: str) -> Hit | None:
        """A record, or None where there is none (any more)."""
        ...

    async def update(
        self,
        id: str,
        *,
        text: str | None = None,
        importance: float | None = None,
        data: Mapping[str, Any] | None = None,
        layer: str | None = None,
        trusted: bool | None = None,
    ) -> None:
        """Change a record; None leaves a field as it is. Raises NodeError where it is gone."""
        ...

    async def forget(self, ids: Sequence[str]) -> int:
        """Remove records for good; how many there were."""
        ...
