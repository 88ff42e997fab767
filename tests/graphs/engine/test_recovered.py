"""The end of a trace that a killed process took with it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graphs.checkpoints import Checkpoints
from graphs.recovered import recover
from tests.graphs.engine.fakes import Bench, MemorySpans, workflow

LOOP = workflow(
    {"work": "t.slow", "again": ("control.loop_limit", {"max_turns": 2}), "ask": "control.ask"},
    "start -> work, work -> again, again.again -> work, again.exhausted -> ask, ask -> finish",
    "work.out -> finish.answer",
)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A runner that can be asked what it has compiled."""
    made = Bench(tmp_path).open()
    yield made
    made.runner.close()


def _again(bench: Bench, row: Any, trace: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is written where only ``trace`` is left, in the order of the visits."""
    spans, checkpoints = MemorySpans(), Checkpoints(bench.folder / "checkpoints.db")
    try:
        compiled = bench.runner._compiled(bench.runs.get(row.id))  # pyright: ignore
        recover(bench.runs.get(row.id), compiled.workflow, checkpoints, trace, spans)
    finally:
        checkpoints.close()
    return sorted(spans.rows.values(), key=lambda span: span["step"])


def _visits(bench: Bench) -> list[dict[str, Any]]:
    return sorted(bench.spans.of("invoke_node"), key=lambda span: span["step"])


def test_visits_that_ended_are_there_again(bench: Bench) -> None:
    """Each visit of a loop with its outputs and the outcome it took, the one that waits for a person not."""
    row = bench.run(LOOP)
    assert row.status == "waiting"
    ended = [span for span in _visits(bench) if span["status"] == "ok"]
    again = _again(bench, row, [])
    names = ("node_id", "kind", "name", "visit", "step", "outcome", "status", "parent_id", "operation", "run_id")
    assert [[span[name] for name in names] for span in again] == [[span[name] for name in names] for span in ended]
    assert [span["output"] for span in again if span["node_id"] == "work"] == [
        span["output"] for span in ended if span["node_id"] == "work"
    ]
    assert all(span["attributes"] == {"recovered": True} for span in again)
    assert all(abs(mine["started_at"] - its["started_at"]) < 5 for mine, its in zip(again, ended, strict=True))


def test_what_the_trace_has_is_left_alone(bench: Bench) -> None:
    """Nothing is written for visits that ended there; one that was seen to begin keeps its span and its input."""
    row = bench.run(LOOP)
    trace = [dict(span) for span in _visits(bench)]
    assert _again(bench, row, trace) == []
    cut = next(span for span in trace if (span["node_id"], span["visit"]) == ("work", 2))
    cut |= {"status": "lost", "output": None, "outcome": None}
    (mended,) = _again(bench, row, trace)
    assert (mended["id"], mended["status"], mended["started_at"]) == (cut["id"], "ok", cut["started_at"])
    assert "input" not in mended  # so that the one that is there stays
