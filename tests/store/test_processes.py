"""Which processes live."""

from pathlib import Path

from store.file_lock import FileLock
from store.processes import Processes
from tests.store.fakes import child, lines_until_killed

HOLDER = """
import sys, time
from pathlib import Path
from store.processes import Processes
processes = Processes(Path(sys.argv[1]))
print(processes.own(), flush=True)
time.sleep(60)
"""


def test_process_lives_until_it_is_killed(tmp_path: Path) -> None:
    """The mark of another process counts as alive until it dies; then its file goes."""
    process = child(HOLDER, tmp_path / "processes")
    assert process.stdout is not None
    mark = process.stdout.readline().strip()
    processes = Processes(tmp_path / "processes")
    assert processes.alive(mark)
    lines_until_killed(process, 0)
    assert not processes.alive(mark)
    assert list((tmp_path / "processes").iterdir()) == []


def test_own_mark_lives_until_closed(tmp_path: Path) -> None:
    """One's own mark stays the same, is alive, and is dead to all once closed."""
    processes = Processes(tmp_path / "processes")
    mark = processes.own()
    assert processes.own() == mark
    assert processes.alive(mark)
    assert Processes(tmp_path / "processes").alive(mark)
    processes.close()
    assert not processes.alive(mark)
    assert not processes.alive("unknown")


def test_lock_is_held_once_and_given_back(tmp_path: Path) -> None:
    """A second holder is refused, and may have it after the first gave it back."""
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert first.acquire()
    assert not second.acquire()
    assert second.holder().isdigit()
    second.release()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()
