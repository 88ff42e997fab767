"""Who may reach the owner of a memory's index, and what is said where nobody can."""

import json
import os
import shutil
import signal
import stat
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from pathlib import Path

import pytest

from store.database import Database
from store.errors import StoreError
from store.home import Home
from store.memories import Memories
from tests.store.fakes import embed
from tests.store.other_process import Other, assert_whole, texts


def test_only_the_key_lets_in(home: Home, memories: Memories, other: Other) -> None:
    """The file with the key is its user's alone; a wrong key is refused, and the owner goes on."""
    memories.add("s", "red apple")
    card = home.memory / "index.json"
    assert stat.S_IMODE(card.stat().st_mode) == 0o600
    content = json.loads(card.read_text())
    address = str(home.memory / content["address"])
    with pytest.raises(AuthenticationError, match="digest"):
        Client(address, authkey=b"x" * 32)
    with Client(address) as silent:
        silent.send(("drop", 1))  # without a key nothing is read as a call
        assert other.found("apple") == ["red apple"]
    with pytest.raises(AuthenticationError, match="digest"):
        Client(address, authkey=bytes.fromhex(content["key"])[:-1])
    assert texts(memories, "apple") == ["red apple"]


STALE = [
    "",
    '{"address": "index.so',
    '{"address": 5, "key": "00", "pid": 1}',
    '{"address": "gone.sock", "key": "00ff", "pid": 1}',
    "[]",
]


@pytest.mark.parametrize("content", STALE)
def test_a_stale_address_is_no_error(home: Home, memories: Memories, other: Other, content: str) -> None:
    """Half a file, or one that names a dead owner, is written over by who takes the folder; others wait for it."""
    home.memory.mkdir(parents=True, exist_ok=True)
    (home.memory / "index.json").write_text(content)
    (home.memory / "index.sock").write_text("a dead owner's")
    memories.add("s", "red apple")
    assert other.found("apple") == ["red apple"]


def test_a_folder_held_by_who_cannot_be_reached_is_told(
    home: Home, memories: Memories, other: Other, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the lock is held and nobody answers, the error says which process to end; then all goes on."""
    monkeypatch.setattr("store.memory_shared._PATIENCE", 0.2)
    other.ask("__import__('pathlib').Path(sys.argv[2]).mkdir(exist_ok=True)")
    holds = "globals().setdefault('lock', __import__('store.file_lock').file_lock.FileLock("
    assert other.ask(holds + "Path(sys.argv[2]) / 'nodeloom.lock')).acquire()")
    with pytest.raises(StoreError, match=rf"pid {other.process.pid}, which cannot be reached.*End that process"):
        memories.add("s", "red apple")
    assert [record.text for record in memories.records("s")] == ["red apple"]  # SQL has it
    other.kill()
    assert texts(memories, "apple") == ["red apple"]
    assert_whole(home, memories)


def test_a_suspended_owner_is_told(
    home: Home, memories: Memories, other: Other, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An owner that is stopped, as with Ctrl-Z, leads to an error that names it; once it goes on, all is well."""
    monkeypatch.setattr("store.memory_shared._ANSWER", 0.3)
    monkeypatch.setattr("store.wire._SHAKE", 0.3)
    other.ask("memories.add('s', 'red apple')")
    assert texts(memories, "apple") == ["red apple"]
    os.kill(other.process.pid, signal.SIGSTOP)
    try:
        with pytest.raises(StoreError, match=f"Process {other.process.pid} holds the memory open.*suspended"):
            memories.search("s", "apple")
    finally:
        os.kill(other.process.pid, signal.SIGCONT)
    assert texts(memories, "apple") == ["red apple"]


def test_a_folder_with_a_long_name_is_shared_too(tmp_path: Path) -> None:
    """Where a socket's path would be too long for the system, another place is found."""
    home = Home(tmp_path / ("long" * 30) / "home").create()
    database = Database(home.database)
    memories, other = Memories(database, home.memory, embed, embedding_model="words"), Other(home)
    memories.add("s", "red apple")
    assert other.found("apple") == ["red apple"]
    place = Path(json.loads((home.memory / "index.json").read_text())["address"]).parent
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    other.end()
    memories.close()
    assert not place.exists()
    database.close()


def test_the_folder_may_be_removed_between_two_owners(home: Home, memories: Memories, other: Other) -> None:
    """With the owner gone and the folder deleted, the others make it again from SQL."""
    other.ask("memories.add_all('s', [Draft('red apple'), Draft('green pear')])")
    assert texts(memories, "apple") == ["red apple"]
    other.end()
    shutil.rmtree(home.memory)
    assert sorted(texts(memories, "apple pear", 5)) == ["green pear", "red apple"]
    assert_whole(home, memories)
