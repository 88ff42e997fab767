"""The synthetic run of the inspector's benchmark."""

from pathlib import Path

from benchmarks.trace_data import DOCUMENT, Story, write_run
from store.database import Database
from store.runs import Runs
from store.trace_reader import TraceReader, TreeQuery


def test_a_story_is_a_tree_of_about_the_size_asked_for() -> None:
    """Every span but the run's own stands below one of the story; ids are never given twice."""
    spans = list(Story("ab" * 16, 1).spans(500))
    ids = {span["id"] for span in spans}
    assert len(ids) == len(spans) and abs(len(spans) - 500) <= 10
    assert [span["id"] for span in spans if span["parent_id"] is None] == [spans[-1]["id"]]
    assert all(span["parent_id"] in ids for span in spans[:-1])
    assert {span["node_id"] for span in spans if span.get("node_id")} == set(DOCUMENT["nodes"])


def test_a_story_is_the_same_for_the_same_seed() -> None:
    """And another for another one."""
    first, again, other = (list(Story("ab" * 16, seed).spans(200)) for seed in (1, 1, 2))
    assert first == again and first != other


def test_the_run_can_be_read(tmp_path: Path) -> None:
    """It stands in the list of runs as done, its tree is whole, its state grows."""
    database = Database(tmp_path / "bench.db")
    number = write_run(database, 300)
    run = Runs(database).get(number)
    reader = TraceReader(database)
    assert run.status == "done"
    assert reader.window(run.id, TreeQuery(depth=9)).total == reader.overview(run.id).spans
    notes = reader.steps(run.id, limit=1_000).steps
    last = next(step.id for step in reversed(notes) if step.node == "notes")
    assert len(reader.state(run.id, last, DOCUMENT["state"]).after["notes"]) > 10
    database.close()
