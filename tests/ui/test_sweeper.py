"""What looks after questions: times that are over, answers that nobody went on with, one process at a time."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from graphs.document import Document
from store.home import Home
from store.runs import RunRow
from ui.starting import start_run
from ui.sweeper import Sweeper, is_swept
from ui.workspace import Workspace

ASK: dict[str, Any] = {
    "title": "Ask",
    "outputs": {"answer": {"type": "text"}},
    "nodes": {
        "start": {"kind": "start"},
        "ask": {"kind": "control.ask", "config": {"fields": [{"name": "who"}], "answer_within": "90 s"}},
        "finish": {"kind": "finish"},
    },
    "edges": {
        "flow": ["start -> ask", "ask -> finish", "ask.timed_out -> finish"], "data": ["ask.text -> finish.answer"],
    },
}  # fmt: skip
Opened = Callable[[], Workspace]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Opens the same home as another process would."""
    made: list[Workspace] = []

    def again() -> Workspace:
        while made:
            made.pop().close()
        made.append(Workspace(Home(tmp_path / "home")))
        return made[0]

    yield again
    while made:
        made.pop().close()


def waiting(workspace: Workspace) -> RunRow:
    """A run that waits."""
    return workspace.engine.runner.wait_here(start_run(workspace, Document.model_validate(ASK), {}))


def overdue(workspace: Workspace) -> None:
    with workspace.database.connection() as connection:
        connection.exec_driver_sql("UPDATE question SET deadline = ?", (time.time() - 1,))


def test_a_time_that_was_over_while_nothing_ran(opened: Opened) -> None:
    """The next process ends the question by its time, and the run goes on without an answer."""
    workspace = opened()
    run = waiting(workspace)
    overdue(workspace)
    workspace = opened()
    Sweeper(workspace).sweep()
    row = workspace.engine.runner.wait_here(run.id)
    assert (row.status, row.outputs) == ("done", {"answer": ""})
    (question,) = workspace.questions.of(run.id)
    assert (question.status, question.channel, question.taken) == ("timed_out", "timer", True)


def test_a_time_that_is_not_over_is_left_alone(opened: Opened) -> None:
    """Nothing is done, and the engine is not even opened."""
    workspace = opened()
    run = waiting(workspace)
    workspace = opened()
    Sweeper(workspace).sweep()
    assert workspace.runs.get(run.id).status == "waiting" and workspace._engine is None


def test_an_answer_that_was_only_written_down(opened: Opened) -> None:
    """Whoever wrote it down did not go on with the run, or died: the sweeper does."""
    workspace = opened()
    run = waiting(workspace)
    interrupt = run.forms[0]["interrupt"]
    assert workspace.questions.answer(run.id, interrupt, {"who": "Ada"}, by="Ann", channel="terminal")
    workspace = opened()
    sweeper = Sweeper(workspace)
    sweeper.sweep()
    assert workspace.runs.get(run.id).status == "waiting", "who wrote it down gets a moment to go on"
    with workspace.database.connection() as connection:
        connection.exec_driver_sql("UPDATE question SET answered_at = answered_at - 60")
    sweeper.sweep()
    assert workspace.engine.runner.wait_here(run.id).outputs == {"answer": "Ada"}


def test_one_process_sweeps_and_another_takes_over(opened: Opened) -> None:
    """While one holds the lock others see that somebody sweeps; when it ends the place is free."""
    workspace = opened()
    assert not is_swept(workspace.home)
    sweeper = Sweeper(workspace)
    sweeper.start()
    for _ in range(100):
        if is_swept(workspace.home):
            break
        time.sleep(0.05)
    else:
        raise AssertionError("the sweeper did not take its lock")
    sweeper.close()
    assert not is_swept(workspace.home)
