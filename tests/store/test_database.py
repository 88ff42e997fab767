"""Opening the database, its schema, and what a bad disk or file leads to."""

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event
from sqlmodel import SQLModel

from store import tables
from store.database import MIGRATIONS, Database, versions
from store.errors import StoreError
from store.home import Home
from store.settings import Settings
from store.workflows import Workflows
from tests.store.fakes import ROOT

TABLES = tables.Table.__subclasses__()
FULL_TEXT = ("memory_fts", "span_fts")  # FTS5 makes its own tables


def test_migrations_make_exactly_the_tables(database: Database) -> None:
    """The schema the migrations make is the one the tables declare."""
    options: dict[str, Any] = {"include_name": lambda name, kind, _parents: not str(name).startswith(FULL_TEXT)}
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, SQLModel.metadata) == []


def test_newest_version_is_the_head_of_the_migrations() -> None:
    """The file names give the same newest version as Alembic's own reading of the files."""
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == versions()[-1]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_every_column_is_documented(table: type[tables.Table]) -> None:
    """Each column has a description, and each that can be NULL says what NULL means."""
    for name, field in table.model_fields.items():
        assert field.description, f"{table.__name__}.{name}"
        column = SQLModel.metadata.tables[str(table.__tablename__)].columns[name]
        optional = column.nullable or field.default is None
        assert not optional or "NULL" in field.description, f"{table.__name__}.{name}"


def test_current_database_opens_without_alembic(home: Home, database: Database) -> None:
    """Opening a database that is up to date imports neither Alembic nor Chroma."""
    code = (
        "import sys; from pathlib import Path; from store.database import Database; import store.memories\n"
        "Database(Path(sys.argv[1])); print([name for name in ('alembic', 'chromadb', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, home.database], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_pragmas_are_set_on_every_connection(database: Database) -> None:
    """WAL, NORMAL, foreign keys and a busy timeout hold on each connection."""
    with database.session() as session:
        found = [
            session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert found == ["wal", 1, 1, 10_000]


def test_many_threads_open_a_new_database_at_once(home: Home) -> None:
    """The migrations run once, whoever comes first."""
    failures: list[Exception] = []

    def open_it() -> None:
        try:
            Database(home.database).close()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_newer_database_is_refused(home: Home, database: Database) -> None:
    """A file of a newer program is named as such and left alone."""
    with sqlite3.connect(home.database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer Nodeloom: its schema is '9999'") as caught:
        Database(home.database)
    assert "Install the newer version" in caught.value.mend


def test_file_that_is_no_database_is_refused(home: Home) -> None:
    """Any other file in its place is named, and not touched."""
    home.database.write_bytes(b"this is not a database, it only has the name" * 100)
    with pytest.raises(StoreError, match="not a Nodeloom database") as caught:
        Database(home.database)
    assert caught.value.where == str(home.database)
    assert home.database.read_bytes().startswith(b"this is not")


def test_damaged_database_is_said(home: Home, database: Database) -> None:
    """A file whose pages were overwritten gives an error that says it is damaged."""
    workflows = Workflows(database)
    for number in range(50):
        workflows.create({"title": f"{number}", "text": "x" * 4_000})
    database.close()
    with sqlite3.connect(home.database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'workflow'").fetchone()[0]
    with home.database.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    with pytest.raises(StoreError, match="damaged"):
        Workflows(Database(home.database)).list()


def test_missing_folder_is_said(tmp_path: Path) -> None:
    """A folder that is not there cannot hold a database, and the error says so."""
    with pytest.raises(StoreError, match="cannot be opened"):
        Database(tmp_path / "nowhere" / "nodeloom.db")


def test_full_disk_is_said_and_loses_nothing(home: Home, database: Database) -> None:
    """When no page can be added the save fails with a way out, and what was saved before stays."""
    workflows = Workflows(database)
    kept = workflows.create({"title": "kept"})

    @event.listens_for(database.engine, "connect")
    def fill(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    database.engine.dispose()
    with pytest.raises(StoreError, match="disk is full") as caught:
        for _ in range(50):
            workflows.create({"title": "too much", "text": "x" * 100_000})
    assert "Free some space" in caught.value.mend
    assert workflows.get(kept.id).document == {"title": "kept"}
    event.remove(database.engine, "connect", fill)
    database.engine.dispose()
    assert workflows.create({"title": "again"}).revision == 1


def test_read_only_database_is_said(database: Database) -> None:
    """A database that may not be written gives an error with a way out; reading still works."""

    @event.listens_for(database.engine, "connect")
    def protect(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute("PRAGMA query_only = ON")

    database.engine.dispose()
    with pytest.raises(StoreError, match="cannot be written"):
        Settings(database).set("a", 1)
    assert Settings(database).get("a", "none") == "none"


def test_locked_database_is_said(home: Home, database: Database) -> None:
    """Another process that holds the write lock for too long leads to an error, not a hang."""

    @event.listens_for(database.engine, "connect")
    def hurry(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute("PRAGMA busy_timeout = 50")

    database.engine.dispose()
    other = sqlite3.connect(home.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked by another process"):
        Settings(database).set("a", 1)
    other.execute("ROLLBACK")
    other.close()
    Settings(database).set("a", 1)


def test_failed_transaction_leaves_nothing(database: Database) -> None:
    """An exception inside a transaction takes back all of it."""
    with pytest.raises(RuntimeError, match="stop"), database.transaction() as session:
        session.add(tables.Setting(key="a", value=1, updated_at=0.0))
        session.flush()
        raise RuntimeError("stop")
    assert Settings(database).get("a") is None
