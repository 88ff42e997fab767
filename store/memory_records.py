"""Memory records in SQL: the truth that both indexes are made from."""

import hashlib
import time
import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from store import tables
from store.errors import NotFound, StoreError
from store.memory_filters import alive
from store.memory_policies import SpacePolicy, from_data

LONGEST: Final = 100_000
"""Characters of a text."""
_AT_ONCE: Final = 500  # parameters of one query


@dataclass(frozen=True)
class Draft:
    """A text to remember. ``importance`` is 1 (trifling) to 10 (vital)."""

    text: str
    kind: str = "note"
    importance: float = 5.0
    source: Mapping[str, Any] = field(default_factory=dict[str, Any])
    owner: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict[str, Any])
    layer: str = ""
    trusted: bool = True
    expires_at: float | None = None
    """Seconds since the epoch; None: as the space's policy says, else kept."""
    created_at: float | None = None
    """Seconds since the epoch, for a record that is older than its row here; None: now."""
    updated_at: float | None = None


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
    data: dict[str, Any]
    layer: str
    trusted: bool
    expires_at: float | None


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
    policy: SpacePolicy


def spaces(session: Session, now: float) -> list[SpaceInfo]:
    """All spaces by name; records that have expired by ``now`` do not count."""
    space, memory = tables.MemorySpace, tables.Memory
    own = col(memory.space_id) == col(space.id)
    # Three sums by index: the rows themselves hold texts and vectors, and would take long to read.
    held = select(func.count()).select_from(memory).where(own).scalar_subquery()
    gone = select(func.count()).select_from(memory).where(own, col(memory.expires_at) <= now).scalar_subquery()
    last = select(func.max(col(memory.updated_at))).where(own).scalar_subquery()
    rows = session.exec(select(space, held - gone, last).order_by(col(space.name))).all()  # pyright: ignore[reportArgumentType, reportCallIssue]
    return [
        SpaceInfo(row.name, row.description, records, row.created_at, written, from_data(row.policy))
        for row, records, written in rows
    ]


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
    row = tables.MemorySpace(name=name, description="", created_at=time.time(), policy={})
    session.add(row)
    session.flush()
    return row


def find_record(session: Session, id: str) -> tables.Memory:
    """The record ``id``. Raises NotFound, also where it has expired."""
    row = session.exec(select(tables.Memory).where(col(tables.Memory.id) == id, alive(time.time()))).first()
    if row is None:
        raise NotFound(f"There is no memory record {id!r}", "memory", "It may have been forgotten; search again.")
    return row


@dataclass(frozen=True)
class Listing:
    """Which records of a space to list, the last written first."""

    q: str = ""
    """Words in their text, whatever the case."""
    kinds: Sequence[str] = ()
    """Of these kinds; none named: of any."""
    layer: str | None = None
    trusted: bool | None = None
    owner: str | None = None
    """Of this owner alone; None: whosever they are."""
    limit: int = 50
    offset: int = 0


def listing(session: Session, space_id: int, wanted: Listing) -> list[tables.Memory]:
    """The records wanted."""
    memory = tables.Memory
    query = select(memory).where(col(memory.space_id) == space_id, alive(time.time()))
    if wanted.q.strip():
        query = query.where(col(memory.text).icontains(wanted.q.strip(), autoescape=True))
    if wanted.kinds:
        query = query.where(col(memory.kind).in_(wanted.kinds))
    if wanted.layer is not None:
        query = query.where(col(memory.layer) == wanted.layer)
    if wanted.trusted is not None:
        query = query.where(col(memory.trusted).is_(wanted.trusted))
    if wanted.owner is not None:
        query = query.where(col(memory.owner) == wanted.owner)
    order = query.order_by(col(memory.updated_at).desc(), col(memory.number).desc())
    return list(session.exec(order.limit(wanted.limit).offset(wanted.offset)))


def groups(session: Session, space_id: int) -> tuple[list[str], list[str]]:
    """The kinds and the layers there are in a space, by name."""
    memory = tables.Memory
    query = select(memory.kind, memory.layer).where(col(memory.space_id) == space_id).distinct()
    pairs = session.exec(query).all()
    return sorted({kind for kind, _ in pairs}), sorted({layer for _, layer in pairs})


def known(session: Session, space: str, hashes: Sequence[str]) -> set[str]:
    """Those of the content hashes whose record the space holds; none where there is no such space."""
    memory = tables.Memory
    mine = select(tables.MemorySpace.id).where(col(tables.MemorySpace.name) == space).scalar_subquery()
    found: set[str] = set()
    for start in range(0, len(hashes), _AT_ONCE):
        some = col(memory.content_hash).in_(hashes[start : start + _AT_ONCE])
        query = select(memory.content_hash).where(col(memory.space_id) == mine, some, alive(time.time()))
        found.update(session.exec(query))
    return found


def after(session: Session, space: str, number: int, limit: int) -> list[tables.Memory]:
    """The space's records in the order of their rows, those after ``number``. Raises NotFound."""
    memory = tables.Memory
    mine = (col(memory.space_id) == find_space(session, space).id, alive(time.time()))
    query = select(memory).where(*mine, col(memory.number) > number).order_by(col(memory.number))
    return list(session.exec(query.limit(limit)))


