"""What was refused to a workflow when it was taken in; it can be granted later."""

import time
from collections.abc import Iterable

from sqlmodel import col, delete, select

from store.database import Database
from store.tables import Refusal


class Refusals:
    """The refusals of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, workflow_id: str | None) -> frozenset[str]:
        """The keys of what the workflow may not do; none for a file that is not saved."""
        if workflow_id is None:
            return frozenset()
        with self._database.session() as session:
            query = select(Refusal.permission).where(col(Refusal.workflow_id) == workflow_id)
            return frozenset(session.exec(query))

    def set(self, workflow_id: str, permissions: Iterable[str]) -> None:
        """Refuse exactly these."""
        now = time.time()
        with self._database.transaction() as session:
            session.exec(delete(Refusal).where(col(Refusal.workflow_id) == workflow_id))
            session.add_all(
                Refusal(workflow_id=workflow_id, permission=key, refused_at=now) for key in sorted(set(permissions))
            )
