"""A memory space on Chroma: one collection, its records the documents.

A search takes the nearest records and scores them anew, after Park et al. 2023, Generative Agents: likeness of
meaning, recency since the last write (halving every half-life), importance, and the share of the query's words a
record holds, rare words counting more; each 0 to 1, mixed by the weights.
"""

import asyncio
import hashlib
import json
import math
import re
import threading
import time
import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

import chromadb
from chromadb.config import Settings

from graphs.export.runtime.workspace import Workspace
from nodes.contract import Hit, Memory, NodeError, Weights

CANDIDATES: Final = 200
"""Nearest records that are scored, at least."""
DAY: Final = 86_400.0
MOST_WORDS: Final = 16
_WORD: Final = re.compile(r"[^\W_]+")
_LOCK: Final = threading.Lock()
_CLIENTS: Final[dict[str, Any]] = {}
Record = dict[str, Any]


class Space:
    """``mechanisms.contract.Memory``. Its calls run in threads, so that none holds up the event loop."""

    def __init__(self, workspace: Workspace, name: str, source: Mapping[str, Any], owner: str = "") -> None:
        if not name.strip():
            raise NodeError("The memory space has no name", mend="Name it.")
        self._workspace = workspace
        self._name = name
        self._source = dict(source)
        self._owner = owner

    @property
    def space(self) -> str:
        return self._name

    def owned_by(self, owner: str) -> Memory:
        if not owner.strip():
            raise NodeError(f"{owner!r} cannot own memories", mend="Name the owner.")
        return Space(self._workspace, self._name, self._source, owner.strip())

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
        def work() -> list[Hit]:
            wanted: dict[str, Any] = {"owner": self._owner} if self._owner else {}
            found = self._nearest(query, max(CANDIDATES, 8 * top_k), wanted)
            passing = [
                (record, near)
                for record, near in found
                if (not kinds or record["kind"] in kinds)
                and (layers is None or record["layer"] in layers)
                and (record["trusted"] or not only_trusted)
            ]
            words = _word_shares(query, [record["text"] for record, _ in passing])
            hits = [
                _scored(record, near, share, weights, (layers or {}).get(record["layer"], half_life_days))
                for (record, near), share in zip(passing, words, strict=True)
            ]
            best = sorted(hits, key=lambda hit: -hit.score)[:top_k]
            self._used(best)
            return best

        return await asyncio.to_thread(work)

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
        if not text.strip():
            raise NodeError("There is no text to remember", mend="Give a text of at least one word.")
        now = time.time()
        record: Record = {
            "text": text, "kind": kind, "importance": importance, "data": dict(data or {}), "layer": layer,
            "trusted": trusted, "owner": self._owner, "source": self._source, "created_at": now, "updated_at": now,
            "expires_at": now + ttl_days * DAY if ttl_days else 0.0, "uses": 0, "used_at": 0.0,
        }  # fmt: skip

        def work() -> str:
            twin = self._get({"same": _same(record)})
            kept = {name: twin[0][name] for name in ("id", "created_at", "uses", "used_at")} if twin else {}
            return self._put({"id": uuid.uuid4().hex, **record, **kept})

        return await asyncio.to_thread(work)

    async def records(self, *, kinds: Sequence[str] = (), layer: str | None = None, limit: int = 100) -> list[Hit]:
        def work() -> list[Hit]:
            found = [
                record
                for record in self._get({"owner": self._owner} if self._owner else {})
                if (not kinds or record["kind"] in kinds) and layer in (None, record["layer"])
            ]
            newest = sorted(found, key=lambda record: (record["updated_at"], record["number"]), reverse=True)
            return [_hit(record) for record in newest[:limit]]

        return await asyncio.to_thread(work)

    async def get(self, id: str) -> Hit | None:
        record = await asyncio.to_thread(self._find, id)
        return _hit(record) if record else None

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
        given = {"text": text, "importance": importance, "data": data, "layer": layer, "trusted": trusted}
        record = await asyncio.to_thread(self._find, id)
        if record is None:
            raise NodeError(f"There is no record {id!r}", mend="It was forgotten meanwhile.")
        changed = {name: value for name, value in given.items() if value is not None}
        await asyncio.to_thread(self._put, {**record, **changed, "updated_at": time.time()})

    async def forget(self, ids: Sequence[str]) -> int:
        def work() -> int:
            there = [id for id in ids if self._find(id)]
            if there:
                self._collection().delete(ids=there)
            return len(there)

        return await asyncio.to_thread(work)

    # --- the collection ---

    def _collection(self) -> Any:
        given: dict[str, Any] = {"embedding_function": None} if self._workspace.embed else {}
        return _client(str(self._workspace.memory)).get_or_create_collection(
            _collection_name(self._name), configuration={"hnsw": {"space": "cosine"}}, **given
        )

    def _embedded(self, text: str, name: str) -> dict[str, Any]:
        """The vector of a text as the argument ``name``; nothing where Chroma embeds it itself."""
        embed = self._workspace.embed
        return {name: [list(map(float, embed([text])[0]))]} if embed else {}

    def _nearest(self, query: str, most: int, wanted: Mapping[str, Any]) -> list[tuple[Record, float]]:
        collection = self._collection()
        count = collection.count()
        if not count or not query.strip():
            return []
        asked = self._embedded(query, "query_embeddings") or {"query_texts": [query]}
        wide, seen = min(most, count), ["documents", "metadatas", "distances"]
        found = collection.query(**asked, n_results=wide, where=dict(wanted) or None, include=seen)
        rows = zip(*(found[name][0] for name in ("ids", "documents", "metadatas", "distances")), strict=True)
        alive = ((_record(id, text, about), distance) for id, text, about, distance in rows)
        return [(record, min(1.0, max(0.0, 1.0 - distance))) for record, distance in alive if _lives(record)]

    def _get(self, wanted: Mapping[str, Any]) -> list[Record]:
        found = self._collection().get(where=dict(wanted) or None, include=["documents", "metadatas"])
        rows = zip(found["ids"], found["documents"], found["metadatas"], strict=True)
        return [record for record in (_record(*row) for row in rows) if _lives(record)]

    def _find(self, id: str) -> Record | None:
        found = self._collection().get(ids=[id], include=["documents", "metadatas"])
        rows = zip(found["ids"], found["documents"], found["metadatas"], strict=True)
        mine = [record for record in (_record(*row) for row in rows) if self._owner in ("", record["owner"])]
        return mine[0] if mine and _lives(mine[0]) else None

    def _put(self, record: Record) -> str:
        collection = self._collection()
        number = record.get("number", collection.count())
        about = {name: value for name, value in record.items() if name not in ("id", "text", "data", "source")}
        about |= {"data": json.dumps(record["data"]), "source": json.dumps(record["source"]), "number": number}
        collection.upsert(
            ids=[record["id"]], documents=[record["text"]], metadatas=[{**about, "same": _same(record)}],
            **self._embedded(record["text"], "embeddings"),
        )  # fmt: skip
        return record["id"]

    def _used(self, hits: Sequence[Hit]) -> None:
        if hits:
            used = [{"uses": hit.uses + 1, "used_at": time.time()} for hit in hits]
            self._collection().update(ids=[hit.id for hit in hits], metadatas=used)


