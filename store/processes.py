"""Which processes live: each holds a lock on a file of its own, which dies with it.

A pid would not do: it is reused, and means nothing in another container on the same folder.
"""

import threading
import uuid
from pathlib import Path

from store.errors import StoreError
from store.file_lock import FileLock


class Processes:
    """The processes that work on one home, by their marks (32 hex digits)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._guard = threading.Lock()
        self._lock: FileLock | None = None

    def own(self) -> str:
        """The mark of this process; its lock is taken when first asked for."""
        with self._guard:
            if self._lock is None:
                self._lock = self._take()
            return self._lock.path.stem

    def alive(self, mark: str) -> bool:
        """Whether the process of ``mark`` still lives. The file of a dead one is removed."""
        if self._lock is not None and mark == self._lock.path.stem:
            return True
        file = self._folder / f"{mark}.lock"
        if not file.exists():
            return False
        lock = FileLock(file)
        if not lock.acquire():
            return True
        lock.release()
        file.unlink(missing_ok=True)
        return False

    def close(self) -> None:
        """Give the lock back: from here on this process counts as dead."""
        with self._guard:
            if self._lock is not None:
                self._lock.release()
                self._lock.path.unlink(missing_ok=True)
                self._lock = None

    def _take(self) -> FileLock:
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            lock = FileLock(self._folder / f"{uuid.uuid4().hex}.lock")
            lock.acquire()
        except OSError as error:
            raise StoreError(
                f"Cannot mark this process as running: {error.strerror or error}",
                str(self._folder),
                "Free some space, or give your user the right to write there.",
            ) from error
        return lock
