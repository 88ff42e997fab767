"""Questions to people: what runs wait for, until when, and what was answered by whom.

An answer is written here before its run goes on with it. Of several who answer at the same time the first wins.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from sqlalchemy import ColumnElement, func, update
from sqlmodel import Session, col, select

from store import tables
from store.database import Database

Json = dict[str, Any]
_ASKING: Final = ("queued", "running", "waiting")
"""Statuses of runs whose questions can be answered."""


@dataclass(frozen=True)
class QuestionRow:
    """A question. The columns' meanings are in ``store.tables.Question``."""

    run_id: str
    interrupt: str
    task: str
    node: str
    label: str
    sort: str
    form: Json
    asked_at: float
    deadline: float | None
    status: str
    answer: Json | None
    answered_at: float | None
    answered_by: str | None
    channel: str | None
    taken: bool
    journal: Json | None


@dataclass(frozen=True)
class Waiting:
    """An open question, with what the inbox says about its run."""

    run_id: str
    number: str
    title: str
    workflow_id: str | None
    interrupt: str
    node: str
    label: str
    sort: str
    form: Json
    asked_at: float
    deadline: float | None


_NAMES: Final = tuple(field.name for field in fields(QuestionRow))
_SHOWN: Final = ("run_id", "interrupt", "node", "label", "sort", "form", "asked_at", "deadline")


class Questions:
    """The questions of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(self, run_id: str, questions: Sequence[Mapping[str, Any]]) -> None:
        """Keep what a run asks: ``{interrupt, node, form}`` and, where known, ``task, label, sort, journal``.

        A question that is open already, or answered and not taken yet, stays as it is; one that was withdrawn, for
        the run had ended, is asked anew. The deadline is the form's.
        """
        with self._database.transaction() as session:
            for given in questions:
                row = _find(session, run_id, given["interrupt"])
                if row is not None and (row.status == "open" or (row.status != "withdrawn" and not row.taken)):
                    row.journal = given.get("journal") or row.journal
                else:
                    row = _asked(row, run_id, given)
                session.add(row)
                if given.get("journal"):
                    _forget_earlier(session, row)

    def of(self, run_id: str) -> list[QuestionRow]:
        """All questions of a run, in the order they were asked."""
        query = select(tables.Question).where(col(tables.Question.run_id) == run_id)
        with self._database.session() as session:
            return [_row(row) for row in session.exec(query.order_by(col(tables.Question.number)))]

    def answer(
        self, run_id: str, interrupt: str, answer: Mapping[str, Any], *, by: str, channel: str, timed_out: bool = False
    ) -> bool:
        """Write down an answer; False where the question is not open (any more)."""
        question = tables.Question
        values = {
            "status": "timed_out" if timed_out else "answered", "answer": dict(answer), "answered_at": time.time(),
            "answered_by": by, "channel": channel,
        }  # fmt: skip
        with self._database.transaction() as session:
            done = session.connection().execute(
                update(question).where(
                    col(question.run_id) == run_id, col(question.interrupt) == interrupt,
                    col(question.status) == "open",
                ).values(**values)
            )  # fmt: skip
        return done.rowcount == 1

    def taken(self, run_id: str, interrupts: Sequence[str]) -> None:
        """The run has gone on with the answers to these."""
        question = tables.Question
        with self._database.connection() as connection:
            connection.execute(
                update(question)
                .where(col(question.run_id) == run_id, col(question.interrupt).in_(interrupts))
                .values(taken=True)
            )

    def withdraw(self, run_id: str, *, forget: bool) -> None:
        """The run has ended: nobody has to answer it. ``forget``: it never goes on, so nothing is kept for that."""
        question = tables.Question
        of_run = col(question.run_id) == run_id
        with self._database.connection() as connection:
            still_open = update(question).where(of_run, col(question.status) == "open")
            connection.execute(still_open.values(status="withdrawn", taken=True))
            if forget:
                connection.execute(update(question).where(of_run).values(taken=True, journal=None))

    def waiting(self, *, workflow: str | None = None, limit: int = 200) -> list[Waiting]:
        """The open questions of all runs, the oldest first."""
        question, run = tables.Question, tables.Run
        query = select(question, run).where(*_open()).order_by(col(question.asked_at)).limit(limit)
        if workflow is not None:
            query = query.where(col(run.workflow_id) == workflow)
        with self._database.session() as session:
            return [_waiting(*found) for found in session.exec(query)]

    def count(self) -> int:
        """How many questions are open."""
        with self._database.session() as session:
            return session.exec(select(func.count()).select_from(tables.Question, tables.Run).where(*_open())).one()

    def due(self, now: float) -> list[tuple[str, str]]:
        """Run and interrupt of the open questions whose time is over."""
        question = tables.Question
        query = select(question.run_id, question.interrupt).where(*_open(), col(question.deadline) <= now)
        with self._database.session() as session:
            return [(run, interrupt) for run, interrupt in session.exec(query)]

    def left_lying(self, before: float) -> list[str]:
        """Runs that wait though they were answered before then: whoever took the answer has died, or left it to us."""
        question, run = tables.Question, tables.Run
        query = select(question.run_id).distinct().where(
            col(run.id) == col(question.run_id), col(run.status) == "waiting",
            col(question.status).in_(("answered", "timed_out")), col(question.taken).is_(False),
            col(question.answered_at) < before,
        )  # fmt: skip
        with self._database.session() as session:
            return list(session.exec(query))


def _open() -> tuple[ColumnElement[bool], ...]:
    question, run = tables.Question, tables.Run
    return (
        col(run.id) == col(question.run_id), col(question.status) == "open", col(run.status).in_(_ASKING),
    )  # fmt: skip


def _find(session: Session, run_id: str, interrupt: str) -> tables.Question | None:
    question = tables.Question
    query = select(question).where(col(question.run_id) == run_id, col(question.interrupt) == interrupt)
    return session.exec(query).first()


def _asked(row: tables.Question | None, run_id: str, given: Mapping[str, Any]) -> tables.Question:
    """The row as it is when the question is asked."""
    form = dict(given["form"])
    values: Json = {
        "task": given.get("task") or "", "node": given["node"], "label": given.get("label") or given["node"],
        "sort": given.get("sort") or "question", "form": form, "asked_at": time.time(),
        "deadline": form.get("deadline"), "status": "open", "answer": None, "answered_at": None,
        "answered_by": None, "channel": None, "taken": False, "journal": given.get("journal"),
    }  # fmt: skip
    if row is None:
        return tables.Question(run_id=run_id, interrupt=given["interrupt"], **values)
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _forget_earlier(session: Session, row: tables.Question) -> None:
    """The journal of a visit's newest question holds those of the ones before."""
    question = tables.Question
    session.connection().execute(
        update(question)
        .where(
            col(question.run_id) == row.run_id, col(question.task) == row.task,
            col(question.interrupt) != row.interrupt,
        )
        .values(journal=None)
    )  # fmt: skip


def _row(row: tables.Question) -> QuestionRow:
    return QuestionRow(**{name: getattr(row, name) for name in _NAMES})


def _waiting(row: tables.Question, run: tables.Run) -> Waiting:
    shown = {name: getattr(row, name) for name in _SHOWN}
    return Waiting(number=f"r-{run.ordinal:04d}", title=run.title, workflow_id=run.workflow_id, **shown)
