"""Which of several openers has the index, while nobody or somebody else holds the folder."""

import json
import socket
import threading
from pathlib import Path

import pytest

from store.errors import StoreError
from store.file_lock import FileLock
from store.memory_shared import SharedIndex

STALE = [
    "",
    '{"address": "index.so',
    '{"address": 5, "key": "00", "pid": 1}',
    '{"address": "gone.sock", "key": "00ff", "pid": 1}',
    '{"address": "index.sock", "key": "no hex", "pid": 1}',
    "[]",
    "\udcff",
]


@pytest.mark.parametrize("content", STALE)
def test_a_stale_address_is_waited_out(tmp_path: Path, content: str) -> None:
    """With the lock held and a file that leads nowhere, a call goes on as soon as the folder is free."""
    (tmp_path / "index.json").write_text(content, errors="surrogateescape")
    lock, shared = FileLock(tmp_path / "nodeloom.lock"), SharedIndex(tmp_path)
    assert lock.acquire()
    threading.Timer(0.2, lock.release).start()
    assert shared.call("count", 1) == 0
    assert shared.owned is not None
    shared.close()


def test_a_foreign_listener_is_not_taken_for_the_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What greets otherwise, or hangs up, gives no answer: the error names who holds the lock."""
    monkeypatch.setattr("store.memory_shared._PATIENCE", 0.2)
    lock = FileLock(tmp_path / "nodeloom.lock")
    assert lock.acquire()
    (tmp_path / "index.json").write_text(json.dumps({"address": "foreign.sock", "key": "00ff", "pid": 1}))
    with socket.socket(socket.AF_UNIX) as foreign:
        foreign.bind(str(tmp_path / "foreign.sock"))
        foreign.listen()

        def greet() -> None:
            while True:
                try:
                    caller, _ = foreign.accept()
                except OSError:
                    return
                caller.sendall(b"\0\0\0\5hello")
                caller.close()

        threading.Thread(target=greet, daemon=True).start()
        with pytest.raises(StoreError, match=r"which cannot be reached.*End that process"):
            SharedIndex(tmp_path).call("count", 1)
        foreign.shutdown(socket.SHUT_RDWR)
    lock.release()


def test_two_openers_in_one_process_share_too(tmp_path: Path) -> None:
    """The second calls the first; when the first closes the second has it, and the first calls back."""
    first, second = SharedIndex(tmp_path), SharedIndex(tmp_path)
    first.call("upsert", 1, [("a", b"\0\0\x80?\0\0\0\0")])
    assert second.call("count", 1) == 1
    assert (first.owned is None, second.owned is None) == (False, True)
    first.close()
    assert second.call("count", 1) == 1
    assert first.call("count", 1) == 1
    assert (first.owned is None, second.owned is None) == (True, False)
    first.close()
    second.close()


def test_only_the_operations_of_the_index_can_be_called(tmp_path: Path) -> None:
    """A name that is none of them is refused by the owner."""
    first, second = SharedIndex(tmp_path), SharedIndex(tmp_path)
    first.call("count", 1)
    for name in ("close", "__class__", "_settled"):
        with pytest.raises(StoreError, match=f"knows no '{name}'"):
            second.call(name)
    first.close()
    second.close()


def test_many_threads_call_over_one_opener(tmp_path: Path) -> None:
    """Answers are not mixed up: each thread gets those to its own calls."""
    first, second = SharedIndex(tmp_path), SharedIndex(tmp_path)
    for space in range(1, 5):
        first.call("upsert", space, [(f"{space}-{n}", b"\0\0\x80?\0\0\0\0") for n in range(space)])
    wrong: list[tuple[int, int]] = []

    def ask(space: int) -> None:
        wrong.extend((space, found) for _ in range(60) if (found := second.call("count", space)) != space)

    threads = [threading.Thread(target=ask, args=(1 + number % 4,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert wrong == []
    first.close()
    second.close()
