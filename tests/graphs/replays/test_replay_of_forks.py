"""A run that keeps visits, or that a person changed at a stop, replays exactly too."""

import asyncio
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from graphs.document import Document
from graphs.replay import replay
from graphs.replay_recording import recording_of_run
from store.spans import Spans
from tests.graphs.engine.fakes import workflow
from tests.graphs.engine.saved import SAVED_KINDS, Desk, at, chain, points


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    made.open()
    yield made
    made.close()


def replayed(desk: Desk, row: Any) -> Any:
    desk.writer.flush()
    spans = Spans(desk.database)
    rows = [asdict(spans.get(each.id)) for each in spans.list(row.id)]
    document = Document.model_validate(desk.versions.pinned(row.version_hash))
    return asyncio.run(replay(recording_of_run(row, document, rows), kinds=SAVED_KINDS))


PROMPTS = workflow(
    {f"p{i}": ("prompt", {"prompt": "Say {{x}}"}) for i in range(3)},
    "start -> p0, p0 -> p1, p1 -> p2, p2 -> finish",
    "start.x -> p0.x, p0.answer -> p1.x, p1.answer -> p2.x, p2.answer -> finish.answer",
    inputs={"x": {"type": "text"}},
)


def test_a_fork_replays_with_what_it_kept(desk: Desk) -> None:
    """Kept visits have no calls of their own; they come to what they came to."""
    first = desk.run(PROMPTS, {"x": "a"}, model="scripted:one")
    fork = desk.fork(first.id, node="p1", changes={"inputs": {"x": "b"}})
    report = replayed(desk, fork)
    assert report.same, report.lines()
    assert report.outputs == fork.outputs


def test_a_run_changed_at_its_stops_replays(desk: Desk) -> None:
    """Inputs, outputs and state that a person set are in the recording."""
    document = workflow(
        **{**chain("a", "b", "c", b={"to": "log"}), "state": {"log": {"type": "list[text]", "reducer": "append"}}}
    )
    row = desk.run(document, breakpoints=points("before a", "before b", "after c"))
    row = desk.debug(row.id, "continue", edits={"inputs": {"a": "in"}})
    row = desk.debug(row.id, "continue", edits={"state": {"log": ["x"]}})
    assert at(row) == ["after c"] and row.forms[0]["stop"]["state"] == {"log": ["x", "b(a(in))"]}
    row = desk.debug(row.id, "continue", edits={"outputs": {"out": "C"}})
    report = replayed(desk, row)
    assert report.same, report.lines()
    assert report.outputs == {"answer": "C"}