def _client(folder: str) -> Any:
    """One client for each folder: two on the same would lose records."""
    with _LOCK:
        if folder not in _CLIENTS:
            _CLIENTS[folder] = chromadb.PersistentClient(folder, settings=Settings(anonymized_telemetry=False))
        return _CLIENTS[folder]


def _collection_name(space: str) -> str:
    """The space's name, where Chroma allows it."""
    plain = re.fullmatch(r"[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]", space)
    return space if plain else f"space-{hashlib.sha256(space.encode()).hexdigest()[:16]}"


def _same(record: Record) -> str:
    """Records of one owner and kind with equal texts are one."""
    even = " ".join(unicodedata.normalize("NFC", record["text"]).split())
    return hashlib.sha256("\0".join((record["owner"], record["kind"], even)).encode("utf-8", "replace")).hexdigest()


def _record(id: str, text: str, about: Mapping[str, Any]) -> Record:
    return {**about, "id": id, "text": text, "data": json.loads(about["data"]), "source": json.loads(about["source"])}


def _lives(record: Record) -> bool:
    return not record["expires_at"] or record["expires_at"] > time.time()


def _scored(record: Record, near: float, share: float, weights: Weights, half_life_days: float) -> Hit:
    age = max(0.0, time.time() - record["updated_at"]) / DAY
    parts = {
        "similarity": near, "recency": 0.5 ** (age / half_life_days), "importance": record["importance"] / 10,
        "keyword": share,
    }  # fmt: skip
    total = sum(getattr(weights, name) for name in parts)
    return _hit(record, {name: value * getattr(weights, name) / total for name, value in parts.items()})


def _hit(record: Record, parts: Mapping[str, float] | None = None) -> Hit:
    weighted = parts or dict.fromkeys(("similarity", "recency", "importance", "keyword"), 0.0)
    return Hit(
        id=record["id"], text=record["text"], kind=record["kind"], score=sum(weighted.values()), **weighted,
        created_at=record["created_at"], source=record["source"], data=record["data"], layer=record["layer"],
        trusted=record["trusted"], rated=record["importance"], uses=record["uses"],
        used_at=record["used_at"] or None,
    )  # fmt: skip


def _word_shares(query: str, texts: Sequence[str]) -> list[float]:
    """How much of the query's words each text holds, a word weighing its inverse document frequency."""
    words = sorted(dict.fromkeys(_words(query)), key=len, reverse=True)[:MOST_WORDS]
    held = [set(_words(text)) for text in texts]
    counts = {word: sum(word in each for each in held) for word in words}
    known = {word: math.log(1 + (len(texts) - held_by + 0.5) / (held_by + 0.5)) for word, held_by in counts.items()}
    known = {word: weight for word, weight in known.items() if counts[word]}
    total = sum(known.values())
    return [sum(value for word, value in known.items() if word in each) / total if total else 0.0 for each in held]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
