"""Keeps the workers of a home alive, from the web process: starts them on first need, and again when they die."""

import os
import subprocess
import sys
import threading
import time
from typing import Any, Final

from nodes.contract import NodeError
from store.file_lock import FileLock
from store.home import VARIABLE, Home
from store.processes import Processes
from store.runs import RunRow
from store.wire import Caller, Card, Gone
from ui.workers.files import WorkerFiles
from ui.workers.release import RELEASE, announce, announced, installed

START_LIMIT: Final = 60.0
"""Seconds a worker may take until it listens."""
LOOK: Final = 0.5
LONGEST_REST: Final = 30.0
"""Seconds between two starts of a worker that dies again and again, at most."""
END_LIMIT: Final = 15.0
"""Seconds the workers get to end."""


class Workers:
    """The workers of a home. Thread-safe."""

    def __init__(self, home: Home, count: int) -> None:
        """``count``: how many there shall be, from 1."""
        self._home = home
        self._files = [WorkerFiles(home, f"w{number}") for number in range(count)]
        self._starts = {files.name: _Starts() for files in self._files}
        self._clients = Processes(self._files[0].clients)
        self._lines: dict[str, Caller] = {}
        self._lock = threading.RLock()
        self._closing = threading.Event()
        self._watch: threading.Thread | None = None
        self._outdated: NodeError | None = None
        """Why this process can have no workers any more."""

    def start(self) -> None:
        """Have them up, now and from now on; those of another release end. Returns at once."""
        with self._lock:
            if self._watch is None and not self._closing.is_set():
                self._clients.own()
                announce(self._files[0].release)
                self._watch = threading.Thread(target=self._keep_up, name="workers", daemon=True)
                self._watch.start()

    def were_working(self) -> bool:
        """Whether a worker of before still works, or died over its work."""
        return any(files.address.exists() for files in self._files)

    def ask(self, method: str, *given: Any, run: RunRow | None = None) -> Any:
        """Call a method of the worker that has ``run``, else of the first; started where it is not up.

        Raises NodeError where it does not come up or dies meanwhile, and whatever the call raises.
        """
        files = self._of(run)
        line = self._line(files)
        try:
            return line.call(method, *given)
        except Gone as error:
            self._drop(files)
            raise WorkerGone("The worker of the runs died", mend="Try again: it is being started.") from error

    def tell_all(self, method: str) -> None:
        """Call every worker that is up; starts none."""
        for files in self._files:
            line = self._open_line(files)
            if line is not None:
                try:
                    line.call(method)
                except Gone:
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
            self.tell_all("close")
            self._await_end()

    def _of(self, run: RunRow | None) -> WorkerFiles:
        if run is not None and run.process is not None:
            for files in self._files:
                card = Card.read(files.address)
                if card is not None and card.process == run.process:
                    return files
        return self._files[0]

    def _line(self, files: WorkerFiles) -> Caller:
        self.start()
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline and not self._closing.is_set():
            line = self._open_line(files)
            if line is not None:
                return line
            if self._outdated is not None:
                raise self._outdated
            time.sleep(0.02)
        raise self._not_started(files)

    def _open_line(self, files: WorkerFiles) -> Caller | None:
        """A line to a worker of this release that answers; None where there is none (yet)."""
        card = Card.read(files.address)
        with self._lock:
            known = self._lines.get(files.name)
            if known is not None and known.card == card:
                return known
        if card is None or card.release != RELEASE:
            return None
        try:
            line = Caller(files.address)
            line.call("ping")
        except Gone:
            return None
        with self._lock:
            self._lines[files.name] = line
        return line

    def _drop(self, files: WorkerFiles) -> None:
        with self._lock:
            line = self._lines.pop(files.name, None)
        if line is not None:
            line.close()

    def _not_started(self, files: WorkerFiles) -> NodeError:
        for card in self._others_up():
            return NodeError(
                f"A worker of another version of Nodeloom, process {card.pid}, does not end", mend="End that process."
            )
        return NodeError(
            "The worker that works on runs does not start", mend=f"Its log says why: {files.log}.", retryable=True
        )

    def _keep_up(self) -> None:
        while True:
            down = [files for files in self._files if not _is_up(files)]
            self._outdated = self._why_outdated(bool(down))
            if self._outdated is None and down and not self._others_up():
                for files in down:
                    self._spawn(files)
            if self._closing.wait(LOOK):
                return

    def _why_outdated(self, down: bool) -> NodeError | None:
        wanted = announced(self._files[0].release)
        if wanted != RELEASE:
            what = f"Another Nodeloom ({wanted}) works on the runs of this home, while this server is {RELEASE}"
            return NodeError(what, mend="Close one of the two servers, then restart the other.")
        present = installed() if down else RELEASE
        if present != RELEASE:
            what = f"Nodeloom was updated ({present or 'not finished yet'}) while this server, {RELEASE}, was running"
            return NodeError(what, mend="Restart the server: press Ctrl-C, then run nodeloom.")
        return None

    def _others_up(self) -> list[Card]:
        """Workers of other releases that may still have runs. Theirs are in the queue once their cards are gone."""
        cards = {file: Card.read(file) for file in self._files[0].folder.glob("*.json")}
        return [
            card
            for file, card in cards.items()
            if card is not None and card.release != RELEASE and _is_up(WorkerFiles(self._home, file.stem))
        ]

    def _spawn(self, files: WorkerFiles) -> None:
        starts = self._starts[files.name]
        if not starts.is_due():
            return
        with files.log.open("ab") as output:
            starts.process = subprocess.Popen(  # noqa: S603
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
        for starts in self._starts.values():
            starts.is_running()


class WorkerGone(NodeError):
    """The worker died while it was asked."""


class _Starts:
    """When one worker was started, and how long it rests after it died."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self._rest = LOOK
        self._begun = 0.0

    def is_due(self) -> bool:
        """Whether to start it now; then it counts as started."""
        now = time.monotonic()
        if now - self._begun < self._rest or self.is_running():
            return False
        lived = now - self._begun > 2 * LONGEST_REST
        self._rest = LOOK if lived else min(self._rest * 2, LONGEST_REST)
        self._begun = now
        return True

    def is_running(self) -> bool:
        """Whether the process that was started last runs, up or on its way."""
        return self.process is not None and self.process.poll() is None


def _is_up(files: WorkerFiles) -> bool:
    lock = FileLock(files.lock)
    if not lock.acquire():
        return True
    lock.release()
    return False
