"""Reading the trace of a run."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from sqlmodel import col, select

from store import artifacts
from store.database import Database
from store.errors import NotFound
from store.json_text import as_json
from store.span_writer import SpanWriter
from store.tables import Span

__all__ = ["SpanRow", "SpanWriter", "Spans"]

Json = dict[str, Any]


@dataclass(frozen=True)
class SpanRow:
    """A span. Times are seconds since the epoch; the columns' meanings are in ``store.tables.Span``."""

    seq: int
    """Order of arrival: the ``after`` of the next page."""
    id: str
    run_id: str
    parent_id: str | None
    operation: str
    name: str
    node_id: str | None
    kind: str | None
    visit: int | None
    item: int | None
    attempt: int | None
    step: int | None
    status: str
    started_at: float
    ended_at: float | None
    input: Any
    output: Any
    outcome: str | None
    error: Json | None
    provider: str | None
    request_model: str | None
    response_model: str | None
    input_tokens: int | None
    output_tokens: int | None
    usd: float | None
    finish_reason: str | None
    attributes: Json | None


_NAMES: Final = tuple(field.name for field in fields(SpanRow))
_NOTE: Final = "UPDATE span SET attributes = json_set(coalesce(attributes, '{}'), ?, json(?)) WHERE id = ?"


class Spans:
    """The spans of a database. Long values come as their stand-in in lists, whole from ``get``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, id: str) -> SpanRow:
        """The span, its long values whole. Raises NotFound."""
        with self._database.session() as session:
            row = session.exec(select(Span).where(col(Span.id) == id)).first()
        if row is None:
            raise NotFound(f"There is no span {id!r}", "span", "Pick one from the trace of its run.")
        return replace(
            _span(row),
            input=artifacts.whole(self._database, row.input),
            output=artifacts.whole(self._database, row.output),
            attributes=artifacts.whole(self._database, row.attributes),
        )

    def note(self, id: str, name: str, value: Any) -> None:
        """Set one of the attributes of a span that has ended; the others stay. Nothing happens where it is gone."""
        with self._database.connection() as connection:
            connection.exec_driver_sql(_NOTE, (f'$."{name}"', as_json(value), id))

    def children(self, id: str) -> list[SpanRow]:
        """The spans right below span ``id``, in order of arrival."""
        with self._database.session() as session:
            rows = session.exec(select(Span).where(col(Span.parent_id) == id).order_by(col(Span.seq)))
            return [_span(row) for row in rows]

    def list(self, run_id: str, after: int = 0, limit: int = 500) -> list[SpanRow]:
        """The spans of a run in order of arrival, those with ``seq`` above ``after``."""
        query = select(Span).where(col(Span.run_id) == run_id, col(Span.seq) > after)
        with self._database.session() as session:
            return [_span(row) for row in session.exec(query.order_by(col(Span.seq)).limit(limit))]

    def some(self, seqs: Sequence[int]) -> "list[SpanRow]":
        """The spans by their numbers, in the order asked for; those removed meanwhile are left out."""
        with self._database.session() as session:
            rows = {row.seq: row for row in session.exec(select(Span).where(col(Span.seq).in_(seqs)))}
        return [_span(rows[seq]) for seq in seqs if seq in rows]


def _span(row: Span) -> SpanRow:
    return SpanRow(**{name: getattr(row, name) for name in _NAMES})
