"""The log is copied back into the file by a thread, not by whoever writes."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from store import wal_checkpoints
from store.database import Database
from store.settings import Settings


def _until(holds: Callable[[], bool]) -> bool:
    """Whether it held within 5 s."""
    ends = time.monotonic() + 5
    while time.monotonic() < ends:
        if holds():
            return True
        time.sleep(0.02)
    return False


def _in_file(path: Path, copy: Path) -> list[str]:
    """The settings in the file without its log."""
    copy.write_bytes(path.read_bytes())
    with sqlite3.connect(copy) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'setting'").fetchone() is None:
            return []  # not even the tables are there yet
        return [row[0] for row in connection.execute("SELECT key FROM setting")]


def test_what_was_written_reaches_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When writing pauses the file holds it without the log, also after the second time."""
    monkeypatch.setattr(wal_checkpoints, "PAUSE", 0.05)
    database = Database(tmp_path / "nodeloom.db")
    for name in ("first", "second"):
        Settings(database).set(name, 1)
        assert _until(lambda name=name: name in _in_file(database.path, tmp_path / "copy.db"))
    database.close()


def test_a_long_log_is_not_copied_back_by_who_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing far more than SQLite's own 1,000 pages leaves the file as it was until the thread comes."""
    monkeypatch.setattr(wal_checkpoints, "PAUSE", 60.0)
    database = Database(tmp_path / "nodeloom.db")
    size = database.path.stat().st_size
    Settings(database).set("long", "x" * 8_000_000)
    assert database.path.stat().st_size == size
    database.close()
    assert database.path.stat().st_size > 8_000_000


def test_reading_begins_no_thread(tmp_path: Path) -> None:
    """A process that only reads, such as a terminal command, has no thread of it."""
    Database(tmp_path / "nodeloom.db").close()
    database = Database(tmp_path / "nodeloom.db")
    Settings(database).get("any", None)
    assert vars(database)["_checkpoints"]._thread is None
    database.close()


def test_one_who_writes_on_and_on_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writes without a pause reach the file too, after the longest time."""
    monkeypatch.setattr(wal_checkpoints, "PAUSE", 0.2)
    monkeypatch.setattr(wal_checkpoints, "LONGEST", 0.5)
    database = Database(tmp_path / "nodeloom.db")
    settings = Settings(database)

    def written_on() -> bool:
        settings.set("counted", time.monotonic())
        return "counted" in _in_file(database.path, tmp_path / "copy.db")

    assert _until(written_on)
    database.close()
