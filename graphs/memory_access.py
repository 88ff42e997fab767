"""A memory space as a node sees it: every search and every change is a span."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from graphs.chat import Caller
from graphs.tracer import Span, snapshot
from nodes.contract import Hit, Memory, Weights


class TracedMemory:
    """``nodes.contract.Memory`` around another."""

    def __init__(self, memory: Memory, caller: Caller, owner: str = "") -> None:
        self._memory = memory
        self._caller = caller
        self._owner = owner

    @property
    def space(self) -> str:
        return self._memory.space

    def owned_by(self, owner: str) -> "TracedMemory":
        return TracedMemory(self._memory.owned_by(owner), self._caller, owner)

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
        asked = {
            "query": query, "top_k": top_k, "weights": asdict(weights), "half_life_days": half_life_days,
            "kinds": list(kinds),
        }  # fmt: skip
        more: dict[str, Any] = {}
        if layers is not None:
            more["layers"] = dict(layers)
        if only_trusted:
            more["only_trusted"] = True
        with self._traced("retrieve_memory", {**asked, **more}) as span:
            hits = await self._memory.search(
                query, top_k=top_k, weights=weights, half_life_days=half_life_days, kinds=kinds, **more
            )
            span.note(output=_shown(hits))
        return hits

    async def records(self, *, kinds: Sequence[str] = (), layer: str | None = None, limit: int = 100) -> list[Hit]:
        asked = {"kinds": list(kinds), "layer": layer, "limit": limit}
        with self._traced("retrieve_memory", asked) as span:
            hits = await self._memory.records(kinds=kinds, layer=layer, limit=limit)
            span.note(output=_shown(hits))
        return hits

    async def get(self, id: str) -> Hit | None:
        with self._traced("retrieve_memory", {"id": id}) as span:
            hit = await self._memory.get(id)
            span.note(output=_shown([hit] if hit else []))
        return hit

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
        given = _changed({
            "data": data, "layer": layer or None, "trusted": None if trusted else False, "ttl_days": ttl_days,
        })  # fmt: skip
        told = {"action": "add", "text": text, "kind": kind, "importance": importance, **given}
        with self._traced("write_memory", told) as span:
            id = await self._memory.add(text, kind=kind, importance=importance, **given)
            span.note(output={"id": id})
        return id

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
        given = _changed({"text": text, "importance": importance, "data": data, "layer": layer, "trusted": trusted})
        with self._traced("write_memory", {"action": "update", "id": id, **given}):
            await self._memory.update(id, **given)

    async def forget(self, ids: Sequence[str]) -> int:
        with self._traced("write_memory", {"action": "forget", "ids": list(ids)}) as span:
            count = await self._memory.forget(ids)
            span.note(output={"forgotten": count})
        return count

    def _traced(self, operation: str, given: dict[str, Any]) -> "_Traced":
        asked = {**given, "owner": self._owner} if self._owner else given
        return _Traced(self._caller, operation, self.space, snapshot(asked))


def _changed(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _shown(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    return [snapshot(asdict(hit)) for hit in hits]


class _Traced:
    """A span that ends with the block, and says how."""

    def __init__(self, caller: Caller, operation: str, space: str, given: dict[str, Any]) -> None:
        place = caller.place
        self._span = caller.run.tracer.start(
            operation, space, caller.parent.id, node_id=place["node"], visit=place["visit"],
            item=place.get("item"), input=given,
            attributes={"space": space, **caller.marks},
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
