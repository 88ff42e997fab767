"""A memory space whose answers are handed back when the node that asked for them starts again."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

from graphs.journal import Journal, same
from graphs.tracer import snapshot
from nodes.contract import Hit, Memory

T = TypeVar("T")


class JournaledMemory:
    """``nodes.contract.Memory`` around another: what was found is not searched again, what was written not twice."""

    def __init__(self, memory: Memory, journal: Journal, owner: str = "") -> None:
        self._memory = memory
        self._journal = journal
        self._owner = owner

    @property
    def space(self) -> str:
        return self._memory.space

    def owned_by(self, owner: str) -> "JournaledMemory":
        return JournaledMemory(self._memory.owned_by(owner), self._journal, owner)

    async def search(self, query: str, **how: Any) -> list[Hit]:
        return await self._once("search", [query, how], lambda: self._memory.search(query, **how), _packed, _hits)

    async def records(self, **which: Any) -> list[Hit]:
        return await self._once("records", which, lambda: self._memory.records(**which), _packed, _hits)

    async def get(self, id: str) -> Hit | None:
        found = await self._once("get", id, lambda: self._found(id), _packed, _hits)
        return found[0] if found else None

    async def add(self, text: str, **more: Any) -> str:
        return await self._once("add", [text, more], lambda: self._memory.add(text, **more), same, str)

    async def update(self, id: str, **fields: Any) -> None:
        await self._once("update", [id, fields], lambda: self._memory.update(id, **fields), same, same)

    async def forget(self, ids: Sequence[str]) -> int:
        return await self._once("forget", list(ids), lambda: self._memory.forget(ids), same, int)

    async def _found(self, id: str) -> list[Hit]:
        hit = await self._memory.get(id)
        return [] if hit is None else [hit]

    async def _once(
        self, what: str, asked: Any, work: Callable[[], Awaitable[T]], pack: Callable[[T], Any],
        unpack: Callable[[Any], T],
    ) -> T:  # fmt: skip
        turn = self._journal.turn("memory", [self.space, self._owner, what, asked])
        return await self._journal.answer(turn, work, pack, unpack)


def _packed(hits: Sequence[Hit]) -> list[Any]:
    return [snapshot(asdict(hit)) for hit in hits]


def _hits(kept: Sequence[Any]) -> list[Hit]:
    return [Hit(**each) for each in kept]
