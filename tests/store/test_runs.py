"""Runs: numbers, fields, the list and its filters, and what dead processes leave behind."""

import hashlib
from typing import Any

import pytest

from store.database import Database
from store.errors import NotFound, StoreError
from store.home import Home
from store.runs import RunRow, Runs
from store.spans import Spans, SpanWriter
from tests.store.fakes import child, lines_until_killed


@pytest.fixture
def runs(database: Database) -> Runs:
    """The runs of a new database."""
    return Runs(database)


def begin(runs: Runs, title: str = "Tutor", **more: Any) -> RunRow:
    """A queued run."""
    return runs.create(title=title, version_hash="h" * 64, inputs={"question": "6 x 7?"}, **more)


def test_runs_are_numbered_for_ever(runs: Runs) -> None:
    """Numbers count up, and the number of a deleted run is not given again."""
    assert [begin(runs).number, begin(runs).number] == ["r-0001", "r-0002"]
    runs.delete("r-0002")
    assert begin(runs).number == "r-0003"


def test_new_run_is_queued_and_has_spent_nothing(runs: Runs) -> None:
    """A run begins queued, with what it was given and nothing spent."""
    run = begin(runs, model="scripted:x", limits={"steps": 9}, workflow_id="w", revision=3)
    assert runs.get(run.id) == runs.get("r-0001") == run
    assert (run.status, run.steps, run.usd, run.outputs, run.started_at) == ("queued", 0, 0.0, None, None)
    assert (run.model, run.limits, run.workflow_id, run.revision) == ("scripted:x", {"steps": 9}, "w", 3)


def test_update_sets_only_the_fields_named(runs: Runs) -> None:
    """Other fields stay as they were; None is a value."""
    run = begin(runs)
    runs.update(run.id, status="done", outputs={"answer": "42"}, usd=None, seconds=1.5)
    found = runs.get(run.id)
    assert (found.status, found.outputs, found.usd, found.seconds) == ("done", {"answer": "42"}, None, 1.5)
    assert found.inputs == {"question": "6 x 7?"}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"colour": 1}, "no field 'colour'"),
        ({"number": "x"}, "no field 'number'"),
        ({"status": "asleep"}, "no status 'asleep'"),
    ],
)
def test_wrong_field_is_refused(runs: Runs, fields: dict[str, Any], message: str) -> None:
    """A field or status that does not exist is named, with those that do."""
    run = begin(runs)
    with pytest.raises(StoreError, match=message):
        runs.update(run.id, **fields)
    assert runs.get(run.id) == run


@pytest.mark.parametrize("id", ["r-0009", "r-x", "r-", "", "0001", "r-" + "9" * 40])
def test_unknown_run_is_not_found(runs: Runs, id: str) -> None:
    """An id or number of no run says so, whatever it looks like."""
    begin(runs)
    with pytest.raises(NotFound, match="There is no run"):
        runs.get(id)


def test_list_filters_and_pages(runs: Runs) -> None:
    """Workflow, status and text narrow the list; ``before`` goes on where a page ended."""
    for number in range(5):
        begin(runs, title=f"Run {number}", workflow_id="w" if number % 2 else None)
    runs.update("r-0002", status="failed")
    runs.update("r-0003", outputs={"answer": "100% größer_als"})
    assert [run.number for run in runs.list(limit=2)] == ["r-0005", "r-0004"]
    assert [run.number for run in runs.list(limit=2, before="r-0004")] == ["r-0003", "r-0002"]
    assert [run.number for run in runs.list(workflow="w")] == ["r-0004", "r-0002"]
    assert [run.number for run in runs.list(status="failed")] == ["r-0002"]
    assert [run.number for run in runs.list(q="0% größer_")] == ["r-0003"]
    assert [run.number for run in runs.list(q="r-0005")] == ["r-0005"]
    assert len(runs.list(q="6 x 7")) == 5
    assert runs.list(q="100_") == []


def test_unfinished_are_queued_running_or_waiting(runs: Runs) -> None:
    """Runs that ended in any way are not unfinished."""
    for status in ("queued", "running", "waiting", "done", "failed", "stopped", "limit", "lost"):
        runs.update(begin(runs, title=status).id, status=status)
    assert [run.title for run in runs.unfinished()] == ["queued", "running", "waiting"]


def test_artifacts_are_kept_once_by_content(runs: Runs) -> None:
    """Equal bytes have one name, which gives them back."""
    data = bytes(range(256)) * 50
    sha = runs.put_artifact(data)
    assert sha == runs.put_artifact(data) == hashlib.sha256(data).hexdigest()
    assert runs.artifact(sha) == data
    with pytest.raises(NotFound, match="No artifact"):
        runs.artifact("0" * 64)


def test_own_runs_are_not_lost(runs: Runs) -> None:
    """Recovery leaves alone what this process works on, and what waits for a person."""
    begin(runs)
    runs.update(begin(runs).id, status="running")
    runs.update(begin(runs).id, status="waiting")
    assert runs.recover() == []


RUNNER = """
import sys, time
from pathlib import Path
from store.database import Database
from store.runs import Runs
from store.spans import SpanWriter
database = Database(Path(sys.argv[1]))
runs, writer = Runs(database), SpanWriter(database)
run = runs.create(title="t", version_hash="h", inputs={})
runs.update(run.id, status="running")
waiting = runs.create(title="t", version_hash="h", inputs={})
runs.update(waiting.id, status="waiting")
base = {"run_id": run.id, "operation": "invoke_node", "started_at": time.time()}
writer.put({**base, "id": "a" * 16, "name": "done"})
writer.put({**base, "id": "b" * 16, "name": "open"})
writer.put({"id": "a" * 16, "status": "ok", "ended_at": time.time()})
writer.flush()
print(run.id, flush=True)
time.sleep(60)
"""


def test_killed_process_leaves_lost_runs_and_spans(home: Home) -> None:
    """While the process lives nothing is lost; once killed, its run and its open span are, and it can go on."""
    process = child(RUNNER, home.database)
    assert process.stdout is not None
    id = process.stdout.readline().strip()
    database = Database(home.database)
    runs, spans = Runs(database), Spans(database)
    assert runs.recover() == []
    lines_until_killed(process, 0)
    assert [run.id for run in runs.recover()] == [id]
    assert (runs.get(id).status, runs.get("r-0002").status) == ("lost", "waiting")
    assert [(span.name, span.status) for span in spans.list(id)] == [("done", "ok"), ("open", "lost")]
    assert runs.recover() == []
    runs.update(id, status="running")
    assert runs.recover() == []


def test_deleted_run_takes_its_spans_along(runs: Runs, database: Database) -> None:
    """No span is left of a deleted run."""
    run = begin(runs)
    writer = SpanWriter(database)
    writer.put({"id": "a" * 16, "run_id": run.id, "operation": "chat", "name": "m", "started_at": 1.0})
    writer.close()
    runs.delete(run.id)
    assert Spans(database).list(run.id) == []
