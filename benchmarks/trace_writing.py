"""Whether comments and full-text search slow the writing of spans: with their tables and trigger, and without.

In turns, for a machine is never quite the same. Each turn writes the same spans into a new database through the
product's own writer, until all are committed. A third sort writes while another thread searches, so that the index
grows at the same time.
"""

import statistics
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.trace_data import Story
from store.database import Database
from store.runs import Runs
from store.spans import SpanWriter
from store.trace_reader import TraceReader

SPANS: Final = 8_000
TURNS: Final = 7
WITHOUT: Final = (
    "DROP TRIGGER span_removed", "DROP TABLE comment", "DROP TABLE searched_open", "DROP TABLE searched_run",
    "DROP TABLE span_fts",
)  # fmt: skip


@dataclass
class Writing:
    """Seconds to write ``SPANS`` spans."""

    given: list[float] = field(default_factory=list[float])
    without: list[float] = field(default_factory=list[float])
    searching: list[float] = field(default_factory=list[float])

    def table(self) -> str:
        """The figures as Markdown."""
        mid = statistics.median
        ratios = [mine / theirs for mine, theirs in zip(self.given, self.without, strict=True)]
        loads = [mine / theirs for mine, theirs in zip(self.searching, self.given, strict=True)]
        return "\n".join(
            [
                f"| writing {SPANS:,} spans | median of {len(self.given)} | paired |",
                "|---|---:|---:|",
                f"| without search and comments in the schema | {1000 * mid(self.without):.0f} ms | |",
                f"| as it is | {1000 * mid(self.given):.0f} ms | {mid(ratios):.2f} times |",
                f"| while another searches | {1000 * mid(self.searching):.0f} ms | {mid(loads):.2f} times |",
            ]
        )


def measure_writing(folder: Path) -> Writing:
    """All sorts in turns, each on a database of its own; the order changes from turn to turn."""
    folder.mkdir()
    found = Writing()
    sorts: list[tuple[list[float], dict[str, Any]]] = [
        (found.given, {}), (found.without, {"bare": True}), (found.searching, {"search": True}),
    ]  # fmt: skip
    for turn in range(TURNS):
        for at in range(len(sorts)):
            times, how = sorts[(turn + at) % len(sorts)]
            times.append(_write(folder / f"{turn}-{at}.db", **how))
    return found


def _write(path: Path, *, bare: bool = False, search: bool = False) -> float:
    database = Database(path)
    if bare:
        with database.connection() as connection:
            for statement in WITHOUT:
                connection.exec_driver_sql(statement)
    run = Runs(database).create(title="Writing", version_hash="h", inputs={})
    rows = list(Story(run.id, 1).spans(SPANS))
    done = threading.Event()
    searcher = threading.Thread(target=_search, args=(TraceReader(database), done))
    writer = SpanWriter(database)
    if search:
        searcher.start()
    began = time.perf_counter()
    for row in rows:
        writer.put(row)
    writer.flush()
    took = time.perf_counter() - began
    done.set()
    if search:
        searcher.join()
    writer.close()
    assert writer.dropped == 0
    database.close()
    return took


def _search(reader: TraceReader, done: threading.Event) -> None:
    while not done.is_set():
        reader.search("estimate 4242")
