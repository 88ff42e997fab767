"""Looks after questions that nobody looks after: those whose time is over, and answers that nobody went on with.

Both are in the database, so that it does not matter which process asked, or whether it still lives. One process
of a home sweeps: the first server; another takes over when it ends, however it ends. An answer that is only written
down (by the terminal, while a server runs) is taken up here too.
"""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from graphs.answerer import AlreadyAnswered, Answerer
from nodes.contract import NodeError
from store.errors import StoreError
from store.file_lock import FileLock
from store.home import Home
from ui.workspace import Workspace

EVERY: Final = 1.0
"""Seconds between two looks."""
GRACE: Final = 1.5
"""Seconds in which whoever wrote an answer down goes on with it."""
TIMER: Final = Answerer("", "timer", timed_out=True)
_log: Final = logging.getLogger("nodeloom.questions")


class Sweeper:
    """A thread that looks every second, in the process that has the lock."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lock = FileLock(_lock_file(workspace.home))
        self._has_lock = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweeper", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End, and let another process take over."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        self._lock.release()

    def sweep(self) -> None:
        """One look. Opens the engine only where there is something to do."""
        questions, now = self._workspace.questions, time.time()
        for run_id, interrupt in questions.due(now):
            self._try(lambda run=run_id, question=interrupt: self._time_is_over(run, question))
        for run_id in questions.left_lying(now - GRACE):
            self._try(lambda run=run_id: self._workspace.engine.runner.go_on(run))

    def _time_is_over(self, run_id: str, interrupt: str) -> None:
        self._workspace.engine.runner.answer(run_id, interrupt, {}, TIMER)

    def _try(self, work: Callable[[], None]) -> None:
        """Do it; what one question refuses must not keep the others waiting."""
        try:
            work()
        except AlreadyAnswered:
            pass  # a person was faster by a moment
        except NodeError as error:
            _log.warning("%s %s", error.what, error.mend)

    def _run(self) -> None:
        while not self._stop.wait(EVERY):
            try:
                self._has_lock = self._has_lock or self._lock.acquire()
                if self._has_lock:
                    self.sweep()
            except (StoreError, OSError) as error:  # a full disk passes; the next look tries again
                _log.warning("questions could not be looked after: %s", error)


def is_swept(home: Home) -> bool:
    """Whether a server looks after the questions of this home now."""
    lock = FileLock(_lock_file(home))
    if not lock.acquire():
        return True
    lock.release()
    return False


def _lock_file(home: Home) -> Path:
    return home.path / "questions.lock"
