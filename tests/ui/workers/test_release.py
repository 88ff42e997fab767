"""The server and its workers are of one release: who is of another ends, and the runs go on."""

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Final

import pytest

from nodes.contract import NodeError
from store.file_lock import FileLock
from store.home import VARIABLE, Home
from store.processes import Processes
from store.wire import Caller, Card
from tests.ui.workers.bench import Bench, chain, eventually, working
from ui.workers import release
from ui.workers.files import WorkerFiles
from ui.workers.release import RELEASE, installed
from ui.workers.supervisor import Workers

OLD: Final = "0.0.9+0ld"
NEW: Final = "9.9.9+00ff"
OF_BEFORE: Final = f"""
import ui.workers.release
ui.workers.release.RELEASE = {OLD!r}
from ui.workers.worker import main
main()
"""


@contextmanager
def old_worker(bench: Bench, name: str) -> Generator["subprocess.Popen[bytes]"]:
    """A worker of the release before, up; somebody of before still needs it."""
    files = WorkerFiles(bench.home, name)
    client = Processes(files.clients)
    client.own()
    environment = {**os.environ, VARIABLE: str(bench.home.path)}
    process = subprocess.Popen([sys.executable, "-c", OF_BEFORE, name], env=environment)
    try:
        eventually(lambda: Card.read(files.address) is not None, 150)
        yield process
    finally:
        client.close()
        process.terminate()
        process.wait(30)


@pytest.mark.parametrize("name", ["w0", "w1"])
def test_an_old_worker_hands_its_run_over(tmp_path: Path, name: str):
    """It drains and ends though it is still needed; a worker of this release goes on from the checkpoint.

    The second name is one that the new server starts no worker of.
    """
    with working(tmp_path / "home") as bench, old_worker(bench, name) as old:
        address = WorkerFiles(bench.home, name).address
        run = Caller(address).call("start", chain(6), {"task": "Begin."}, {"model": "scripted:slow"})
        eventually(lambda: len(bench.visits(run)) >= 2)
        before, mark = bench.visits(run), bench.row(run).process
        assert mark is not None
        bench.workers.start()
        row = bench.runner.wait_here(run)
        assert (row.status, row.interruptions) == ("done", [])
        assert old.wait(30) == 0
        card = Card.read(WorkerFiles(bench.home, "w0").address)
        assert card is not None
        assert (card.release, card.process != mark) == (RELEASE, True)
        after = bench.visits(run)
        assert after[: len(before)] == before
        assert len(after) == len(set(after)) == 8


def test_a_server_of_before_is_told_to_restart(tmp_path: Path):
    """Where another release has taken the home over, its workers end, none is started, and it says why."""
    with working(tmp_path / "home") as bench:
        bench.workers.ask("ping")
        files = WorkerFiles(bench.home, "w0")
        files.release.write_text(NEW, encoding="utf-8")
        lock = FileLock(files.lock)
        eventually(lock.acquire)
        lock.release()
        with pytest.raises(NodeError, match=r"Another Nodeloom \(9\.9\.9\+00ff\) works on the runs") as told:
            bench.start(chain(1))
        assert "restart" in told.value.mend
        assert not files.address.exists()


def test_an_update_under_a_server_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A worker started now would be of what was installed since: none is, until the server is started again."""
    monkeypatch.setattr("ui.workers.supervisor.installed", lambda: NEW)
    workers = Workers(Home(tmp_path / "home").create(), 1)
    with pytest.raises(NodeError, match=r"was updated \(9\.9\.9\+00ff\) while this server") as told:
        workers.ask("ping")
    assert "Restart the server" in told.value.mend
    assert not WorkerFiles(Home(tmp_path / "home"), "w0").log.exists()
    workers.close()


def test_a_worker_of_another_release_does_not_begin(tmp_path: Path):
    """Started by a server of another release it says so, and leaves the queue alone."""
    files = WorkerFiles(Home(tmp_path / "home").create(), "w0")
    files.release.write_text(NEW, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "ui.workers.worker", "w0"],
        env={**os.environ, VARIABLE: str(tmp_path / "home")}, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert f"of Nodeloom {NEW}, this one is of {RELEASE}. Restart the server." in ended.stderr
    assert not files.queue.exists()


def test_an_old_worker_that_does_not_end_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """No worker is started beside it, and the error says which process to end."""
    monkeypatch.setattr("ui.workers.supervisor.START_LIMIT", 1.0)
    files = WorkerFiles(Home(tmp_path / "home").create(), "w3")
    lock = FileLock(files.lock)
    assert lock.acquire()
    Card("gone.sock", b"", 4711).write(files.address)
    workers = Workers(Home(tmp_path / "home"), 1)
    with pytest.raises(NodeError, match="process 4711, does not end") as told:
        workers.ask("ping")
    assert told.value.mend == "End that process."
    assert not WorkerFiles(Home(tmp_path / "home"), "w0").log.exists()
    lock.release()
    workers.close()


def test_a_release_differs_where_anything_does(monkeypatch: pytest.MonkeyPatch):
    """The same version with another schema, queue or library is another one; there is none amid an installation."""
    monkeypatch.setattr(release, "version", lambda name: "1.0")
    first = installed()
    monkeypatch.setattr(release, "version", lambda name: "1.1" if name == "dbos" else "1.0")
    second = installed()
    monkeypatch.setattr(release, "versions", lambda: ["0001"])
    third = installed()
    monkeypatch.setattr(release, "SEGMENTS", "2")
    assert len({first, second, third, installed()}) == 4
    assert {each.partition("+")[0] for each in (first, second, third)} == {RELEASE.partition("+")[0]}

    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(release, "distribution", missing)
    assert installed() == ""
