"""Nodeloom as a person starts it: a process of its own, on a free port, in a home of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path


def free_port() -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class App:
    """One home; its server can be started, killed and started again on the same port."""

    def __init__(self, home: Path, port: int | None = None) -> None:
        self.home = home
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.log = home.parent / f"{home.name}-server.log"

    def start(self) -> float:
        """Start and wait until it answers; the seconds that took."""
        began = time.perf_counter()
        environment = {**os.environ, "NODELOOM_HOME": str(self.home), "PYTHONUNBUFFERED": "1"}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(Path(sys.executable).with_name("nodeloom")), "--port", str(self.port)],
                env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        while time.perf_counter() - began < 150:
            if self.process.poll() is not None:
                break
            if self.answers():
                return time.perf_counter() - began
            time.sleep(0.05)
        raise AssertionError(f"the server did not come up:\n{self.log.read_text()[-3000:]}")

    def answers(self) -> bool:
        """Whether the health endpoint says yes."""
        try:
            with urllib.request.urlopen(f"{self.url}/api/health", timeout=2) as reply:
                return reply.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        """End it as a crash would, without a chance to save."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as Ctrl-C would."""
        self._end(signal.SIGINT)

    def _end(self, sent: signal.Signals) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(sent)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
