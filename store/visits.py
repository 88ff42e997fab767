"""The visits of a run's trace and their tool calls, whole: what a fork keeps is taken from here."""

from typing import Any, Final

from sqlmodel import col, select

from store import artifacts
from store.database import Database
from store.tables import Span

Json = dict[str, Any]
_OPERATIONS: Final = ("invoke_node", "invoke_workflow", "execute_tool")
_COLUMNS: Final = (
    "id", "parent_id", "operation", "name", "node_id", "kind", "visit", "item", "status", "started_at", "ended_at",
    "input", "output", "outcome", "error", "attributes",
)  # fmt: skip
_LONG: Final = ("input", "output", "attributes")


class Visits:
    """The node visits of a database's runs, the workflows they stand in, the tools they call."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, run_id: str) -> list[Json]:
        """The spans of node visits, workflows and tool calls of a run, values whole, in the order they began."""
        query = select(*(getattr(Span, name) for name in _COLUMNS))  # pyright: ignore[reportCallIssue]
        query = query.where(col(Span.run_id) == run_id, col(Span.operation).in_(_OPERATIONS))
        with self._database.session() as session:
            rows = session.exec(query.order_by(col(Span.started_at), col(Span.id))).all()
        return [self._whole(dict(zip(_COLUMNS, row, strict=True))) for row in rows]

    def _whole(self, row: Json) -> Json:
        return row | {name: artifacts.whole(self._database, row[name]) for name in _LONG}
