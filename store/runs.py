"""Runs: one row each, written by the process that works on it."""

import shutil
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Text, cast
from sqlmodel import Session, col, or_, select

from store import artifacts, tables
from store.database import Database
from store.errors import NotFound, StoreError

Json = dict[str, Any]
STATUSES: Final = ("queued", "running", "waiting", "done", "failed", "stopped", "limit", "lost")
_WORKED_ON: Final = ("queued", "running")
_UNFINISHED: Final = (*_WORKED_ON, "waiting")


@dataclass(frozen=True)
class RunRow:
    """A run. Times are seconds since the epoch; the columns' meanings are in ``store.tables.Run``."""

    id: str
    number: str
    """r-0042"""
    workflow_id: str | None
    title: str
    version_hash: str
    revision: int | None
    status: str
    inputs: Json
    outputs: Json | None = None
    error: Json | None = None
    model: str | None = None
    started_at: float | None = None
    ended_at: float | None = None
    seconds: float = 0.0
    steps: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float | None = 0.0
    limits: Json = field(default_factory=dict[str, Any])
    forms: list[Json] = field(default_factory=list[Json])
    created_at: float = 0.0
    parent_id: str | None = None
    forked_at: str | None = None
    changes: Json = field(default_factory=dict[str, Any])
    label: str = ""
    kept: int = 0
    debugging: Json | None = None
    interruptions: list[Json] = field(default_factory=list[Json])
    process: str | None = None
    """The mark of the process that works on it (``store.processes``)."""


_FIXED: Final = {"id", "number", "created_at", "process"}
_CHANGEABLE: Final = set(RunRow.__dataclass_fields__) - _FIXED


class Runs:
    """The runs of a database, and the long values they made."""

    def __init__(self, database: Database, folder_of: Callable[[str], Path] | None = None) -> None:
        """``folder_of``: id of a run -> the folder of its own files, which goes with it."""
        self._database = database
        self._folder_of = folder_of

    def create(
        self,
        *,
        title: str,
        version_hash: str,
        inputs: Mapping[str, Any],
        workflow_id: str | None = None,
        revision: int | None = None,
        **more: Any,
    ) -> RunRow:
        """Begin a run, queued; ``more`` are further fields of ``RunRow``, such as model and limits."""
        given = _checked(more)
        row = tables.Run(
            id=uuid.uuid4().hex,
            title=title,
            version_hash=version_hash,
            inputs=dict(inputs),
            workflow_id=workflow_id,
            revision=revision,
            process=self._database.processes.own(),
            created_at=time.time(),
            **{**_blank(), **given},
        )
        with self._database.transaction() as session:
            session.add(row)
            session.flush()
        return _run(row)

    def get(self, id: str) -> RunRow:
        """The run of that id or number (r-0042). Raises NotFound."""
        with self._database.session() as session:
            return _run(_row(session, id))

    def update(self, id: str, **fields: Any) -> RunRow:
        """Set fields of ``RunRow``; who sets a status to queued or running becomes its process."""
        given = _checked(fields)
        if "status" in given:
            given["process"] = self._database.processes.own() if given["status"] in _WORKED_ON else None
        with self._database.transaction() as session:
            row = _row(session, id)
            for name, value in given.items():
                setattr(row, name, value)
            session.add(row)
        return _run(row)

    def claim(self, id: str) -> RunRow | None:
        """Make a run that is queued, or whose process died, this process's, and running; None where it is neither.

        One process alone gets it. A death is noted as an interruption. Raises NotFound.
        """
        with self._database.transaction() as session:
            row = _row(session, id)
            died = row.status == "lost" or (row.status == "running" and not self._lives(row.process))
            if row.status != "queued" and not died:
                return None
            if died:
                now = time.time()
                cut = {"status": "lost", "at": row.ended_at or now, "resumed_at": now}
                row.interruptions = [*row.interruptions, cut]
            row.status, row.process, row.ended_at, row.error = "running", self._database.processes.own(), None, None
            session.add(row)
        return _run(row)

    def hand_over(self, id: str) -> None:
        """A queued run is in a queue that outlives this process: whoever claims it next has it."""
        with self._database.connection() as connection:
            connection.exec_driver_sql("UPDATE run SET process = NULL WHERE id = ? AND status = 'queued'", (id,))

    def _lives(self, process: str | None) -> bool:
        return process is not None and self._database.processes.alive(process)

    def delete(self, id: str) -> None:
        """Remove the run, its spans and its folder. Raises NotFound."""
        with self._database.transaction() as session:
            row = _row(session, id)
            session.connection().exec_driver_sql("DELETE FROM span WHERE run_id = ?", (row.id,))
            session.delete(row)
            found = row.id
        if self._folder_of is not None:
            shutil.rmtree(self._folder_of(found), ignore_errors=True)

    def unfinished(self) -> list[RunRow]:
        """The runs that are queued, running or waiting for a person, oldest first."""
        query = select(tables.Run).where(col(tables.Run.status).in_(_UNFINISHED)).order_by(col(tables.Run.ordinal))
        with self._database.session() as session:
            return [_run(row) for row in session.exec(query)]

    def recover(self) -> list[RunRow]:
        """Mark what dead processes left behind as lost: runs, and the open spans of all runs not worked on.

        Queued runs that were handed over are not lost: they are in a queue.

        Called once at start-up. Returns the runs marked now; they can be resumed.
        """
        with self._database.transaction() as session:
            worked_on = session.exec(select(tables.Run).where(col(tables.Run.status).in_(_WORKED_ON))).all()
            handed_over = [row for row in worked_on if row.status == "queued" and row.process is None]
            dead = [row for row in worked_on if row not in handed_over and not self._lives(row.process)]
            for row in dead:
                row.status, row.process, row.ended_at = "lost", None, time.time()
                session.add(row)
            session.flush()
            session.connection().exec_driver_sql(_LOSE_SPANS, (time.time(),))
        return [_run(row) for row in dead]

    def lineage(self, id: str) -> list[RunRow]:
        """The run, those it goes back to and all that go back to the same, oldest first. Raises NotFound."""
        with self._database.session() as session:
            found = _row(session, id).id
            related = session.connection().exec_driver_sql(_RELATED, (found,)).scalars().all()
            query = select(tables.Run).where(col(tables.Run.id).in_(related)).order_by(col(tables.Run.ordinal))
            return [_run(row) for row in session.exec(query)]

    def put_artifact(self, data: bytes) -> str:
        """Keep ``data``; returns its SHA-256 (64 hex digits)."""
        with self._database.connection() as connection:
            return artifacts.keep(connection, data)

    def artifact(self, sha: str) -> bytes:
        """The bytes kept under ``sha``. Raises NotFound."""
        return artifacts.read(self._database, sha)

    def list(
        self,
        *,
        workflow: str | None = None,
        status: str | None = None,
        q: str = "",
        limit: int = 50,
        before: str | None = None,
    ) -> list[RunRow]:
        """The newest runs first: of a workflow, in a status, with ``q`` in title, number, inputs or outputs.

        ``before``: the id or number of the last run of the page before.
        """
        run = tables.Run
        query = select(run).order_by(col(run.ordinal).desc()).limit(limit)
        if workflow is not None:
            query = query.where(col(run.workflow_id) == workflow)
        if status is not None:
            query = query.where(col(run.status) == status)
        if q.strip():
            query = query.where(_mentions(q.strip()))
        with self._database.session() as session:
            if before is not None:
                query = query.where(col(run.ordinal) < _row(session, before).ordinal)
            return [_run(row) for row in session.exec(query)]


