"""One memory space as a node sees it: what ``nodes.records.Memory`` asks for, by shape."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from store.errors import NotFound, StoreError
from store.memory_records import Listing
from store.memory_scoring import Hit, WeightsLike

if TYPE_CHECKING:
    from store.memories import Memories


LONGEST_OWNER: Final = 100
"""Characters of an owner's name."""


class MemorySpace:
    """A space by name, made at its first write; its calls run in threads, so that none holds up the event loop.

    What it adds is marked with ``source`` and ``owner``; with an owner, it finds and changes that owner's records
    alone. Raises StoreError where the protocol says NodeError.
    """

    def __init__(self, memories: "Memories", name: str, source: dict[str, Any], owner: str | None) -> None:
        self._memories = memories
        self._name = name
        self._source = source
        self._owner = owner

    @property
    def space(self) -> str:
        """The space's name."""
        return self._name

    def owned_by(self, owner: str) -> "MemorySpace":
        """The part of the space that is ``owner``'s alone, in reading and in writing. Raises StoreError for no name."""
        if not owner.strip() or len(owner) > LONGEST_OWNER:
            raise StoreError(
                f"{owner[:80]!r} cannot own memories", "memory", f"Use a name of 1 to {LONGEST_OWNER} characters."
            )
        return MemorySpace(self._memories, self._name, self._source, owner.strip())

    async def search(
        self,
        query: str,
        *,
        top_k: int,
        weights: WeightsLike,
        half_life_days: float,
        kinds: Sequence[str] = (),
        layers: Mapping[str, float] | None = None,
        only_trusted: bool = False,
    ) -> list[Hit]:
        """The best first; counts as a use of each. ``layers``: layer -> its half-life in days; only they are found."""
        return await asyncio.to_thread(
            self._memories.search,
            self._name,
            query,
            top_k=top_k,
            weights=weights,
            half_life_days=half_life_days,
            kinds=kinds,
            layers=layers,
            only_trusted=only_trusted,
            owner=self._owner,
        )

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
        """Store a record and return its id; an equal text updates its record."""
        return await asyncio.to_thread(
            self._memories.add,
            self._name,
            text,
            kind=kind,
            importance=importance,
            data=data or {},
            layer=layer,
            trusted=trusted,
            ttl_days=ttl_days,
            source=self._source,
            owner=self._owner,
        )

    async def records(self, *, kinds: Sequence[str] = (), layer: str | None = None, limit: int = 100) -> list[Hit]:
        """Records, the last written first, with a score of 0; none where there is no such space yet."""
        return await asyncio.to_thread(
            self._memories.hits, self._name, Listing(kinds=tuple(kinds), layer=layer, owner=self._owner, limit=limit)
        )

    async def get(self, id: str) -> Hit | None:
        """A record of this space, or None where there is none (any more)."""
        return await asyncio.to_thread(self._memories.hit, self._name, id, self._owner)

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
        """Change a record of this space; None leaves a field as it is. Raises NotFound where it is gone."""
        if await self.get(id) is None:
            raise NotFound(f"There is no record {id!r} in {self._name!r}", "memory", "It was forgotten meanwhile.")
        await asyncio.to_thread(
            self._memories.update, id, text=text, importance=importance, data=data, layer=layer, trusted=trusted
        )

    async def forget(self, ids: Sequence[str]) -> int:
        """Remove records of this space for good; how many there were."""
        return await asyncio.to_thread(self._memories.forget_all, list(ids), space=self._name, owner=self._owner)
