"""Runs in worker processes: worked on, followed, stopped, asked, and gone on with after any process died."""

import asyncio
import os
import signal
import stat
import subprocess
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graphs.inputs import InputErrors
from graphs.run_table import NotPossible
from graphs.work import AT_ONCE
from store.file_lock import FileLock
from store.home import Home
from store.wire import Caller, Card, Gone
from tests.ui.workers.bench import Bench, chain, eventually, working
from ui.workers.files import WorkerFiles


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """One home for the tests that end no process."""
    with working(tmp_path_factory.mktemp("workers") / "home") as made:
        yield made


def test_a_run_is_worked_on_by_another_process(bench: Bench):
    """The row says whose it is while it runs; its outputs, its trace and its events are here all the same."""
    run = bench.start(chain(3), "slow")
    own = bench.workspace.database.processes.own()
    eventually(lambda: bench.row(run).status == "running")
    assert bench.row(run).process not in (None, own)
    assert bench.runner.wait_here(run).status == "done"
    assert bench.row(run).outputs == {"answer": "One two three."}
    assert [node for node, _ in bench.visits(run)] == ["start", "step_1", "step_2", "step_3", "finish"]


def test_events_are_followed_from_any_number(bench: Bench):
    """Two followers see the same events; one that comes back sees what came since."""
    run = bench.start(chain(2), "slow")

    async def all_events(after: int) -> list[int]:
        return [event["seq"] async for event in bench.runner.events(run, after)]

    async def both() -> tuple[list[int], list[int]]:
        return await asyncio.gather(all_events(0), all_events(0))

    first, second = asyncio.run(both())
    assert first == second == list(range(1, len(first) + 1))
    assert asyncio.run(all_events(5)) == first[5:]


def test_faults_cross_as_themselves(bench: Bench):
    """Wrong inputs name their problems; what cannot be done says so."""
    with pytest.raises(InputErrors, match="other") as caught:
        bench.runner.start(chain(1), {"other": "x"}, model="scripted:quick")
    assert {problem.field for problem in caught.value.problems} == {"task", "other"}
    run = bench.start(chain(1))
    assert bench.runner.wait_here(run).status == "done"
    with pytest.raises(NotPossible, match="is done"):
        bench.runner.stop(run)


def test_a_run_is_stopped_and_resumed(bench: Bench):
    """Stop reaches the process that works on it; resume goes on there."""
    run = bench.start(chain(2), "endless")
    eventually(lambda: bench.row(run).status == "running")
    bench.runner.stop(run)
    assert bench.runner.wait_here(run).status == "stopped"
    bench.runner.resume(run)
    eventually(lambda: bench.row(run).status == "running")
    bench.runner.stop(run)
    assert bench.runner.wait_here(run).status == "stopped"


def test_a_question_is_answered_from_here(bench: Bench):
    """A run that waits is nobody's; the answer has it go on."""
    run = bench.start(chain(2, ask_after=1))
    assert bench.runner.wait_here(run).status == "waiting"
    row = bench.row(run)
    assert row.process is None
    bench.runner.answer(run, row.forms[0]["interrupt"], {"text": "Yes."})
    assert bench.runner.wait_here(run).status == "done"


def test_more_runs_than_fit_at_once(bench: Bench):
    """Those that find no room wait in the queue, and each is run once."""
    runs = [bench.start(chain(1), "slow") for _ in range(20)]
    assert {bench.runner.wait_here(run).status for run in runs} == {"done"}
    assert all(len(bench.visits(run)) == 3 for run in runs)


def test_only_this_user_is_listened_to(bench: Bench):
    """The key is in a file for the user alone, and another key is refused."""
    bench.workers.ask("ping")
    file = WorkerFiles(bench.home, "w0").address
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    card = Card.read(file)
    assert card is not None
    guessed = file.with_name("guessed.json")
    replace(card, key=b"guess" * 7).write(guessed)
    with pytest.raises(Gone, match="digest"):
        Caller(guessed)
    guessed.unlink()


def test_a_killed_worker_is_replaced_and_its_run_goes_on(tmp_path: Path):
    """No completed node runs again, and the run tells of the interruption."""
    with working(tmp_path / "home") as bench:
        run = bench.start(chain(6), "slow")
        eventually(lambda: len(bench.visits(run)) >= 3)
        before = bench.visits(run)
        bench.kill_worker()
        row = bench.runner.wait_here(run)
        assert row.status == "done", row.error
        assert [cut["status"] for cut in row.interruptions] == ["lost"]
        after = bench.visits(run)
        assert after[: len(before)] == before
        assert len(after) == len(set(after)) == 8


def test_closing_drains_and_the_next_start_goes_on(tmp_path: Path):
    """A run at work is queued again at its next step; who opens the home next finishes it."""
    with working(tmp_path / "home") as bench:
        run = bench.start(chain(8), "slow")
        eventually(lambda: len(bench.visits(run)) >= 2)
    with working(tmp_path / "home") as again:
        row = again.row(run)
        assert (row.status, row.process) == ("queued", None)
        again.workers.start()
        assert again.runner.wait_here(run).status == "done"
        visits = again.visits(run)
        assert len(visits) == len(set(visits)) == 10


def test_a_queued_run_can_be_stopped(tmp_path: Path):
    """What was drained need not go on."""
    with working(tmp_path / "home") as bench:
        run = bench.start(chain(2), "endless")
        eventually(lambda: bench.row(run).status == "running")
    with working(tmp_path / "home") as again:
        assert again.row(run).status == "queued"
        again.runner.stop(run)
        assert again.runner.wait_here(run).status == "stopped"


CLIENT = """
    import os, sys, time
    from pathlib import Path
    from tests.ui.workers.bench import Bench, chain
    bench = Bench(Path(sys.argv[1]))
    print(bench.start(chain(8), "slow"), flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
def test_a_run_outlives_the_process_that_started_it(tmp_path: Path):
    """Killed in the middle, with nobody to close anything: the worker finishes the run, then ends by itself."""
    folder = tmp_path / "home"
    client = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(CLIENT), str(folder)],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "NODELOOM_HOME": str(folder)},
    )  # fmt: skip
    assert client.stdout is not None
    run = client.stdout.readline().strip()
    client.send_signal(signal.SIGKILL)
    client.wait()
    with working(folder) as bench:
        assert bench.row(run).status in ("queued", "running")
        eventually(lambda: bench.row(run).status == "done")
        assert len(bench.visits(run)) == 10
    lock = FileLock(WorkerFiles(Home(folder), "w0").lock)
    eventually(lock.acquire, 20)
    lock.release()


def test_two_workers_share_the_runs(tmp_path: Path):
    """What finds no room with the first is worked on by the second, at the same time."""
    with working(tmp_path / "home", count=2) as bench:
        bench.workers.start()
        eventually(lambda: WorkerFiles(bench.home, "w1").address.exists())
        runs = [bench.start(chain(1), "endless") for _ in range(AT_ONCE + 4)]
        eventually(lambda: {bench.row(run).status for run in runs} == {"running"})
        shares = Counter(bench.row(run).process for run in runs)
        assert len(shares) == 2
        assert max(shares.values()) <= AT_ONCE
        for run in runs:
            bench.runner.stop(run)
