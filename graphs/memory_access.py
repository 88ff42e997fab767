"""A memory space as a node sees it: every search and every write is a span."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from graphs.chat import Caller
from graphs.tracer import Span
from nodes.contract import Hit, Memory, Weights


class TracedMemory:
    """``nodes.contract.Memory`` around another."""

    def __init__(self, memory: Memory, caller: Caller) -> None:
        self._memory = memory
        self._caller = caller

    @property
    def space(self) -> str:
        return self._memory.space

    async def search(
        self, query: str, *, top_k: int, weights: Weights, half_life_days: float, kinds: Sequence[str] = ()
    ) -> list[Hit]:
        asked = {"top_k": top_k, "weights": asdict(weights), "half_life_days": half_life_days, "kinds": list(kinds)}
        with _Traced(self._caller, "retrieve_memory", self.space, {"query": query, **asked}) as span:
            hits = await self._memory.search(
                query, top_k=top_k, weights=weights, half_life_days=half_life_days, kinds=kinds
            )
            span.note(output=[asdict(hit) for hit in hits])
        return hits

    async def add(self, text: str, *, kind: str = "note", importance: float = 5.0) -> str:
        given = {"text": text, "kind": kind, "importance": importance}
        with _Traced(self._caller, "write_memory", self.space, given) as span:
            id = await self._memory.add(text, kind=kind, importance=importance)
            span.note(output={"id": id})
        return id


class _Traced:
    """A span that ends with the block, and says how."""

    def __init__(self, caller: Caller, operation: str, space: str, given: dict[str, Any]) -> None:
        place = caller.place
        self._span = caller.run.tracer.start(
            operation, space, caller.parent.id, node_id=place["node"], visit=place["visit"],
            item=place.get("item"), input=given, attributes={"space": space},
        )  # fmt: skip

    def __enter__(self) -> Span:
        return self._span

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if error is None:
            self._span.end("ok")
        elif isinstance(error, Exception):
            mend = getattr(error, "mend", "")
            self._span.end("error", error={"what": str(error), "mend": mend, "type": type(error).__name__})
        else:
            self._span.end("cancelled")
