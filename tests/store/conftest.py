"""A home of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.database import Database
from store.home import Home
from store.memories import Memories
from tests.store.fakes import embed
from tests.store.other_process import Other


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home folder."""
    return Home(tmp_path / "home").create()


@pytest.fixture
def database(home: Home) -> Iterator[Database]:
    """A new database."""
    opened = Database(home.database)
    yield opened
    opened.close()


@pytest.fixture
def memories(database: Database, home: Home) -> Iterator[Memories]:
    """Memories with a small embedding of words."""
    opened = Memories(database, home.memory, embed, embedding_model="words")
    yield opened
    opened.close()


@pytest.fixture
def other(home: Home) -> Iterator[Other]:
    """A second process; it opens nothing until asked."""
    started = Other(home)
    yield started
    started.end()
