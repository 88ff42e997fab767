"""Workflows and their revisions: optimistic saving, a log of edits, and pinned versions.

A save names the revision it was made on. Where someone saved in between, it raises RevisionConflict
with what came since, so that the client can catch up and save again. A batch carries its client's own
number: saving it twice (a retry after a lost answer) changes nothing.
"""

import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import func
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from store import tables
from store.database import Database
from store.errors import NotFound, RevisionConflict, StoreError, workflow_not_found
from store.versions import keep

Json = dict[str, Any]
Found = TypeVar("Found")


@dataclass(frozen=True)
class Stored:
    """A workflow as saved. Times are seconds since the epoch."""

    id: str
    revision: int
    document: Json
    updated_at: float


@dataclass(frozen=True)
class Batch:
    """Operations applied together. No operations: the document was replaced whole."""

    revision: int
    """The workflow's revision once the batch was applied."""
    client: str
    seq: int
    ops: list[Json]
    label: str = ""


class Workflows:
    """The workflows of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, document: Mapping[str, Any]) -> Stored:
        """Save ``document`` as a new workflow at revision 1."""
        now = time.time()
        row = tables.Workflow(
            id=uuid.uuid4().hex[:12], revision=1, document=dict(document), created_at=now, updated_at=now
        )
        with self._database.transaction() as session:
            session.add(row)
            session.flush()
            keep(session, row.id, 1, 0, row.document, whole=True)
        return _stored(row)

    def get(self, id: str) -> Stored:
        """The workflow ``id`` as it is now. Raises NotFound."""
        with self._database.session() as session:
            return _stored(_row(session, id))

    def revision(self, id: str) -> int:
        """The revision of the workflow as it is now. Raises NotFound."""
        with self._database.session() as session:
            return _revision(session, id)

    def delete(self, id: str) -> None:
        """Remove the workflow and its log; its runs stay. Raises NotFound."""
        with self._database.transaction() as session:
            session.delete(_row(session, id))

    def save(
        self,
        id: str,
        document: Mapping[str, Any],
        *,
        expected_revision: int,
        batches: Sequence[Batch | Mapping[str, Any]],
        label: str = "",
    ) -> Stored:
        """Save ``document``, which ``batches`` made from revision ``expected_revision``; all or nothing.

        ``batches`` are ``Batch`` or mappings with ``client``, ``seq``, ``ops`` and, if named, ``label``;
        each raises the revision by one. None at all: the document is replaced whole, logged as one batch
        without operations that is called ``label``. Where every batch was saved before, nothing is done and the
        workflow as it is now is the answer. Raises RevisionConflict, NotFound.
        """
        offered = [_edit(batch) for batch in batches]
        with self._database.transaction() as session:
            row = _row(session, id, without_document=True)
            fresh = _fresh(session, id, offered)
            if offered and not fresh:
                return _stored(row)
            if expected_revision != row.revision:
                raise _conflict(session, row, expected_revision)
            now, before = time.time(), row.revision
            for edit in fresh or [Batch(0, "", row.revision + 1, [], label)]:
                row.revision += 1
                session.add(_logged(id, row.revision, edit, now))
            row.document, row.updated_at = dict(document), now
            session.add(row)
            replaced = not fresh or not all(edit.ops for edit in fresh)
            keep(session, id, row.revision, before, row.document, whole=replaced)
        return _stored(row)

    def changes(self, id: str, after: int) -> list[Batch]:
        """The batches that came after revision ``after``, oldest first. Raises NotFound."""
        with self._database.session() as session:
            _revision(session, id)
            return _changes(session, id, after)

    def acknowledged(self, id: str, client: str) -> int:
        """The highest number of ``client`` that was saved; 0 for none."""
        with self._database.session() as session:
            return _acknowledged(session, id, client)

    def pin(self, document: Mapping[str, Any], hash: str) -> None:
        """Keep ``document`` for ever under its content hash; a hash already pinned stays as it is."""
        with self._database.transaction() as session:
            if session.get(tables.WorkflowVersion, hash) is None:
                session.add(tables.WorkflowVersion(hash=hash, document=dict(document), pinned_at=time.time()))

    def pinned(self, hash: str) -> Json:
        """The document pinned under ``hash``. Raises NotFound."""
        with self._database.session() as session:
            row = session.get(tables.WorkflowVersion, hash)
        if row is None:
            raise NotFound(f"No workflow version {hash!r} is kept", "workflow_version", "Run the workflow again.")
        return row.document

    def list(self) -> list[Stored]:
        """All workflows, the last saved first."""
        with self._database.session() as session:
            rows = session.exec(select(tables.Workflow).order_by(col(tables.Workflow.updated_at).desc()))
            return [_stored(row) for row in rows]


def _row(session: Session, id: str, *, without_document: bool = False) -> tables.Workflow:
    """The row; its document is read when it is asked for, where it is left out."""
    options = [defer(tables.Workflow.document)] if without_document else []  # pyright: ignore[reportArgumentType]
    return _found(session.get(tables.Workflow, id, options=options), id)


def _revision(session: Session, id: str) -> int:
    workflow = tables.Workflow
    return _found(session.exec(select(workflow.revision).where(col(workflow.id) == id)).first(), id)


def _found(value: Found | None, id: str) -> Found:
    if value is None:
        raise workflow_not_found(id)
    return value


def _stored(row: tables.Workflow) -> Stored:
    return Stored(row.id, row.revision, row.document, row.updated_at)


def _edit(batch: Batch | Mapping[str, Any]) -> Batch:
    """A batch as offered; its revision is given when it is saved."""
    if isinstance(batch, Batch):
        edit = batch
    else:
        edit = Batch(0, batch["client"], batch["seq"], list(batch["ops"]), batch.get("label") or "")
    if not edit.client or edit.seq < 1:
        raise StoreError(
            f"A batch needs a client and a number from 1, not {edit.client!r} and {edit.seq!r}",
            "workflow_batch",
            "Give each tab an id of its own and number its batches from 1.",
        )
    return edit


def _fresh(session: Session, id: str, offered: Sequence[Batch]) -> list[Batch]:
    """The batches not saved before, each once."""
    saved = {client: _acknowledged(session, id, client) for client in {edit.client for edit in offered}}
    fresh: list[Batch] = []
    for edit in offered:
        if edit.seq > saved[edit.client]:
            saved[edit.client] = edit.seq
            fresh.append(edit)
    return fresh


def _logged(id: str, revision: int, edit: Batch, now: float) -> tables.WorkflowBatch:
    return tables.WorkflowBatch(
        workflow_id=id,
        revision=revision,
        client=edit.client,
        seq=edit.seq,
        ops=edit.ops,
        label=edit.label,
        saved_at=now,
    )


def _acknowledged(session: Session, id: str, client: str) -> int:
    log = tables.WorkflowBatch
    query = select(func.max(log.seq)).where(col(log.workflow_id) == id, col(log.client) == client)
    return session.exec(query).one() or 0


def _changes(session: Session, id: str, after: int) -> list[Batch]:
    log = tables.WorkflowBatch
    query = select(log).where(col(log.workflow_id) == id, col(log.revision) > after).order_by(col(log.revision))
    return [Batch(row.revision, row.client, row.seq, row.ops, row.label) for row in session.exec(query)]


def _conflict(session: Session, row: tables.Workflow, expected: int) -> RevisionConflict:
    return RevisionConflict(
        f"The workflow is at revision {row.revision}, not {expected}: it was changed elsewhere",
        f"workflow {row.id}",
        current=_stored(row),
        batches=_changes(session, row.id, expected),
    )
