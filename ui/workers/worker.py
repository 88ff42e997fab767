"""A worker: ``python -m ui.workers.worker NAME``. It works on queued runs until nobody needs it.

It outlives the web process that started it: what runs goes on, and a new web process finds it. Without any client it
ends once it is idle. A signal to end, a client's word, or a server of another release drains it.
"""

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Final

from graphs import heap
from store.errors import StoreError
from store.file_lock import FileLock
from store.home import home
from store.processes import Processes
from store.runs import Runs
from store.wire import Door
from ui.engine import Engine
from ui.workers.files import WorkerFiles
from ui.workers.office import METHODS, Office
from ui.workers.queue import RunQueue
from ui.workers.release import RELEASE, announced
from ui.workspace import Workspace

DRAIN: Final = 3.0
"""Seconds in which what runs may come to its next step."""
LOOK: Final = 1.0
ALONE: Final = 3
"""Looks in a row without a client, after which an idle worker ends."""
MOST: Final = 10_000
"""Queued runs that are looked at."""
PATIENCE: Final = 2.0
"""Seconds a lock may be held by somebody who only looks."""


class Worker:
    """One worker process of a home."""

    def __init__(self, workspace: Workspace, files: WorkerFiles, lock: FileLock) -> None:
        self._workspace = workspace
        self._files = files
        self._lock = lock
        self._ending = threading.Event()

    def run(self) -> None:
        """Work until it is to end."""
        queue = RunQueue(self._files.queue, self._files.name)
        engine = Engine(self._workspace, queue)
        self._workspace.adopt(engine)
        queue.launch(engine.runner.take, queued(self._workspace.runs))
        _await_recovered(self._workspace.runs, queue, engine.runner.lost)
        process = self._workspace.database.processes.own()
        office = Office(engine, process, self._ending.set)
        door = Door(self._files.address, office.call, METHODS, process=process, release=RELEASE)
        heap.keep_settled()
        signal.signal(signal.SIGTERM, lambda *_: self._ending.set())
        threading.Thread(target=self._end_in_time, args=(engine,), daemon=True).start()
        self._ending.wait()
        engine.runner.drain(DRAIN)
        door.close()
        self._workspace.close()
        self._lock.release()
        os._exit(0)  # threads of the queue still stand at segments that are not over: they go on another day

    def _end_in_time(self, engine: Engine) -> None:
        clients, alone = Processes(self._files.clients), 0
        while not self._ending.wait(LOOK):
            needed = any(clients.alive(file.stem) for file in self._files.clients.glob("*.lock"))
            if announced(self._files.release) != RELEASE:
                self._ending.set()  # a server of another release has come, with workers of its own
            alone = 0 if needed or not engine.runner.is_idle or queued(self._workspace.runs) else alone + 1
            if alone >= ALONE:
                self._ending.set()


def queued(runs: Runs) -> list[str]:
    """Runs that no process has, oldest first."""
    return [row.id for row in reversed(runs.list(status="queued", limit=MOST))]


def _await_recovered(runs: Runs, queue: RunQueue, lost: list[str]) -> None:
    """Until what the queue begins again is no longer told to be lost."""
    coming = queue.pending().intersection(lost) if lost else set[str]()
    deadline = time.monotonic() + PATIENCE
    while any(runs.get(id).status == "lost" for id in coming) and time.monotonic() < deadline:
        time.sleep(0.02)


def _taken(path: Path) -> FileLock | None:
    lock, deadline = FileLock(path), time.monotonic() + PATIENCE
    while not lock.acquire():
        if time.monotonic() > deadline:
            return None
        time.sleep(0.05)
    return lock


def main() -> None:
    """Work on the runs of this user's home (``NODELOOM_HOME``) under the name that is the argument."""
    files = WorkerFiles(home().create(), sys.argv[1])
    wanted = announced(files.release)
    if wanted != RELEASE:
        sys.exit(f"The workers here are of Nodeloom {wanted}, this one is of {RELEASE}. Restart the server.")
    lock = _taken(files.lock)
    if lock is None:
        return  # somebody else was faster
    try:
        Worker(Workspace(home()), files, lock).run()
    except StoreError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
