"""A recording as the rows of a trace, so that everything that reads runs reads it: inspector, rules, comparison.

A recording has the times of node visits only. What happens in between is put between them: a span begins with the
visit it belongs to, and ends before what came next began, so the order is the recorded one and times are rough.
"""

from collections.abc import Iterator
from typing import Any, Final

from graphs.failures.trace import Row
from graphs.replay_recording import RecordedSpan, Recording
from graphs.tracer import new_id

_COLUMNS: Final = (
    "operation", "name", "node_id", "kind", "visit", "item", "status", "input", "output", "outcome", "error",
    "input_tokens", "output_tokens", "finish_reason",
)  # fmt: skip


TICK: Final = 1e-6
"""Seconds between two spans of which it is only known which began first."""


def rows_of(recording: Recording, run_id: str) -> list[Row]:
    """The spans of the run ``run_id`` that the recording becomes, in the order they began; ids are new."""
    ids = [run_id[:16], *(new_id() for _ in recording.spans[1:])]
    return list(_rows(recording, run_id, ids, _begins(recording)))


def _rows(recording: Recording, run_id: str, ids: list[str], begins: list[float]) -> Iterator[Row]:
    for span in recording.spans:
        next_one = min(max(span.last, span.id), len(begins) - 1)  # ids count from 1, places from 0
        row: dict[str, Any] = {name: getattr(span, name) for name in _COLUMNS}
        yield row | {
            "id": ids[span.id - 1], "run_id": run_id, "parent_id": ids[span.parent - 1] if span.parent else None,
            "started_at": begins[span.id - 1], "ended_at": begins[next_one], "attempt": 1,
            **_asked(span),
        }  # fmt: skip


def _asked(span: RecordedSpan) -> dict[str, Any]:
    """Of a model call whom it asked, and how; of a visit what else is known."""
    if span.operation != "chat":
        return {"attributes": _attributes(span) or None}
    provider, _, model = span.name.partition(":")
    return {"provider": provider, "request_model": model or provider, "attributes": dict(span.asked)}


def _begins(recording: Recording) -> list[float]:
    """When each span began: a visit as recorded, any other right after what began before it; always rising."""
    first = next((span.at for span in recording.spans if span.at is not None), 1.0)
    found: list[float] = [first - TICK]
    for span in recording.spans[1:]:
        found.append(max(found[-1] + TICK, span.at or 0.0))
    return found


def _attributes(span: RecordedSpan) -> dict[str, Any]:
    items: Any = span.input.get("items") if isinstance(span.input, dict) else None
    frame = {"items": len(items)} if span.kind == "control.for_each" and isinstance(items, list) else {}
    edited = {"edited": {"state": span.state}} if span.state else {}
    return {**frame, **edited}
