"""Reading the visits of a run for those that keep them."""

from collections.abc import Iterator
from typing import Any

import pytest

from store.database import Database
from store.runs import Runs
from store.span_writer import SpanWriter
from store.visits import Visits


@pytest.fixture
def writer(database: Database) -> Iterator[SpanWriter]:
    made = SpanWriter(database)
    yield made
    made.close()


def span(id: str, at: float, operation: str = "invoke_node", **more: Any) -> dict[str, Any]:
    return {"id": id, "run_id": "r", "operation": operation, "name": id, "started_at": at, **more}


def test_visits_come_whole_and_in_the_order_they_began(database: Database, writer: SpanWriter) -> None:
    """Long values are whole; calls and other runs are left out."""
    long = "x" * 10_000
    writer.put(span("b", 2.0, input={"a": long}, status="ok", ended_at=3.0))
    writer.put(span("a", 1.0, "invoke_workflow", attributes={"interruptions": []}))
    writer.put(span("c", 2.5, "chat"))
    writer.put({**span("d", 0.0), "run_id": "other"})
    writer.flush()
    found = Visits(database).of("r")
    assert [row["id"] for row in found] == ["a", "b"]
    assert found[1]["input"] == {"a": long} and found[1]["ended_at"] == 3.0


def test_a_span_that_goes_on_began_when_it_first_did(database: Database, writer: SpanWriter) -> None:
    """Within a batch, and over batches; also where the first process died before it was written."""
    writer.put(span("a", 5.0))
    writer.put(span("a", 7.0, status="ok"))
    writer.flush()
    writer.put(span("a", 9.0, outcome="done"))
    writer.flush()
    (row,) = Visits(database).of("r")
    assert (row["started_at"], row["outcome"]) == (5.0, "done")


def test_a_lineage_holds_all_that_go_back_to_the_same_run(database: Database) -> None:
    """Parents, their other children and theirs; runs of their own have only themselves."""
    runs = Runs(database)

    def made(parent: str | None = None) -> str:
        return runs.create(title="t", version_hash="h", inputs={}, parent_id=parent).id

    root, alone = made(), made()
    left, right = made(root), made(root)
    below = made(left)
    for each in (root, left, right, below):
        assert [row.id for row in runs.lineage(each)] == [root, left, right, below]
    assert [row.id for row in runs.lineage(alone)] == [alone]
    runs.delete(root)
    assert [row.id for row in runs.lineage(below)] == [left, below]
