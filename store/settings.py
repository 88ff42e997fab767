"""Settings of the workspace: JSON values by dotted name."""

import time
from typing import Any

from store.database import Database
from store.tables import Setting


class Settings:
    """The settings of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str, default: Any = None) -> Any:
        """The value of ``key``; ``default`` where it was never set."""
        with self._database.session() as session:
            row = session.get(Setting, key)
        return default if row is None else row.value

    def set(self, key: str, value: Any) -> None:
        """Keep a JSON value under ``key``."""
        with self._database.transaction() as session:
            session.merge(Setting(key=key, value=value, updated_at=time.time()))

    def delete(self, key: str) -> None:
        """Forget ``key``; nothing happens where it was never set."""
        with self._database.transaction() as session:
            row = session.get(Setting, key)
            if row is not None:
                session.delete(row)
