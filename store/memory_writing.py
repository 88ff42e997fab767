"""Writing into a space by its policy: ends, near-duplicates, and how many records it may hold."""

import time
from collections.abc import Sequence

from sqlmodel import Session, col, select

from store import memory_records, memory_scoring, tables
from store.memory_policies import SpacePolicy
from store.memory_records import Draft, Gone


def write(
    session: Session,
    space_id: int,
    policy: SpacePolicy,
    drafts: Sequence[tuple[Draft, bytes, Sequence[str]]],
    model: str,
) -> list[str]:
    """Write drafts, each with its vector by ``model`` and the ids of its neighbours; returns their ids in order.

    A near-duplicate takes the old record's place: the newer text and fields, the higher importance.
    """
    end = memory_records.end_after(policy.ttl_days)
    written: list[tables.Memory] = []
    for draft, vector, neighbours in drafts:
        over = _near_twin(session, space_id, policy, draft, vector, [*_rows(session, neighbours), *written])
        least = draft.importance if over is None else over.importance
        row = memory_records.put(session, space_id, draft, vector, model, over)
        row.importance = max(row.importance, least)
        row.expires_at = row.expires_at or end
        session.flush()
        written.append(row)
    return [row.id for row in written]


def sweep(session: Session, space_id: int) -> list[Gone]:
    """Remove what has expired, and return it."""
    return memory_records.remove(session, memory_records.expired(session, space_id, time.time()))


def shrink(session: Session, space_id: int, policy: SpacePolicy, spared: Sequence[str] = ()) -> list[Gone]:
    """Remove what is over the space's limit, never the ``spared``, and return it."""
    if policy.max_records is None:
        return []
    return memory_records.remove(session, memory_records.surplus(session, space_id, policy.max_records, spared))


def _near_twin(
    session: Session, space_id: int, policy: SpacePolicy, draft: Draft, vector: bytes, rows: Sequence[tables.Memory]
) -> tables.Memory | None:
    """The record that says the same by the policy, near enough and of the same sort; None where none does.

    Of the same trust and owner too: what came from outside never takes the place of what was approved.
    """
    if policy.near_duplicate is None:
        return None
    if memory_records.twin(session, space_id, memory_records.content_hash(draft.text, draft.kind, draft.owner)):
        return None  # the equal text is the one to update
    sort = (draft.kind, draft.layer, draft.trusted, draft.owner)
    alike = [row for row in rows if (row.kind, row.layer, row.trusted, row.owner) == sort]
    close = memory_scoring.cosines(memory_scoring.unpacked(vector), [row.vector for row in alike])
    best = max(range(len(alike)), key=lambda at: close[at], default=None)
    # Vectors are float32: equal ones may come out a little under 1.
    return alike[best] if best is not None and close[best] >= policy.near_duplicate - 1e-6 else None


def _rows(session: Session, ids: Sequence[str]) -> list[tables.Memory]:
    return list(session.exec(select(tables.Memory).where(col(tables.Memory.id).in_(ids)))) if ids else []
