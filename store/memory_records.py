"""Memory records in SQL: the truth that both indexes are made from."""

import hashlib
import time
import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from store import tables
from store.errors import NotFound, StoreError


@dataclass(frozen=True)
class Draft:
    """A text to remember. ``importance`` is 1 (trifling) to 10 (vital)."""

    text: str
    kind: str = "note"
    importance: float = 5.0
    source: Mapping[str, Any] = field(default_factory=dict[str, Any])
    owner: str | None = None


@dataclass(frozen=True)
class Record:
    """A remembered text. Times are seconds since the epoch; fields as in ``store.tables.Memory``."""

    id: str
    space: str
    text: str
    kind: str
    importance: float
    owner: str | None
    source: dict[str, Any]
    created_at: float
    updated_at: float
    last_used_at: float | None
    uses: int


@dataclass(frozen=True)
class SpaceInfo:
    """A space and how many records it has."""

    name: str
    description: str
    records: int
    created_at: float
    """Seconds since the epoch."""
    updated_at: float | None
    """Seconds since the epoch of the last write; None while it is empty."""


def spaces(session: Session) -> list[SpaceInfo]:
    """All spaces by name."""
    space, memory = tables.MemorySpace, tables.Memory
    query = (
        select(space, func.count(col(memory.number)), func.max(memory.updated_at))
        .join(memory, col(memory.space_id) == col(space.id), isouter=True)
        .group_by(col(space.id))
        .order_by(col(space.name))
    )
    rows = session.exec(query).all()
    return [SpaceInfo(row.name, row.description, records, row.created_at, last) for row, records, last in rows]


def find_space(session: Session, name: str) -> tables.MemorySpace:
    """The space of that name. Raises NotFound."""
    row = session.exec(select(tables.MemorySpace).where(col(tables.MemorySpace.name) == name)).first()
    if row is None:
        raise NotFound(f"There is no memory space {name!r}", "memory", "It is made when something is remembered in it.")
    return row


def open_space(session: Session, name: str) -> tables.MemorySpace:
    """The space of that name, made where there is none. Raises StoreError for a name it cannot have."""
    row = session.exec(select(tables.MemorySpace).where(col(tables.MemorySpace.name) == name)).first()
    if row is not None:
        return row
    if not name.strip() or len(name) > 100:
        raise StoreError(f"{name[:100]!r} cannot name a memory space", "memory", "Use 1 to 100 characters.")
    row = tables.MemorySpace(name=name, description="", created_at=time.time())
    session.add(row)
    session.flush()
    return row


def find_record(session: Session, id: str) -> tables.Memory:
    """The record ``id``. Raises NotFound."""
    row = session.exec(select(tables.Memory).where(col(tables.Memory.id) == id)).first()
    if row is None:
        raise NotFound(f"There is no memory record {id!r}", "memory", "It may have been forgotten; search again.")
    return row


def listing(session: Session, space: str, q: str, kind: str | None, limit: int, offset: int) -> list[Record]:
    """Records of a space, the last written first; those with ``q`` in their text, of a kind. Raises NotFound."""
    memory = tables.Memory
    query = select(memory).where(col(memory.space_id) == find_space(session, space).id)
    if q.strip():
        query = query.where(col(memory.text).icontains(q.strip(), autoescape=True))
    if kind is not None:
        query = query.where(col(memory.kind) == kind)
    order = query.order_by(col(memory.updated_at).desc(), col(memory.number).desc())
    return [as_record(row, space) for row in session.exec(order.limit(limit).offset(offset))]


def put(session: Session, space_id: int, draft: Draft, vector: bytes, model: str) -> str:
    """Write ``draft`` into the space, over the record with an equal text; returns the id."""
    now, same = time.time(), content_hash(draft.text)
    written: dict[str, Any] = {
        "text": draft.text,
        "kind": draft.kind,
        "importance": draft.importance,
        "owner": draft.owner,
        "source": dict(draft.source),
        "updated_at": now,
        "vector": vector,
        "embedding_model": model,
        "indexed": False,
    }
    row = _twin(session, space_id, same)
    if row is None:
        row = tables.Memory(
            id=uuid.uuid4().hex,
            space_id=space_id,
            content_hash=same,
            created_at=now,
            last_used_at=None,
            uses=0,
            **written,
        )
    row.sqlmodel_update(written)
    session.add(row)
    session.flush()
    return row.id


def rewrite(session: Session, row: tables.Memory, text: str, vector: bytes, model: str) -> None:
    """Give the record another text. Raises StoreError where the space has that text already."""
    twin = _twin(session, row.space_id, content_hash(text))
    if twin is not None and twin.id != row.id:
        raise StoreError(
            f"The space already holds this text, as record {twin.id}", "memory", "Forget one of the two records."
        )
    row.text, row.content_hash = text, content_hash(text)
    row.vector, row.embedding_model = vector, model


def check(text: str, kind: str, importance: float) -> None:
    """Raise StoreError where these cannot be a record."""
    if not text.strip():
        raise StoreError("There is no text to remember", "memory", "Give a text of at least one word.")
    if not kind.strip():
        raise StoreError("A record needs a kind", "memory", "Name one, such as note.")
    if not 1 <= importance <= 10:
        raise StoreError(f"Importance {importance:g} is out of range", "memory", "Use 1 (trifling) to 10 (vital).")


def candidates(
    session: Session, space_id: int, near: Sequence[str], keywords: Mapping[int, float], most: int, kinds: Sequence[str]
) -> list[tables.Memory]:
    """The records near the query, and the ``most`` that match its words best; of these kinds, if any are named."""
    memory = tables.Memory
    best = sorted(keywords, key=lambda number: (-keywords[number], -number))
    if kinds:
        allowed = select(memory.number).where(col(memory.space_id) == space_id, col(memory.kind).in_(kinds))
        numbers = set(session.exec(allowed))
        best = [number for number in best if number in numbers]
    # Two queries: an "or" over two columns would make SQLite read the whole space.
    found = {row.number: row for row in session.exec(select(memory).where(col(memory.id).in_(near)))}
    missing = [number for number in best[:most] if number not in found]
    rows = [*found.values(), *session.exec(select(memory).where(col(memory.number).in_(missing)))]
    return [row for row in rows if row.space_id == space_id and (not kinds or row.kind in kinds)]


def count(session: Session, space_id: int) -> int:
    """How many records a space has."""
    return session.exec(
        select(func.count()).select_from(tables.Memory).where(col(tables.Memory.space_id) == space_id)
    ).one()


def all_embedded_by(session: Session, space_id: int, model: str) -> bool:
    """Whether no record of the space has a vector of another model."""
    memory = tables.Memory
    query = select(memory.number).where(col(memory.space_id) == space_id, col(memory.embedding_model) != model)
    return session.exec(query.limit(1)).first() is None


def as_record(row: tables.Memory, space: str) -> Record:
    """What callers see of a row."""
    values = {name: getattr(row, name) for name in Record.__dataclass_fields__ if name != "space"}
    return Record(space=space, **values)


def content_hash(text: str) -> str:
    """SHA-256 of ``text`` in one Unicode form, its runs of spaces made one."""
    return hashlib.sha256(" ".join(unicodedata.normalize("NFC", text).split()).encode("utf-8", "replace")).hexdigest()


def _twin(session: Session, space_id: int, same: str) -> tables.Memory | None:
    query = select(tables.Memory).where(
        col(tables.Memory.space_id) == space_id, col(tables.Memory.content_hash) == same
    )
    return session.exec(query).first()
