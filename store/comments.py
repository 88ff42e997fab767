"""Comments of people on the spans of a run."""

import sqlite3
import time
import uuid
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, select

from store.database import Database
from store.errors import NotFound, StoreError
from store.tables import Comment, Span

LONGEST_TEXT: Final = 10_000  # characters
LONGEST_NAME: Final = 80


@dataclass(frozen=True)
class CommentRow:
    """A comment. Times are seconds since the epoch."""

    id: str
    span: str
    run: str
    author: str
    text: str
    created_at: float
    edited_at: float | None
    """None where it was never edited."""


class Comments:
    """The comments of a database; they go with their span."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, run_id: str, span: str, *, author: str, text: str) -> CommentRow:
        """Comment on a span of the run. Raises NotFound, and StoreError for an empty or too long text or name."""
        author, text = _checked("author", author, LONGEST_NAME), _checked("text", text, LONGEST_TEXT)
        with self._database.transaction() as session:
            query = select(Span.seq).where(col(Span.id) == span, col(Span.run_id) == run_id)
            seq = session.exec(query).first()
            if seq is None:
                raise NotFound(f"The run has no span {span!r}", "span", "Pick one from the trace of the run.")
            row = Comment(
                id=uuid.uuid4().hex, span_seq=seq, run_id=run_id, author=author, text=text,
                created_at=time.time(), edited_at=None,
            )  # fmt: skip
            session.add(row)
        return _comment(row, span)

    def edit(self, id: str, text: str) -> CommentRow:
        """Give a comment another text. Raises NotFound, StoreError."""
        text = _checked("text", text, LONGEST_TEXT)
        with self._database.transaction() as session:
            row = _row(session, id)
            row.text, row.edited_at = text, time.time()
            session.add(row)
            span = session.exec(select(Span.id).where(col(Span.seq) == row.span_seq)).one()
        return _comment(row, span)

    def delete(self, id: str) -> None:
        """Remove a comment. Raises NotFound."""
        with self._database.transaction() as session:
            session.delete(_row(session, id))

    def list(self, run_id: str, span: str | None = None) -> list[CommentRow]:
        """The comments of a run, or of one span of it, oldest first."""
        query = select(Comment, Span.id).join(Span, col(Span.seq) == col(Comment.span_seq))
        query = query.where(col(Comment.run_id) == run_id)
        if span is not None:
            query = query.where(col(Span.id) == span)
        with self._database.session() as session:
            return [_comment(row, id) for row, id in session.exec(query.order_by(col(Comment.created_at)))]


def counts(connection: sqlite3.Connection, run_id: str) -> dict[int, int]:
    """How many comments the spans of a run have, by the span's number in the table; those without are left out."""
    return dict(
        connection.execute("SELECT span_seq, count(*) FROM comment WHERE run_id = ? GROUP BY span_seq", (run_id,))
    )


def _row(session: Session, id: str) -> Comment:
    row = session.get(Comment, id)
    if row is None:
        raise NotFound(f"There is no comment {id!r}", "comment", "It may have been removed; read the run's anew.")
    return row


def _checked(field: str, value: str, longest: int) -> str:
    trimmed = value.strip()
    if not trimmed:
        raise StoreError(f"The {field} of a comment is empty", field, "Write something.")
    if len(trimmed) > longest:
        raise StoreError(
            f"The {field} of a comment has {len(trimmed):,} characters", field, f"Shorten it to {longest:,}."
        )
    return trimmed


def _comment(row: Comment, span: str) -> CommentRow:
    return CommentRow(row.id, span, row.run_id, row.author, row.text, row.created_at, row.edited_at)
