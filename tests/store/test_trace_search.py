"""Full-text search: filled when asked, brought up to date, forgetting what is removed."""

import sqlite3
import time

import pytest

from store import trace_search
from store.database import Database
from store.memory_rows import reading
from store.runs import Runs
from store.trace_reader import TraceReader, TreeQuery
from tests.store.traces import chat, new_run, root, span, tutor, write


@pytest.fixture
def run(database: Database) -> str:
    """The tutor's run."""
    id = new_run(database)
    write(database, *tutor(id))
    return id


@pytest.fixture
def reader(database: Database) -> TraceReader:
    return TraceReader(database)


def found(reader: TraceReader, run: str, q: str) -> list[str]:
    return [row.id for row in reader.window(run, TreeQuery(q=q)).rows if row.hit is not None]


@pytest.mark.parametrize(
    ("q", "hits"),
    [
        ("house josh", ["c-plan", "c-solve"]),
        ("hous", ["c-plan", "c-solve"]),
        ("HOUSE 80,000", ["c-solve"]),
        ("cafe", ["c-again"]),
        ("1.5", ["tool"]),
        ("120000", ["tool"]),
        ("calculator", ["tool"]),
        ("revise", ["critique"]),
        ("nothing like it", []),
        ('" OR name:*', []),
    ],
)
def test_words_are_found_from_their_beginning(reader: TraceReader, run: str, q: str, hits: list[str]) -> None:
    """In any case, without accents, in what went in and out, in names; every word in one span; no query language."""
    assert found(reader, run, q) == hits


def test_what_is_found_stands_with_all_above_it(reader: TraceReader, run: str) -> None:
    """The tree is cut to the hits and their way down; an excerpt marks the words."""
    window = reader.window(run, TreeQuery(q="house buys"))
    assert [row.id for row in window.rows] == ["root", "solve", "c-solve"]
    assert (window.found, window.searched, window.of) == (1, 9, 9)
    assert window.rows[-1].hit is not None and "\u0002HOUSE\u0003" in window.rows[-1].hit


def test_an_empty_query_is_no_search(reader: TraceReader, run: str) -> None:
    """Nor is one of signs alone: the whole tree is there."""
    for q in ("", "  ", "?!"):
        window = reader.window(run, TreeQuery(q=q))
        assert (window.found, window.total) == (None, 9)


def test_nothing_is_indexed_before_something_is_searched(database: Database, run: str, reader: TraceReader) -> None:
    """Reading a run leaves the index empty; a search fills it for that run alone."""
    other = new_run(database)
    write(database, root(other, 1, "other"))
    reader.window(run, TreeQuery())
    assert _indexed(database) == 0
    reader.window(run, TreeQuery(q="house"))
    assert _indexed(database) == 9


def test_a_span_that_ends_later_is_found_by_what_it_gave(database: Database, reader: TraceReader) -> None:
    """While it is open by what went in, once it has ended by all of it."""
    run = new_run(database)
    write(database, span(run, "n", None, 0, None, input={"task": "apples"}))
    assert (found(reader, run, "apples"), found(reader, run, "pears")) == (["n"], [])
    write(database, {"id": "n", "status": "ok", "ended_at": 2.0, "output": {"text": "pears"}})
    assert (found(reader, run, "apples"), found(reader, run, "pears")) == (["n"], ["n"])


def test_a_long_value_is_searched_too(database: Database, reader: TraceReader) -> None:
    """Its first 100,000 characters, wherever they are kept."""
    run = new_run(database)
    long = "word " * 3_000 + "needle " + "word " * 30_000 + "beyond"
    write(database, span(run, "n", None, 0, 1, output={"text": long}))
    assert (found(reader, run, "needle"), found(reader, run, "beyond")) == (["n"], [])


def test_the_index_grows_a_little_with_each_call(database: Database) -> None:
    """No call takes much longer than its time; in the end all is searched."""
    run = new_run(database)
    write(database, root(run, 1), *(chat(run, f"c{at}", "root", at, at + 1, f"number {at}") for at in range(3_000)))
    began = time.perf_counter()
    first = trace_search.advance(database, run, seconds=0.01)
    assert time.perf_counter() - began < 1
    assert 0 < first.searched < first.of == 3_001
    assert trace_search.advance(database, run, seconds=60) == trace_search.Progress(3_001, 3_001)


def test_all_runs_are_searched_the_newest_first(database: Database, run: str, reader: TraceReader) -> None:
    """Each hit has its run; pages go on before the last one."""
    other = new_run(database, "Buyer")
    write(database, chat(other, "o", "x", 0, 1, "A house for Ada"))
    hits, progress = reader.search("house")
    assert [(hit.run.title, hit.id) for hit in hits] == [
        ("Buyer", "o"),
        ("Maths tutor", "c-solve"),
        ("Maths tutor", "c-plan"),
    ]
    assert progress.searched == progress.of == 10
    assert [hit.id for hit in reader.search("house", limit=1, before=hits[0].seq)[0]] == ["c-solve"]


def test_a_removed_run_is_gone_from_the_index(database: Database, run: str, reader: TraceReader) -> None:
    """Its text is not kept by the search."""
    reader.search("house")
    Runs(database).delete(run)
    assert _indexed(database) == 0
    assert reader.search("house")[0] == []


def test_spans_are_written_while_another_searches(database: Database, run: str, reader: TraceReader) -> None:
    """What came since the last search is found by the next one."""
    assert found(reader, run, "late") == []
    write(database, chat(run, "late", "again", 8, 9, "a late thought"))
    assert found(reader, run, "late") == ["late"]


def _indexed(database: Database) -> int:
    with reading(database) as connection:
        assert isinstance(connection, sqlite3.Connection)
        return connection.execute("SELECT count(*) FROM span_fts").fetchone()[0]