_RELATED: Final = """
    WITH RECURSIVE above(id, parent_id) AS (
        SELECT id, parent_id FROM run WHERE id = ?
        UNION SELECT run.id, run.parent_id FROM run JOIN above ON run.id = above.parent_id
    ), tree(id) AS (
        SELECT id FROM above UNION SELECT run.id FROM run JOIN tree ON run.parent_id = tree.id
    )
    SELECT id FROM tree
"""
_LOSE_SPANS: Final = """
    UPDATE span SET status = 'lost', ended_at = ?
    WHERE status = 'running' AND run_id NOT IN (SELECT id FROM run WHERE status IN ('queued', 'running', 'waiting'))
"""


def _blank() -> Json:
    return {
        "status": "queued", "seconds": 0.0, "steps": 0, "input_tokens": 0, "output_tokens": 0,
        "usd": 0.0, "limits": {}, "forms": [], "changes": {}, "label": "", "kept": 0, "interruptions": [],
    }  # fmt: skip


def _checked(fields: Json) -> Json:
    unknown = sorted(set(fields) - _CHANGEABLE)
    if unknown:
        raise StoreError(f"A run has no field {unknown[0]!r}", "run", f"Fields: {', '.join(sorted(_CHANGEABLE))}.")
    if fields.get("status", "queued") not in STATUSES:
        raise StoreError(f"A run has no status {fields['status']!r}", "run", f"One of: {', '.join(STATUSES)}.")
    return fields


def _row(session: Session, id: str) -> tables.Run:
    row = session.exec(
        select(tables.Run).where(or_(col(tables.Run.id) == id, col(tables.Run.ordinal) == _ordinal(id)))
    ).first()
    if row is None:
        raise NotFound(f"There is no run {id!r}", "run", "Pick one from the list of runs.")
    return row


def _ordinal(number: str) -> int:
    """42 of r-0042; 0, which no run has, for anything else."""
    digits = number.removeprefix("r-")
    return int(digits) if number.startswith("r-") and digits.isdecimal() and len(digits) < 18 else 0


def _mentions(q: str) -> Any:
    pattern = "%" + q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    run = tables.Run
    texts = [col(run.title), cast(run.inputs, Text), cast(run.outputs, Text)]
    return or_(col(run.ordinal) == _ordinal(q), *(text.like(pattern, escape="\\") for text in texts))


def _run(row: tables.Run) -> RunRow:
    values = {name: getattr(row, name) for name in RunRow.__dataclass_fields__ if name != "number"}
    return RunRow(number=f"r-{row.ordinal:04d}", **values)
