"""SQLite's checkpoints, off the path of whoever writes.

In WAL mode SQLite copies the log back into the file whenever a commit finds 1,000 pages in it, and whoever
made that commit waits for the disk: 45 ms here, at every sixteenth edit of a workflow of 200 nodes. A thread
does it instead; it hinders neither readers nor writers (https://sqlite.org/wal.html, "Checkpointing": PASSIVE).
The first commit after it begins the log anew and waits for the disk once, so the thread comes when writing pauses.
"""

import logging
import sqlite3
import threading
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

PAUSE: Final = 2.0
"""Seconds without a write after which the log is copied back."""
LONGEST: Final = 30.0
"""Seconds after which it is, however much is written."""
FALLBACK_PAGES: Final = 16_000
"""Pages of 4 kB in the log at which a commit does it all the same, should the thread not keep up."""
_log = logging.getLogger(__name__)


class WalCheckpoints:
    """Copies the log of the file at ``path`` back after writes. The thread begins with the first write."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written = threading.Event()
        self._closed = threading.Event()
        self._begun = threading.Lock()
        self._thread: threading.Thread | None = None

    def written(self) -> None:
        """Something was committed."""
        self._written.set()
        if self._thread is None:
            with self._begun:
                if self._thread is None and not self._closed.is_set():
                    self._thread = threading.Thread(target=self._work, name="wal-checkpoints", daemon=True)
                    self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._closed.set()
        self._written.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _work(self) -> None:
        with suppress(sqlite3.Error), closing(sqlite3.connect(self._path)) as connection:
            while self._written.wait() and self._paused():
                try:
                    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
                except sqlite3.Error as error:  # a full disk: whoever writes is told, in words
                    if not self._path.exists():
                        return  # the home was removed
                    _log.warning("The log of %s could not be copied back: %s", self._path, error)

    def _paused(self) -> bool:
        """Wait until nothing is written for a while; whether it goes on."""
        ends = time.monotonic() + LONGEST
        while self._written.is_set() and time.monotonic() < ends and not self._closed.is_set():
            self._written.clear()
            self._closed.wait(PAUSE)
        self._written.clear()
        return not self._closed.is_set()
