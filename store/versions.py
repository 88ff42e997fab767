"""Versions of workflows: every save is one. Some are kept whole, the batches between lead from one to the next."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session, col, select

from store.database import Database
from store.errors import NotFound, workflow_not_found
from store.tables import VersionMark, Workflow, WorkflowBatch, WorkflowSnapshot

EVERY: Final = 50
"""Saves between two that are kept whole."""
Json = dict[str, Any]


@dataclass(frozen=True)
class Version:
    """One save. Times are seconds since the epoch."""

    revision: int
    saved_at: float
    label: str
    """What the edit was called; '' for none."""
    client: str
    """Who edited: an id for each tab; '' for the program itself."""
    edits: int
    """Operations in it; 0 where the document was replaced whole."""
    name: str = ""
    note: str = ""
    published: bool = False


@dataclass(frozen=True)
class Kept:
    """A version kept whole, and the operations that lead from it to the one asked for."""

    revision: int
    document: Json
    ops: list[Json]


@dataclass(frozen=True)
class Saved:
    """One save: the document, where it was kept whole, and the operations that led to it from the one before."""

    revision: int
    document: Json | None
    ops: list[Json]


def keep(session: Session, id: str, revision: int, before: int, document: Json, *, whole: bool) -> None:
    """Keep a saved document whole where ``whole`` says so, or ``EVERY`` saves were made since ``before``."""
    if whole or revision // EVERY > before // EVERY:
        row = WorkflowSnapshot(workflow_id=id, revision=revision, document=document, taken_at=time.time())
        session.merge(row)


class Versions:
    """The versions in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, id: str, *, before: int | None = None, limit: int = 100) -> Sequence[Version]:
        """The last versions, or those before a revision, newest first. Raises NotFound."""
        with self._database.session() as session:
            found = _workflow(session, id)
            log = WorkflowBatch
            query = select(log).where(col(log.workflow_id) == id).order_by(col(log.revision).desc()).limit(limit)
            if before is not None:
                query = query.where(col(log.revision) < before)
            batches = session.exec(query).all()
            marks = {mark.revision: mark for mark in session.exec(_marks(id))}
            versions = [_version(batch, marks.get(batch.revision)) for batch in batches]
            if len(versions) < limit and (before is None or before > 1):
                first = marks.get(1)
                created = Version(1, found.created_at, "Created", "", 0)
                versions.append(created if first is None else _marked(created, first))
            return versions

    def kept(self, id: str, revision: int) -> Kept:
        """The nearest version kept whole at or before ``revision``, and what came after it. Raises NotFound."""
        with self._database.session() as session:
            present = _workflow(session, id).revision
            snapshot = session.exec(
                select(WorkflowSnapshot)
                .where(col(WorkflowSnapshot.workflow_id) == id, col(WorkflowSnapshot.revision) <= revision)
                .order_by(col(WorkflowSnapshot.revision).desc())
                .limit(1)
            ).first()
            if snapshot is None or not 1 <= revision <= present:
                raise NotFound(
                    f"Version {revision} of the workflow cannot be opened", "workflow version",
                    f"It has versions up to {present}; those from before versions were kept are gone.",
                )  # fmt: skip
            log = WorkflowBatch
            between = select(log.ops).where(
                col(log.workflow_id) == id, col(log.revision) > snapshot.revision, col(log.revision) <= revision
            )
            batches = session.exec(between.order_by(col(log.revision)))
            return Kept(snapshot.revision, snapshot.document, [op for ops in batches for op in ops])

    def history(self, id: str, *, most: int = 500) -> Sequence[Saved]:
        """The last versions, oldest first, beginning with one that is kept whole. Raises NotFound."""
        with self._database.session() as session:
            present = _workflow(session, id).revision
            whole, log = WorkflowSnapshot, WorkflowBatch
            kept = {
                row.revision: row.document
                for row in session.exec(select(whole).where(col(whole.workflow_id) == id))
            }  # fmt: skip
            early = [revision for revision in kept if revision <= max(1, present - most + 1)]
            first = max(early, default=min(kept, default=present + 1))
            query = select(log).where(col(log.workflow_id) == id, col(log.revision) > first)
            later = [
                Saved(batch.revision, kept.get(batch.revision), batch.ops)
                for batch in session.exec(query.order_by(col(log.revision)))
            ]
            return [Saved(first, kept[first], []), *later] if first in kept else []

    def mark(self, id: str, revision: int, *, name: str, note: str) -> None:
        """Call a version something; no name and no note take both away. Raises NotFound."""
        with self._database.transaction() as session:
            row = self._mark(session, id, revision)
            row.name, row.note = name.strip(), note.strip()
            session.add(row)

    def publish(self, id: str, revision: int | None) -> None:
        """Let other workflows run this version; None: whatever is newest. Raises NotFound."""
        with self._database.transaction() as session:
            _workflow(session, id)
            for row in session.exec(_marks(id)):
                row.published = False
                session.add(row)
            if revision is not None:
                row = self._mark(session, id, revision)
                row.published = True
                session.add(row)

    def published(self, id: str) -> int | None:
        """The revision that other workflows run; None for the newest."""
        with self._database.session() as session:
            mark = session.exec(_marks(id).where(col(VersionMark.published))).first()
        return None if mark is None else mark.revision

    def _mark(self, session: Session, id: str, revision: int) -> VersionMark:
        present = _workflow(session, id).revision
        if not 1 <= revision <= present:
            raise NotFound(f"The workflow has no version {revision}", "workflow version", f"It has 1 to {present}.")
        found = session.get(VersionMark, (id, revision))
        return found or VersionMark(
            workflow_id=id, revision=revision, name="", note="", published=False, marked_at=time.time()
        )


def _marks(id: str) -> Any:
    return select(VersionMark).where(col(VersionMark.workflow_id) == id)


def _workflow(session: Session, id: str) -> Workflow:
    row = session.get(Workflow, id)
    if row is None:
        raise workflow_not_found(id)
    return row


def _version(batch: WorkflowBatch, mark: VersionMark | None) -> Version:
    plain = Version(batch.revision, batch.saved_at, batch.label, batch.client, len(batch.ops))
    return plain if mark is None else _marked(plain, mark)


def _marked(version: Version, mark: VersionMark) -> Version:
    return Version(
        version.revision, version.saved_at, version.label, version.client, version.edits, mark.name, mark.note,
        mark.published,
    )  # fmt: skip
