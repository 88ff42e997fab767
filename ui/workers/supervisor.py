"""Keeps the workers of a home alive, from the web process: starts them on first need, and again when they die."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing import AuthenticationError
from typing import Any, Final, TypeVar

from nodes.contract import NodeError
from store.file_lock import FileLock
from store.home import VARIABLE, Home
from store.processes import Processes
from store.runs import RunRow
from ui.workers.files import WorkerFiles
from ui.workers.line import BROKEN, Address, call

START_LIMIT: Final = 60.0
"""Seconds a worker may take until it listens."""
LOOK: Final = 0.5
LONGEST_REST: Final = 30.0
"""Seconds between two starts of a worker that dies again and again, at most."""
END_LIMIT: Final = 15.0
"""Seconds the workers get to end."""
_Answer = TypeVar("_Answer")


class Workers:
    """The workers of a home. Thread-safe."""

    def __init__(self, home: Home, count: int) -> None:
        """``count``: how many there shall be, from 1."""
        self._home = home
        self._files = [WorkerFiles(home, f"w{number}") for number in range(count)]
        self._clients = Processes(self._files[0].clients)
        self._lines: dict[str, tuple[Address, Any]] = {}
        self._lock = threading.RLock()
        self._closing = threading.Event()
        self._watch: threading.Thread | None = None
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Have them up, now and from now on. Returns at once."""
        with self._lock:
            if self._watch is None and not self._closing.is_set():
                self._clients.own()
                self._watch = threading.Thread(target=self._keep_up, name="workers", daemon=True)
                self._watch.start()

    def were_working(self) -> bool:
        """Whether a worker of before still works, or died over its work."""
        return any(files.address.exists() for files in self._files)

    def ask(self, work: Callable[[Any], _Answer], run: RunRow | None = None) -> _Answer:
        """Call the worker that has ``run``, else the first; started where it is not up.

        Raises NodeError where it does not come up or dies meanwhile, and whatever the call raises.
        """
        files = self._of(run)
        line = self._line(files)
        try:
            return work(line)
        except BROKEN as error:
            self._drop(files)
            raise WorkerGone("The worker of the runs died", mend="Try again: it is being started.") from error

    def tell_all(self, work: Callable[[Any], object]) -> None:
        """Call every worker that is up; starts none."""
        for files in self._files:
            line = self._open_line(files)
            if line is not None:
                try:
                    work(line)
                except BROKEN:
                    self._drop(files)

    def close(self) -> None:
        """Stop using them; where nobody else does they drain what runs and end. Blocks until they have."""
        self._closing.set()
        if self._watch is not None:
            self._watch.join(timeout=5)
        with self._lock:
            self._clients.close()
            others = any(self._clients.alive(file.stem) for file in self._files[0].clients.glob("*.lock"))
        if not others:
            self.tell_all(lambda line: line.close())
            self._await_end()

    def _of(self, run: RunRow | None) -> WorkerFiles:
        if run is not None and run.process is not None:
            for files in self._files:
                address = Address.read(files.address)
                if address is not None and address.process == run.process:
                    return files
        return self._files[0]

    def _line(self, files: WorkerFiles) -> Any:
        self.start()
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline and not self._closing.is_set():
            line = self._open_line(files)
            if line is not None:
                return line
            time.sleep(0.02)
        raise NodeError(
            "The worker that works on runs does not start", mend=f"Its log says why: {files.log}.", retryable=True
        )

    def _open_line(self, files: WorkerFiles) -> Any | None:
        """A line to a worker that answers; None where there is none (yet)."""
        address = Address.read(files.address)
        with self._lock:
            known = self._lines.get(files.name)
            if known is not None and known[0] == address:
                return known[1]
        if address is None:
            return None
        try:
            line = call(address)
            line.ping()
        except (OSError, EOFError, AuthenticationError):
            return None
        with self._lock:
            self._lines[files.name] = (address, line)
        return line

    def _drop(self, files: WorkerFiles) -> None:
        with self._lock:
            self._lines.pop(files.name, None)

    def _keep_up(self) -> None:
        rest = {files.name: LOOK for files in self._files}
        begun = {files.name: 0.0 for files in self._files}
        while True:
            for files in self._files:
                now = time.monotonic()
                if _is_up(files) or now - begun[files.name] < rest[files.name]:
                    continue
                lived = now - begun[files.name] > 2 * LONGEST_REST
                rest[files.name] = LOOK if lived else min(rest[files.name] * 2, LONGEST_REST)
                begun[files.name] = now
                self._spawn(files)
            if self._closing.wait(LOOK):
                return

    def _spawn(self, files: WorkerFiles) -> None:
        process = self._processes.get(files.name)
        if process is not None and process.poll() is None:
            return  # it is starting
        with files.log.open("ab") as output:
            self._processes[files.name] = subprocess.Popen(  # noqa: S603
                [sys.executable, "-P", "-m", "ui.workers.worker", files.name],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, VARIABLE: str(self._home.path)},
                start_new_session=True,  # it outlives a Ctrl-C, and a web process that is killed
            )

    def _await_end(self) -> None:
        deadline = time.monotonic() + END_LIMIT
        while any(_is_up(files) for files in self._files) and time.monotonic() < deadline:
            time.sleep(0.05)
        for process in self._processes.values():
            process.poll()


class WorkerGone(NodeError):
    """The worker died while it was asked."""


def _is_up(files: WorkerFiles) -> bool:
    lock = FileLock(files.lock)
    if not lock.acquire():
        return True
    lock.release()
    return False
