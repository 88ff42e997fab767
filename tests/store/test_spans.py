"""The trace: written in batches from any thread, read in order, nothing flushed is lost."""

import logging
import sqlite3
import threading
import time
from typing import Any

import pytest
from sqlalchemy import event

from store.artifacts import LONGEST, PREVIEW
from store.database import Database
from store.errors import NotFound, StoreError
from store.home import Home
from store.spans import Spans, SpanWriter
from tests.store.fakes import child, lines_until_killed


@pytest.fixture
def writer(database: Database) -> Any:
    """A writer that is closed at the end."""
    opened = SpanWriter(database)
    yield opened
    opened.close()


def begun(number: int, **more: Any) -> dict[str, Any]:
    """The first row of a span."""
    return {
        "id": f"{number:016x}",
        "run_id": "r",
        "operation": "invoke_node",
        "name": f"n{number}",
        "started_at": 1.0,
        **more,
    }


def test_span_is_seen_while_it_runs_and_completed_later(database: Database, writer: SpanWriter) -> None:
    """The first row is there at once as running; the second changes only what it names."""
    spans = Spans(database)
    writer.put(begun(1, node_id="work", visit=2, input={"task": "x"}))
    writer.flush()
    assert (spans.list("r")[0].status, spans.list("r")[0].ended_at) == ("running", None)
    writer.put({"id": f"{1:016x}", "status": "ok", "ended_at": 2.5, "output": {"a": [1, None]}, "outcome": "done"})
    writer.flush()
    span = spans.get(f"{1:016x}")
    assert (span.status, span.ended_at, span.outcome, span.node_id, span.visit) == ("ok", 2.5, "done", "work", 2)
    assert (span.input, span.output) == ({"task": "x"}, {"a": [1, None]})


def test_rows_of_one_batch_are_merged_in_order(database: Database, writer: SpanWriter) -> None:
    """Start and end in the same batch make one row; arrival order is kept for open and closed spans alike."""
    writer.put(begun(1))
    writer.put(begun(2))
    writer.put({"id": f"{2:016x}", "status": "ok"})
    writer.put(begun(3))
    writer.flush()
    rows = Spans(database).list("r")
    assert [(row.name, row.status) for row in rows] == [("n1", "running"), ("n2", "ok"), ("n3", "running")]


def test_list_pages_by_arrival(database: Database, writer: SpanWriter) -> None:
    """``after`` and ``limit`` page through a run; other runs are not mixed in."""
    for number in range(10):
        writer.put(begun(number))
    writer.put({**begun(99), "run_id": "other"})
    writer.flush()
    spans = Spans(database)
    first = spans.list("r", limit=6)
    rest = spans.list("r", after=first[-1].seq, limit=6)
    assert [row.name for row in first + rest] == [f"n{number}" for number in range(10)]


def test_children_are_the_spans_below(database: Database, writer: SpanWriter) -> None:
    """Only direct children, in order."""
    writer.put(begun(1))
    writer.put(begun(2, parent_id=f"{1:016x}"))
    writer.put(begun(3, parent_id=f"{2:016x}"))
    writer.put(begun(4, parent_id=f"{1:016x}"))
    writer.flush()
    assert [row.name for row in Spans(database).children(f"{1:016x}")] == ["n2", "n4"]
    with pytest.raises(NotFound, match="no span 'x'"):
        Spans(database).get("x")


@pytest.mark.parametrize("value", ["é" * 2_047, "é" * 2_048, {"text": "a" * 5_000}, ["深" * 700] * 3])
def test_long_values_are_cut_in_lists_and_whole_alone(database: Database, writer: SpanWriter, value: Any) -> None:
    """Over 4,096 bytes of JSON a list shows a stand-in with a preview; the span itself has the value."""
    writer.put(begun(1, input=value, output="short"))
    writer.flush()
    shown = Spans(database).list("r")[0].input
    if shown != value:
        assert shown["bytes"] > LONGEST
        assert 0 < len(shown["preview"]) <= PREVIEW
        assert len(shown["$artifact"]) == 64
    else:
        assert value == "é" * 2_047
    assert Spans(database).get(f"{1:016x}").input == value


def test_values_json_cannot_say_are_written_all_the_same(database: Database, writer: SpanWriter) -> None:
    """NaN, objects, lone surrogates, values that hold themselves: the span is written, nothing raises."""
    loop: list[Any] = []
    loop.append(loop)
    for number, value in enumerate([{"x": float("nan")}, {"o": object()}, "a\ud800b", loop, {1: {2, 3}}, b"bytes"]):
        writer.put(begun(number, input=value))
    writer.put(begun(50, name={"not": "text"}, error={"what": "w", "mend": "m", "type": "T"}))
    writer.flush()
    rows = Spans(database).list("r")
    assert len(rows) == 7
    assert rows[0].input == {"x": None}
    assert rows[2].input == "a\ud800b"
    assert rows[6].error == {"what": "w", "mend": "m", "type": "T"}
    assert writer.dropped == 0


