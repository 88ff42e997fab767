"""The database: one SQLite file, opened with the right pragmas, at the newest schema.

WAL with ``synchronous=NORMAL``: what was committed survives the death of the process (only a crash
of the operating system may lose the last commits, and never corrupts the file).
"""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from store.disk_errors import store_error
from store.errors import StoreError
from store.json_text import as_json
from store.processes import Processes
from store.wal_checkpoints import FALLBACK_PAGES, WalCheckpoints

_BUSY_SECONDS: Final = 10.0  # longer than any transaction of ours; then the other process hangs
MIGRATIONS: Final = Path(__file__).parent / "migrations"


class Database:
    """The store's file at ``path``; thread-safe. Opening makes the file and brings it up to date.

    Raises StoreError where the file cannot be opened or written, is no database, or was written by a
    newer Nodeloom.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self.engine = _engine(self.path)
        self._writer = self.engine.execution_options(nodeloom_writes=True)
        self.processes = Processes(self.path.parent / "processes")
        self._checkpoints = WalCheckpoints(self.path)
        self._bring_up_to_date()

    @contextmanager
    def session(self) -> Generator[Session, None, None]:
        """A session for reading: one consistent view of the file."""
        with self._translated(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def transaction(self) -> Generator[Session, None, None]:
        """A session for writing: committed at the end of the block, rolled back by an exception."""
        with self._translated(), Session(self._writer, expire_on_commit=False) as session:
            yield session
            session.commit()
            self._checkpoints.written()

    @contextmanager
    def connection(self) -> Generator[Connection, None, None]:
        """A bare connection in a writing transaction, for bulk work without objects."""
        with self._translated(), self._writer.begin() as connection:
            yield connection
        self._checkpoints.written()

    def close(self) -> None:
        """Close the connections; the database may not be used afterwards."""
        self._checkpoints.close()
        self.engine.dispose()
        self.processes.close()

    @contextmanager
    def _translated(self) -> Generator[None, None, None]:
        try:
            yield
        except DBAPIError as error:
            raise store_error(error, self.path) from error

    def _bring_up_to_date(self) -> None:
        known = versions()
        with self._translated(), self.engine.connect() as connection:
            current = _version(connection)
        if current == known[-1]:
            return
        if current is not None and current not in known:
            raise StoreError(
                f"The database was written by a newer Nodeloom: its schema is {current!r}, not {known[-1]!r}",
                str(self.path),
                "Install the newer version again, or set NODELOOM_HOME to another folder.",
            )
        from store.migrations import migrate  # Alembic takes 150 ms to import and is rarely needed

        with self._translated(), self._writer.begin() as connection:
            if _version(connection) != known[-1]:  # another may have done it while this one waited
                migrate.upgrade(connection)


def versions() -> list[str]:
    """The schema versions this program knows, oldest first: the numbers of the migration files."""
    return sorted(file.name[:4] for file in (MIGRATIONS / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))


def _version(connection: Connection) -> str | None:
    """The schema version of the file; None for a new one."""
    has_table = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
    if connection.exec_driver_sql(has_table).first() is None:
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return None if row is None else str(row[0])


def _engine(path: Path) -> Engine:
    # isolation_level None: the driver starts no transaction by itself, so that we choose which kind.
    arguments: dict[str, Any] = {"isolation_level": None, "timeout": _BUSY_SECONDS}
    engine = create_engine(f"sqlite:///{path}", connect_args=arguments, json_serializer=as_json)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA wal_autocheckpoint={FALLBACK_PAGES}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A reader that turns writer cannot wait for another writer; a writer from the start can.
        writes = connection.get_execution_options().get("nodeloom_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    _ = prepare, begin
    return engine
