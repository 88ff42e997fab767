"""Recalled where, the timeline and the map."""

import sqlite3
import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest
from alembic import command
from alembic.config import Config

from store import memory_map, memory_uses
from store.database import MIGRATIONS, Database
from store.home import Home
from store.memories import Draft, Memories
from store.runs import Runs
from store.spans import SpanWriter

DAY = 86_400.0
MEMORY = (
    "id, space_id, text, kind, importance, source, content_hash, created_at, updated_at, uses, vector,"
    " embedding_model, indexed"
)
RUN = "id, title, version_hash, status, inputs, limits, forms, created_at, seconds, steps, input_tokens, output_tokens"


@pytest.fixture
def spans(database: Database) -> Iterator[SpanWriter]:
    """A writer of spans."""
    writer = SpanWriter(database)
    yield writer
    writer.close()


def recall(database: Database, spans: SpanWriter, id: str, output: Any, *, at: float = 1_000.0) -> str:
    """A run whose Recall node got ``output``; returns the run's id."""
    run = Runs(database).create(title="Tutor", version_hash="a" * 64, inputs={})
    common = {"run_id": run.id, "started_at": at, "node_id": "recall"}
    spans.put({"id": f"n{id}", "operation": "invoke_node", "name": "Look back", "status": "ok", **common})
    searched = {"operation": "retrieve_memory", "name": "s", "input": {"query": "fruit"}}
    spans.put({"id": id, "parent_id": f"n{id}", **searched, **common})
    spans.flush()
    spans.put({"id": id, "status": "ok", "ended_at": at + 1, "output": output})
    spans.flush()
    return run.id


def hits(memories: Memories, query: str = "apple") -> list[dict[str, Any]]:
    """What a span holds."""
    return [asdict(hit) for hit in memories.search("s", query)]


def test_recalls_are_found_from_the_record(memories: Memories, database: Database, spans: SpanWriter) -> None:
    """Run, node, span, place, score and query of each search that returned it, the last first."""
    first, second = memories.add_all("s", [Draft("red apple"), Draft("green apple tree and more words")])
    recall(database, spans, "s1", hits(memories), at=1_000.0)
    recall(database, spans, "s2", hits(memories), at=2_000.0)
    last, before = memory_uses.recalled(database, second)
    assert (last.run, last.title, last.node, last.span, last.at) == ("r-0002", "Tutor", "Look back", "s2", 2_000.0)
    assert (last.place, last.query, before.run) == (2, "fruit", "r-0001")
    assert 0 < last.score < 1
    assert len(memory_uses.recalled(database, first, limit=1)) == 1


def test_long_answers_are_read_from_their_artifact(memories: Memories, database: Database, spans: SpanWriter) -> None:
    """A hit list over the column's limit is kept aside, and its records are found all the same."""
    id = memories.add("s", "apple " * 2_000)
    recall(database, spans, "s1", hits(memories))
    assert [use.span for use in memory_uses.recalled(database, id)] == ["s1"]


@pytest.mark.parametrize(
    "output",
    [[], [1, "two", None], {"id": "x"}, "text", [{"id": "nobody"}], [{"no": "id"}], 7, [{"id": 5, "score": "x"}]],
)
def test_other_outputs_do_no_harm(memories: Memories, database: Database, spans: SpanWriter, output: Any) -> None:
    """Whatever a span holds, it is written, and no use is made up."""
    id = memories.add("s", "apple")
    recall(database, spans, "s1", output)
    assert memory_uses.recalled(database, id) == []
    assert spans.dropped == 0


def test_uses_go_with_the_run_and_with_the_record(memories: Memories, database: Database, spans: SpanWriter) -> None:
    """Deleting either leaves nothing behind."""
    kept, gone = memories.add_all("s", [Draft("red apple"), Draft("green apple")])
    run = recall(database, spans, "s1", hits(memories))
    memories.forget(gone)
    assert memory_uses.recalled(database, gone) == []
    assert len(memory_uses.recalled(database, kept)) == 1
    Runs(database).update(run, status="done")
    Runs(database).delete(run)
    assert memory_uses.recalled(database, kept) == []


