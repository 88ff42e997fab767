"""The life of the server process, with a stand-in for llama.cpp."""

import contextlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graphs.models.builtin import server as serving
from graphs.models.builtin.manifest import DEFAULT, MODELS
from graphs.models.builtin.server import ModelServer, has_avx2
from nodes.contract import NodeError

FAKE = (sys.executable, "-m", "tests.graphs.models.builtin.fake_serve")
NAME = DEFAULT.name


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files of the right length, without a byte on the disk."""
    for file in MODELS.values():
        with (tmp_path / file.filename).open("wb") as sparse:
            sparse.truncate(file.bytes)
    return tmp_path


@pytest.fixture
def serve(folder: Path) -> Iterator[Callable[[], ModelServer]]:
    """Makes users of the server, as separate processes of Nodeloom would."""
    made: list[ModelServer] = []

    def make() -> ModelServer:
        made.append(ModelServer(folder, command=FAKE))
        return made[-1]

    yield make
    for one in made:
        one.close()


def state(folder: Path) -> dict[str, str]:
    return json.loads((folder / f"{NAME}.server.json").read_text())


def gone(pid: int, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)  # ours to reap when it was started here
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_one_server_for_all(folder: Path, serve: Callable[[], ModelServer]):
    """The second user finds the first one's server; where it is and its key are the owner's to read."""
    first, second = serve(), serve()
    url, key = first.address(NAME)
    assert second.address(NAME) == (url, key) == first.address(NAME)
    assert url.startswith("http://127.0.0.1:")
    assert url.endswith("/v1")
    assert stat.S_IMODE((folder / f"{NAME}.server.json").stat().st_mode) == 0o600


def test_it_ends_with_its_last_user(folder: Path, serve: Callable[[], ModelServer]):
    """While somebody uses it, it stays; then it goes and takes its note along."""
    first, second = serve(), serve()
    first.address(NAME)
    second.address(NAME)
    pid = int(state(folder)["pid"])
    first.close()
    assert not gone(pid, 2.5)
    second.close()
    assert gone(pid)
    assert not (folder / f"{NAME}.server.json").exists()


def test_it_ends_when_its_user_is_killed(folder: Path):
    """kill -9 leaves no server behind."""
    code = f"""
import sys, time
from pathlib import Path
from graphs.models.builtin.server import ModelServer
ModelServer(Path({str(folder)!r}), command={FAKE!r}).address({NAME!r})
print("up", flush=True)
time.sleep(30)
"""
    user = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert user.stdout is not None
    assert user.stdout.readline() == "up\n"
    pid = int(state(folder)["pid"])
    user.kill()
    user.wait()
    user.stdout.close()
    assert gone(pid)


def test_a_link_to_its_folder_may_vanish(folder: Path, tmp_path_factory: pytest.TempPathFactory):
    """A home that only linked to the models is deleted: the server keeps answering, and ends with its last user."""
    link = tmp_path_factory.mktemp("home") / "models"
    link.symlink_to(folder)
    user = ModelServer(link, command=FAKE)
    where = user.address(NAME)
    pid = int(state(folder)["pid"])
    link.unlink()
    assert not gone(pid, 2.5)
    assert user.address(NAME) == where
    user.close()
    assert gone(pid)
    assert list((folder / "clients").iterdir()) == []


def test_it_ends_when_its_folder_is_gone(folder: Path, serve: Callable[[], ModelServer]):
    """Where nobody can find it any more, it does not live on."""
    serve().address(NAME)
    pid = int(state(folder)["pid"])
    shutil.rmtree(folder)
    assert gone(pid)


def test_it_outlives_a_disk_that_cannot_be_written(folder: Path, serve: Callable[[], ModelServer]):
    """A lock that cannot be taken for a while does not keep it from ending later."""
    user = serve()
    user.address(NAME)
    pid, lock = int(state(folder)["pid"]), folder / "server.lock"
    lock.unlink()
    lock.mkdir()  # as little to be opened for writing as a file on a full disk, for root too
    assert not gone(pid, 2.5)
    lock.rmdir()
    user.close()
    assert gone(pid)


def test_a_dead_server_is_started_again(folder: Path, serve: Callable[[], ModelServer]):
    """The next call gets a new one."""
    user = serve()
    before = user.address(NAME)
    os.kill(int(state(folder)["pid"]), signal.SIGKILL)
    after = user.address(NAME)
    assert after != before
    assert user.address(NAME) == after


def test_a_failing_start_tells_its_last_words(folder: Path):
    """How it ended, what it said last, and what to do."""
    with pytest.raises(NodeError, match=r"exit status 3\): failed to load model") as caught:
        ModelServer(folder, command=(*FAKE, "fails")).address(NAME)
    assert "Fetch the model again" in caught.value.mend


def test_a_missing_or_short_file_starts_nothing(tmp_path: Path):
    """Not fetched and broken are told apart."""
    server = ModelServer(tmp_path, command=FAKE)
    with pytest.raises(NodeError, match=r"not on this computer yet \(1\.1 GB\)"):
        server.address(NAME)
    (tmp_path / DEFAULT.filename).write_bytes(b"GGUF")
    with pytest.raises(NodeError, match=f"broken: 4 bytes instead of {DEFAULT.bytes}"):
        server.address(NAME)


def test_a_processor_without_avx2_is_told(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Instead of a crash by an illegal instruction."""
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text("processor : 0\nflags : fpu sse4_2 avx\n")
    new.write_text("processor : 0\nflags : fpu avx avx2\n")
    assert not has_avx2(old)
    assert has_avx2(new)
    monkeypatch.setattr(serving, "has_avx2", lambda: False)
    with pytest.raises(NodeError, match="lacks AVX2"):
        ModelServer(folder, command=FAKE).address(NAME)