def test_bad_rows_are_logged_and_do_not_harm_the_others(
    database: Database, writer: SpanWriter, caplog: pytest.LogCaptureFixture
) -> None:
    """A row without id, an end without a beginning, an unknown column: said in the log; the rest is written."""
    with caplog.at_level(logging.ERROR):
        writer.put({"name": "no id"})
        writer.put({"id": "never begun", "status": "ok"})
        writer.put(begun(1, colour="red"))
        writer.flush()
    assert [row.name for row in Spans(database).list("r")] == ["n1"]
    assert writer.dropped == 2
    for said in ("without an id", "never began", "no column 'colour'"):
        assert said in caplog.text


def test_many_threads_write_everything(database: Database, writer: SpanWriter) -> None:
    """Rows of eight threads all arrive, each thread's in its order."""

    def produce(thread: int) -> None:
        for number in range(200):
            writer.put(begun(thread * 1_000 + number, node_id=str(thread)))

    threads = [threading.Thread(target=produce, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.flush()
    rows = Spans(database).list("r", limit=5_000)
    assert len(rows) == 1_600
    for thread in range(8):
        assert [row.name for row in rows if row.node_id == str(thread)] == [
            f"n{thread * 1_000 + n}" for n in range(200)
        ]


def test_full_queue_drops_and_counts(database: Database) -> None:
    """When the thread cannot keep up, rows beyond the capacity are counted, and put does not wait."""
    writer = SpanWriter(database, capacity=10)
    with database.connection():  # holds the write lock, so that the writer is stuck
        writer.put(begun(0))
        time.sleep(0.3)
        for number in range(1, 51):
            writer.put(begun(number))
        assert writer.dropped == 40
    writer.close()
    assert len(Spans(database).list("r")) == 11


def test_rows_are_written_soon_without_a_flush(database: Database, writer: SpanWriter) -> None:
    """A row is on disk within a fraction of a second by itself."""
    writer.put(begun(1))
    until = time.monotonic() + 3
    while not Spans(database).list("r") and time.monotonic() < until:
        time.sleep(0.02)
    assert len(Spans(database).list("r")) == 1


def test_full_disk_is_counted_and_raised_by_flush(database: Database, writer: SpanWriter) -> None:
    """Rows the disk refuses are counted; flush says why; the writer goes on when there is room again."""

    @event.listens_for(database.engine, "connect")
    def fill(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    database.engine.dispose()
    for number in range(20):
        writer.put(begun(number, input="x" * 50_000 + str(number)))
    with pytest.raises(StoreError, match="disk is full"):
        writer.flush()
    assert writer.dropped == 20
    event.remove(database.engine, "connect", fill)
    database.engine.dispose()
    writer.put(begun(100))
    writer.flush()
    assert [row.name for row in Spans(database).list("r")] == ["n100"]


def test_closed_writer_drops_and_counts(database: Database) -> None:
    """Closing writes what waits; later rows are counted, and closing twice does nothing."""
    writer = SpanWriter(database)
    writer.put(begun(1))
    writer.close()
    writer.close()
    writer.put(begun(2))
    writer.flush()
    assert ([row.name for row in Spans(database).list("r")], writer.dropped) == (["n1"], 1)


TRACER = """
import sys
from pathlib import Path
from store.database import Database
from store.spans import SpanWriter
writer = SpanWriter(Database(Path(sys.argv[1])))
for n in range(1_000_000):
    row = {"id": f"{n:016x}", "run_id": "r", "operation": "chat", "name": str(n), "started_at": 1.0}
    writer.put({**row, "input": "x" * 5_000})
    if n % 25 == 24:
        writer.flush()
        print(n + 1, flush=True)
"""


def test_kill_loses_no_flushed_span(home: Home) -> None:
    """A process killed while tracing has lost nothing it flushed, and long values are whole."""
    flushed = int(lines_until_killed(child(TRACER, home.database), 15)[-1])
    spans = Spans(Database(home.database))
    rows = spans.list("r", limit=100_000)
    assert flushed <= len(rows)
    assert [row.name for row in rows] == [str(n) for n in range(len(rows))]
    assert spans.get(rows[-1].id).input == "x" * 5_000
