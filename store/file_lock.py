"""A lock on a file that the operating system gives back when its process dies, however it dies."""

import os
import sys
import threading
import time
from pathlib import Path
from typing import Final

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_FAR: Final = 1 << 30  # Windows locks a byte against reading too: lock one that is never read
_PAUSE: Final = 0.005  # seconds between two tries where the system cannot wait


class FileLock:
    """An exclusive lock on the file at ``path``, which holds the pid of its owner while held."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.left = ""
        """What the holder before left in the file: its pid, or nothing where it released with ``clear``."""
        self._handle: int | None = None

    def acquire(self, wait: float = 0.0) -> bool:
        """Take the lock; False where another holder has it for longer than ``wait`` seconds. Raises OSError."""
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if not _locked(handle) and not (wait and _locked_within(handle, wait)):
                os.close(handle)
                return False
            self.left = os.read(handle, 32).decode(errors="replace")
            os.lseek(handle, 0, os.SEEK_SET)
            os.ftruncate(handle, 0)
            os.write(handle, str(os.getpid()).encode())
        except OSError:
            os.close(handle)
            raise
        self._handle = handle
        return True

    def holder(self) -> str:
        """The pid written in the file, or "unknown"."""
        try:
            return self.path.read_text().strip() or "unknown"
        except OSError:
            return "unknown"

    def release(self, *, clear: bool = False) -> None:
        """Give the lock back; nothing happens where it is not held. ``clear``: take the pid out of the file first."""
        if self._handle is not None:
            if clear:
                os.ftruncate(self._handle, 0)
            os.close(self._handle)
            self._handle = None


def _locked(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            os.lseek(handle, _FAR, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            os.lseek(handle, 0, os.SEEK_SET)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _locked_within(handle: int, seconds: float) -> bool:
    """Whether the lock came free within so many seconds."""
    if sys.platform != "win32":
        return _Waiter(handle).within(seconds)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(_PAUSE)
        if _locked(handle):
            return True
    return False


class _Waiter:
    """Waits in the system's own queue, which wakes at once, and in a thread, for that call knows no end."""

    def __init__(self, handle: int) -> None:
        self._handle = os.dup(handle)  # of the same open file, hence of the same lock
        self._guard = threading.Lock()
        self._over = False
        self._got = threading.Event()
        threading.Thread(target=self._wait, name="nodeloom-lock", daemon=True).start()

    def within(self, seconds: float) -> bool:
        self._got.wait(seconds)
        with self._guard:
            self._over = True
            return self._got.is_set()

    def _wait(self) -> None:
        if sys.platform != "win32":
            fcntl.flock(self._handle, fcntl.LOCK_EX)
        with self._guard:
            if not self._over:
                self._got.set()
        os.close(self._handle)  # the lock goes with the last handle: at once where nobody waits any more