def test_timeline_counts_by_day_and_kind_where_the_reader_is(
    memories: Memories, database: Database, spans: SpanWriter
) -> None:
    """Written and recalled by the reader's day; a time zone can move a record to the next one."""
    memories.add_all("s", [Draft("red apple", kind="fact"), Draft("green apple", kind="fact"), Draft("pear")])
    late = 20 * DAY + 23 * 3_600
    with database.connection() as connection:
        connection.exec_driver_sql("UPDATE memory SET updated_at = ?", (late,))
    recall(database, spans, "s1", hits(memories)[:2], at=late)
    at = {"since": 0.0, "now": late}
    written = {(day.day, day.kind): day.records for day in memory_uses.written(database, "s", **at)}
    assert written == {("1970-01-21", "fact"): 2, ("1970-01-21", "note"): 1}
    used = memory_uses.used(database, "s", offset=7_200.0, **at)
    assert {day.day for day in used} == {"1970-01-22"}
    assert sum(day.records for day in used) == 2
    assert memory_uses.written(database, "s", since=late + 1, now=late) == []


def test_old_databases_get_the_uses_of_their_spans(home: Home) -> None:
    """Records and spans written before the tables of uses existed are kept, and their recalls found."""
    with sqlite3.connect(home.database) as connection:
        _first_schema(connection)
        connection.execute("INSERT INTO memory_space (id, name, description, created_at) VALUES (1, 's', '', 0)")
        values = ("m1", 1, "red apple", "note", 5.0, "{}", "h", 1.0, 1.0, 0, b"", "words", False)
        connection.execute(f"INSERT INTO memory ({MEMORY}) VALUES ({', '.join('?' * 13)})", values)
        given = ("r1", "Old", "h", "done", "{}", "{}", "[]", 0.0, 0.0, 0, 0, 0)
        connection.execute(f"INSERT INTO run ({RUN}) VALUES ({', '.join('?' * 12)})", given)
        connection.execute(
            "INSERT INTO span (id, run_id, operation, name, status, started_at, output)"
            " VALUES ('s1', 'r1', 'retrieve_memory', 's', 'ok', 5.0, '[{\"id\": \"m1\", \"score\": 0.5}]')"
        )
    database = Database(home.database)
    (use,) = memory_uses.recalled(database, "m1")
    assert (use.run, use.place, use.score, use.node) == ("r-0001", 1, 0.5, "s")
    with database.session() as session:
        row = session.connection().exec_driver_sql("SELECT data, layer, trusted, expires_at FROM memory").one()
    assert tuple(row) == ("{}", "", 1, None)
    database.close()


def _first_schema(connection: sqlite3.Connection) -> None:
    """The schema before this version."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as opened:
        config.attributes["connection"] = opened
        command.upgrade(config, "0001")


def test_map_puts_like_records_together(memories: Memories, database: Database) -> None:
    """Records that share words lie nearer to each other than to others; a query lies among its like."""
    memories.add_all(
        "s",
        [Draft(f"red apple pie {n}") for n in range(8)] + [Draft(f"blue sky sea {n}", kind="far") for n in range(8)],
    )
    drawn = memory_map.draw(database, "s", time.time())
    assert drawn is not None
    sides = {kind: [spot.x for spot in drawn.spots if spot.kind == kind] for kind in ("note", "far")}
    assert max(sides["note"]) < min(sides["far"]) or min(sides["note"]) > max(sides["far"])
    x, _ = drawn.place(memories.vector("red apple pie"))
    means = {kind: sum(xs) / len(xs) for kind, xs in sides.items()}
    assert abs(x - means["note"]) < abs(x - means["far"])
    again = memory_map.draw(database, "s", time.time())
    assert again is not None
    assert [(spot.x, spot.y) for spot in again.spots] == [(spot.x, spot.y) for spot in drawn.spots]


def test_map_needs_three_records_and_takes_the_newest(memories: Memories, database: Database) -> None:
    """Fewer give no map; of many only the newest are drawn."""
    memories.add_all("s", [Draft("one apple"), Draft("two pears")])
    assert memory_map.draw(database, "s", time.time()) is None
    memories.add_all("s", [Draft(f"plum {n}") for n in range(4)])
    drawn = memory_map.draw(database, "s", time.time(), most=4)
    assert drawn is not None
    assert {spot.text for spot in drawn.spots} == {f"plum {n}" for n in range(4)}