def put(
    session: Session, space_id: int, draft: Draft, vector: bytes, model: str, over: tables.Memory | None = None
) -> tables.Memory:
    """Write ``draft`` into the space, over the record that says the same, else over ``over``, else as a new one."""
    now, same = time.time(), content_hash(draft.text, draft.kind, draft.owner)
    written: dict[str, Any] = {
        "text": draft.text,
        "content_hash": same,
        "kind": draft.kind,
        "importance": draft.importance,
        "owner": draft.owner,
        "source": dict(draft.source),
        "data": dict(draft.data),
        "layer": draft.layer,
        "trusted": draft.trusted,
        "expires_at": draft.expires_at,
        "updated_at": now if draft.updated_at is None else draft.updated_at,
        "vector": vector,
        "embedding_model": model,
        "indexed": False,
    }
    row = twin(session, space_id, same) or over
    if row is None:
        row = tables.Memory(
            id=uuid.uuid4().hex,
            space_id=space_id,
            created_at=now if draft.created_at is None else draft.created_at,
            last_used_at=None,
            uses=0,
            **written,
        )
    row.sqlmodel_update(written)
    session.add(row)
    return row


def rewrite(session: Session, row: tables.Memory, text: str, kind: str) -> None:
    """Give the record another text or kind. Raises StoreError where another of its owner and kind has that text."""
    same = content_hash(text, kind, row.owner)
    other = twin(session, row.space_id, same)
    if other is not None and other.id != row.id:
        raise StoreError(
            f"The space already holds this text, as record {other.id}", "memory", "Forget one of the two records."
        )
    row.text, row.kind, row.content_hash = text, kind, same


def check(draft: Draft) -> None:
    """Raise StoreError where this cannot be a record."""
    if not draft.text.strip():
        raise StoreError("There is no text to remember", "memory", "Give a text of at least one word.")
    if len(draft.text) > LONGEST:
        raise StoreError(
            f"A text of {len(draft.text):,} characters is too long", "memory", f"Use at most {LONGEST:,} characters."
        )
    if not draft.kind.strip():
        raise StoreError("A record needs a kind", "memory", "Name one, such as note.")
    if not 1 <= draft.importance <= 10:
        raise StoreError(
            f"Importance {draft.importance:g} is out of range", "memory", "Use 1 (trifling) to 10 (vital)."
        )


def end_after(days: float | None) -> float | None:
    """When a record ends that lives so many days from now, seconds since the epoch. Raises StoreError for 0 or less."""
    if days is None:
        return None
    if not 0 < days < float("inf"):
        raise StoreError(f"A record cannot be kept for {days:g} days", "memory", "Use more than 0 days, or none.")
    return time.time() + days * 86_400


def expired(session: Session, space_id: int, now: float) -> list[str]:
    """Ids of the space's records that ended by ``now``."""
    memory = tables.Memory
    return list(session.exec(select(memory.id).where(col(memory.space_id) == space_id, col(memory.expires_at) <= now)))


def surplus(session: Session, space_id: int, most: int, spared: Sequence[str]) -> list[str]:
    """Ids of those to forget so that ``most`` are left: the least important, the oldest of them first."""
    memory = tables.Memory
    over = count(session, space_id) - most
    if over <= 0:
        return []
    order = (col(memory.importance), col(memory.updated_at), col(memory.number))
    worst = session.exec(
        select(memory.id).where(col(memory.space_id) == space_id).order_by(*order).limit(over + len(spared))
    )
    return [id for id in worst if id not in set(spared)][:over]


@dataclass(frozen=True)
class Gone:
    """A record that was removed."""

    id: str
    space_id: int
    number: int
    """Of its row; a later record may get it."""


def remove(session: Session, ids: Sequence[str], space: str | None = None, owner: str | None = None) -> list[Gone]:
    """Remove records, those of ``space`` and of ``owner`` alone where they are named; those that were there."""
    memory = tables.Memory
    found: list[Gone] = []
    for start in range(0, len(ids), _AT_ONCE):
        wanted: Any = select(memory.id, memory.space_id, memory.number)
        some = wanted.where(col(memory.id).in_(ids[start : start + _AT_ONCE]))
        if space is not None:
            some = some.where(col(memory.space_id) == find_space(session, space).id)
        if owner is not None:
            some = some.where(col(memory.owner) == owner)
        rows = [Gone(*row) for row in session.exec(some)]
        session.execute(delete(memory).where(col(memory.id).in_([row.id for row in rows])))  # pyright: ignore[reportDeprecated]
        found += rows
    return found


def count(session: Session, space_id: int) -> int:
    """How many records a space has."""
    return session.exec(
        select(func.count()).select_from(tables.Memory).where(col(tables.Memory.space_id) == space_id)
    ).one()


def all_embedded_by(session: Session, space_id: int, model: str) -> bool:
    """Whether no record of the space has a vector of another model."""
    name = tables.Memory.embedding_model
    own = col(tables.Memory.space_id) == space_id
    # The first and the last by the index; "is not equal" would read every row.
    ends = [session.exec(select(end(name)).where(own)).one() for end in (func.min, func.max)]
    return set(ends) <= {model, None}


def as_record(row: tables.Memory, space: str) -> Record:
    """What callers see of a row."""
    values = {name: getattr(row, name) for name in Record.__dataclass_fields__ if name != "space"}
    return Record(space=space, **values)


def content_hash(text: str, kind: str, owner: str | None) -> str:
    """SHA-256 of owner, kind and ``text`` in one Unicode form with single spaces: records with equal ones are one."""
    even = " ".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256("\0".join((owner or "", kind, even)).encode("utf-8", "replace")).hexdigest()


def twin(session: Session, space_id: int, same: str) -> tables.Memory | None:
    """The record of the space whose content hash is ``same``."""
    query = select(tables.Memory).where(
        col(tables.Memory.space_id) == space_id, col(tables.Memory.content_hash) == same
    )
    return session.exec(query).first()
