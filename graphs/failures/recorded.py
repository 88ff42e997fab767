"""A recording (``graphs.replay_recording``) as a run that detectors read."""

from dataclasses import dataclass, field
from typing import Any

from graphs.failures.trace import ListSource, Row, Trace
from graphs.replay_recording import RecordedSpan, Recording


@dataclass(frozen=True)
class RecordedRun:
    """The run of a recording; it has ended, so nothing waits."""

    number: str
    status: str
    inputs: dict[str, Any]
    outputs: dict[str, Any] | None
    error: dict[str, Any] | None
    forms: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


def trace_of(recording: Recording) -> Trace:
    """The trace of a recording. Its spans have no times: they count by the order in which they began and ended."""
    source = ListSource([_row(span) for span in recording.spans])
    run = RecordedRun(
        recording.number, recording.status, dict(recording.inputs), recording.outputs, recording.error
    )  # fmt: skip
    return Trace(source, recording.document, run)


def _row(span: RecordedSpan) -> Row:
    attributes: dict[str, Any] = dict(span.asked)
    if span.kind == "control.for_each" and isinstance(span.input, dict):
        attributes["items"] = len(span.input.get("items") or ())
    row = span.model_dump(exclude={"parent", "last", "at", "in_tool", "retried", "asked"})
    return row | {
        "id": _id(span.id), "parent_id": _id(span.parent) if span.parent else None, "started_at": float(span.id),
        "ended_at": span.last + 0.5, "attempt": None, "attributes": attributes,
    }  # fmt: skip


def _id(number: int) -> str:
    """16 hex digits, which sort as they count."""
    return f"{number:016x}"
