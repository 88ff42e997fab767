"""Starts, shares and watches the server of the built-in model.

One server process serves every Nodeloom process of the same home. Whoever needs it first starts it
and writes where it is; everyone who uses it holds a lock on a file of its own, and when the last of
these locks is gone, because its process ended or was killed, the server ends itself.
"""

import http.client
import json
import platform
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from graphs.models.builtin.manifest import ModelFile, model_file
from graphs.models.builtin.serve import Order
from nodes.contract import NodeError
from store.file_lock import FileLock
from store.processes import Processes

CONTEXT: Final = 8192
"""Tokens of prompt and answer together, for each request."""
SLOTS: Final = 2
"""Requests at the same time. A second slot costs 230 MB; two requests then take 0.8 to 0.95 of the
time one after the other, and a short one need not wait for a long one."""
START_LIMIT: Final = 180.0
"""Seconds a start may take; 2 to 10 are usual."""
TEMPLATE: Final = Path(__file__).with_name("chat_template.jinja")
SERVE: Final = (sys.executable, "-m", "graphs.models.builtin.serve")

Progress = Callable[[str], None]


class ModelServer:
    """The server of the built-in models in ``folder``. Thread-safe; nothing runs before ``address``."""

    def __init__(self, folder: Path, *, command: Sequence[str] = SERVE, progress: Progress | None = None) -> None:
        self._folder = folder.resolve()  # the server must find it after a link to it is gone
        self._command = command
        self._progress: Progress = progress or (lambda _: None)
        self._guard = threading.Lock()
        self._clients = Processes(self._folder / "clients")
        self._joined = False
        self._process: subprocess.Popen[str] | None = None

    def address(self, model: str) -> tuple[str, str]:
        """Base URL (with ``/v1``) and key of a server that answers, started if there is none.

        Blocks while the model loads. Raises NodeError when it cannot run here, and why.
        """
        file = model_file(model)
        with self._guard:
            found = self._running(file)
            return found or self._start(file)

    def close(self) -> None:
        """Stop using the server; it ends within two seconds unless another process uses it."""
        with self._guard:
            self._clients.close()
            self._joined = False

    def _running(self, file: ModelFile) -> tuple[str, str] | None:
        """Where the server is, if one answers and this process counts among its clients."""
        return _answering(self._state(file)) if self._joined else None

    def _start(self, file: ModelFile) -> tuple[str, str]:
        check_runnable(self._folder, file)
        if self._process is not None:
            self._process.poll()  # takes a dead one off the process table
        lock = self._wait_for_lock()
        try:
            self._clients.own()  # under the lock, so that a server about to end sees it
            self._joined = True
            return _answering(self._state(file)) or self._spawn(file)
        finally:
            lock.release()

    def _wait_for_lock(self) -> FileLock:
        lock = FileLock(self._folder / "server.lock")
        end = time.monotonic() + START_LIMIT
        while not lock.acquire():
            if time.monotonic() > end:
                raise NodeError(
                    f"Process {lock.holder()} has been starting the built-in model for {START_LIMIT:.0f} s",
                    mend="End that process, then try again.",
                )
            time.sleep(0.1)
        return lock

    def _spawn(self, file: ModelFile) -> tuple[str, str]:
        state, log = self._state(file), self._folder / f"{file.name}.log"
        state.unlink(missing_ok=True)
        with log.open("w", encoding="utf-8") as output:
            process = subprocess.Popen(  # noqa: S603
                self._command,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                text=True,
                start_new_session=True,  # a Ctrl-C in one terminal must not end what others use
            )
        self._process = process
        self._send(process, file)
        return self._await(process, file, log)

    def _send(self, process: "subprocess.Popen[str]", file: ModelFile) -> None:
        order = Order(
            file=str(self._folder / file.filename),
            alias=file.name,
            key=secrets.token_urlsafe(24),
            template=str(TEMPLATE),
            context=CONTEXT,
            slots=SLOTS,
            state=str(self._state(file)),
            clients=str(self._folder / "clients"),
            lock=str(self._folder / "server.lock"),
        )
        assert process.stdin is not None
        try:
            process.stdin.write(order.dump() + "\n")
            process.stdin.close()
        except BrokenPipeError:
            pass  # it died at once: _await tells why

    def _await(self, process: "subprocess.Popen[str]", file: ModelFile, log: Path) -> tuple[str, str]:
        begin = time.monotonic()
        told = 0
        while (seconds := time.monotonic() - begin) < START_LIMIT:
            if process.poll() is not None:
                raise _died(file, process.returncode, log)
            if found := _answering(self._state(file)):
                return found
            if int(seconds) > told:
                told = int(seconds)
                self._progress(f"Loading {file.title} ({told} s)")
            time.sleep(0.05)
        process.kill()
        process.wait()
        raise NodeError(
            f"{file.title} did not start within {START_LIMIT:.0f} s",
            mend="The computer may be too busy or short of memory; try again, or use the smaller model.",
            retryable=True,
        )

    def _state(self, file: ModelFile) -> Path:
        return self._folder / f"{file.name}.server.json"


def check_runnable(folder: Path, file: ModelFile) -> None:
    """Raises NodeError when the file is not there whole, or the CPU lacks what the engine needs."""
    path = folder / file.filename
    if not path.is_file():
        raise NodeError(
            f"The built-in model {file.name} is not on this computer yet ({file.bytes / 1e9:.1f} GB)",
            mend="Fetch it in Settings under Models, or with `nodeloom model fetch`; or choose another model.",
        )
    size = path.stat().st_size
    if size != file.bytes:
        raise NodeError(
            f"The file of {file.name} is broken: {size} bytes instead of {file.bytes}", mend="Fetch it again."
        )
    if not has_avx2():
        raise NodeError(
            f"The built-in model cannot run on this processor ({platform.processor() or platform.machine()}): "
            "it lacks AVX2",
            mend="Connect OpenAI, Anthropic, Ollama or another address in Settings under Models.",
        )


def has_avx2(cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether the processor has AVX2; true where it is not of the x86 family or does not tell."""
    if platform.machine().lower() not in ("x86_64", "amd64") or not cpuinfo.exists():
        return True
    flags = next((line for line in cpuinfo.read_text().splitlines() if line.startswith("flags")), "avx2")
    return "avx2" in flags.split()


def _answering(state: Path) -> tuple[str, str] | None:
    """Base URL and key of the server written down in ``state``, if it answers to that key."""
    try:
        written = json.loads(state.read_text(encoding="utf-8"))
        address, key = str(written["address"]), str(written["key"])
    except (OSError, ValueError, KeyError):
        return None
    return (f"{address}/v1", key) if _healthy(address, key) else None


def _healthy(address: str, key: str) -> bool:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request("GET", "/v1/models", headers={"Authorization": f"Bearer {key}"})
        return connection.getresponse().status == 200
    except TimeoutError:
        return True  # accepted but slow: a busy machine, not a dead server
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _died(file: ModelFile, code: int, log: Path) -> NodeError:
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    last = lines[-1].strip()[:300] if lines else "it said nothing"
    cause = f"signal {-code}" if code < 0 else f"exit status {code}"
    mend = "Fetch the model again if its file is damaged, free some memory, or use another model."
    if "No module named 'xllamacpp'" in last:
        mend = "Install the engine: pip install 'nodeloom[builtin]'."
    return NodeError(f"The server of {file.title} ended while starting ({cause}): {last}", mend=mend)
