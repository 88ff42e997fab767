"""A lock on a file: one holder, waiting with an end, and what the last one left."""

import os
import threading
import time
from pathlib import Path

from store.file_lock import FileLock
from tests.store.fakes import child

HOLDER = """
import sys, time
from pathlib import Path
from store.file_lock import FileLock
lock = FileLock(Path(sys.argv[1]))
print(lock.acquire(), flush=True)
time.sleep(60)
"""


def test_one_holder_whose_pid_is_in_the_file(tmp_path: Path) -> None:
    """A second is refused until the first releases; the file names who has it."""
    first, second = FileLock(tmp_path / "x"), FileLock(tmp_path / "x")
    assert first.acquire()
    assert not second.acquire()
    assert second.holder() == str(os.getpid())
    first.release()
    assert second.acquire()
    second.release()
    second.release()


def test_waiting_ends_at_once_when_the_lock_comes_free(tmp_path: Path) -> None:
    """Who waits gets it when it is released, and keeps it."""
    first, second, third = (FileLock(tmp_path / "x") for _ in range(3))
    assert first.acquire()
    threading.Timer(0.2, first.release).start()
    began = time.monotonic()
    assert second.acquire(wait=30)
    assert time.monotonic() - began < 10
    assert not third.acquire()
    second.release()
    assert third.acquire()
    third.release()


def test_who_gave_up_waiting_does_not_get_the_lock_later(tmp_path: Path) -> None:
    """After the wait the lock goes to others as if nobody had asked."""
    first, second = FileLock(tmp_path / "x"), FileLock(tmp_path / "x")
    assert first.acquire()
    assert not second.acquire(wait=0.05)
    first.release()
    assert FileLock(tmp_path / "x").acquire(wait=5)


def test_what_the_last_holder_left_tells_how_it_ended(tmp_path: Path) -> None:
    """Nothing after a release that clears; the pid after one that does not, or after kill -9."""
    lock = FileLock(tmp_path / "x")
    assert lock.acquire()
    assert lock.left == ""
    lock.release(clear=True)
    assert lock.acquire()
    assert lock.left == ""
    lock.release()
    assert lock.acquire()
    assert lock.left == str(os.getpid())
    lock.release(clear=True)
    holder = child(HOLDER, tmp_path / "x")
    assert holder.stdout is not None
    assert holder.stdout.readline() == "True\n"
    assert not lock.acquire()
    holder.kill()
    holder.communicate()
    assert lock.acquire(wait=5)
    assert lock.left == str(holder.pid)
    lock.release()
