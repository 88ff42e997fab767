"""Spans of one run, from the wrapper and the context to the store's writer.

A span that ends within ``PATIENCE`` is written once, whole. One that is still open then is written as
``running`` too, so that a killed process leaves visible where it was. Values are copied when they are
recorded: what a node does to them later does not change the trace.
"""

import asyncio
import itertools
import secrets
import time
from collections.abc import Mapping
from typing import Any, Final, Protocol

from nodes.contract import NodeError

PATIENCE: Final = 0.1
"""Seconds before an open span is written."""

Row = dict[str, Any]
_numbers: Final = itertools.count(secrets.randbits(63))
"""Ids follow one another from a random start: unique across processes, and the index on them grows at its end."""


class SpanSink(Protocol):
    """Where rows go; ``store.spans.SpanWriter``. Rows of the same id are merged."""

    def put(self, span: Row) -> None: ...

    def settle(self) -> None:
        """Wait until everything put before was written, or could not be; blocks, and never fails."""
        ...

    def flush(self) -> None:
        """Wait until everything put before is on the disk."""
        ...


def new_id() -> str:
    """16 hex digits."""
    return f"{next(_numbers):016x}"


def snapshot(value: Any) -> Any:
    """A copy of JSON-like data; scalars are themselves."""
    kind = type(value)
    if kind is str or kind is int or kind is float or kind is bool or value is None:
        return value
    if isinstance(value, Mapping):
        return {str(key): snapshot(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [snapshot(each) for each in value]
    return value if isinstance(value, str | int | float) else repr(value)


def strict_snapshot(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a node's outputs. Raises NodeError for what is not JSON-like."""
    copy: dict[str, Any] = {}
    for name, value in outputs.items():
        kind = type(value)
        copy[name] = value if kind is str or kind is int else _strict(name, value)
    return copy


def _strict(name: str, value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, dict):
        return {_key(name, key): _strict(name, each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(name, each) for each in value]
    raise NodeError(
        f"The output {name!r} holds a {type(value).__name__}, which cannot be saved",
        mend="The node's own code is at fault: outputs are text, numbers, lists and records of them.",
    )


def _key(name: str, key: Any) -> str:
    if isinstance(key, str):
        return key
    raise NodeError(
        f"The output {name!r} has the key {key!r}, which is not a text",
        mend="The node's own code is at fault: keys of records are texts.",
    )


class Span:
    """One open span; ``end`` writes it."""

    __slots__ = ("_tracer", "ended_at", "id", "row", "started_at")

    def __init__(self, tracer: "Tracer", row: Row) -> None:
        self._tracer = tracer
        self.id: str = row["id"]
        self.row = row
        self.started_at: float = row.get("started_at", 0.0)
        self.ended_at: float | None = None

    def rename(self, id: str) -> None:
        """Give the span another id, before anything of it was written."""
        self._tracer.rename(self, id)

    def note(self, **fields: Any) -> None:
        """Set columns of the row, to be written when it ends."""
        self.row.update(fields)

    def end(self, status: str = "ok", **fields: Any) -> None:
        """Close the span with a status and write it."""
        row = self.row
        row.update(fields)
        row["status"] = status
        row["ended_at"] = self.ended_at = time.time()
        self._tracer.close(self)

    @property
    def seconds(self) -> float:
        return (self.ended_at or time.time()) - self.started_at


class Tracer:
    """The open spans of one run."""

    def __init__(self, sink: SpanSink, run_id: str) -> None:
        self._sink = sink
        self._run_id = run_id
        self._open: dict[str, Span] = {}
        self._ended: list[Row] = []
        self._announced: set[str] = set()
        self._below: dict[str, tuple[list[Row], ...]] = {}
        """Open span -> the lists of those who watch it or a span above it."""

    def watch(self, root: Span) -> list[Row]:
        """The list in which the spans that begin below ``root`` from now on are gathered as they end."""
        rows: list[Row] = []
        self._below[root.id] = (*self._below.get(root.id, ()), rows)
        return rows

    def start(self, operation: str, name: str, parent_id: str | None, id: str | None = None, **fields: Any) -> Span:
        """Open a span. ``fields`` are columns of the table; values among them are copied by the caller."""
        row: Row = {
            "id": id or new_id(),
            "run_id": self._run_id,
            "parent_id": parent_id,
            "operation": operation,
            "name": name,
            "status": "running",
            "started_at": time.time(),
            **fields,
        }
        span = Span(self, row)
        self._open[span.id] = span
        if parent_id in self._below:
            self._below[span.id] = self._below[parent_id]
        return span

    def rename(self, span: Span, id: str) -> None:
        self._open.pop(span.id, None)
        watchers = self._below.pop(span.id, ())
        span.id = span.row["id"] = id
        self._open[id] = span
        if watchers:
            self._below[id] = watchers

    def reopen(self, id: str, **fields: Any) -> Span:
        """A span started before, perhaps by another process that died before it was written.

        ``fields`` are the columns that ``start`` was given, and when it was started.
        """
        span = self._open.get(id)
        if span is None:
            span = self._open[id] = Span(self, {"id": id, "run_id": self._run_id, "status": "running", **fields})
        return span

    def close(self, span: Span) -> None:
        self._open.pop(span.id, None)
        self._announced.discard(span.id)
        self._ended.append(span.row)
        for rows in self._below.pop(span.id, ()):
            rows.append(span.row)

    def flush(self) -> None:
        """Hand over the spans that have ended.

        In bursts, for each row put wakes the writer's thread, which then competes for the interpreter.
        """
        ended, self._ended = self._ended, []
        for row in ended:
            self._sink.put(row)

    async def settle(self) -> None:
        """Hand over what has ended, and wait until it is on the disk: a killed process does not lose it."""
        self.flush()
        await asyncio.to_thread(self._sink.settle)

    def announce(self) -> None:
        """Hand over what has ended, and what has been open for a while and is not written yet."""
        self.flush()
        before = time.time() - PATIENCE
        for id, span in self._open.items():
            if id not in self._announced and span.started_at <= before:
                self._announced.add(id)
                self._sink.put(dict(span.row))

    async def announce_regularly(self) -> None:
        """Run until cancelled."""
        while True:
            await asyncio.sleep(PATIENCE)
            self.announce()

    def end_all(self, status: str) -> None:
        """Close what is still open, innermost first."""
        for span in reversed(list(self._open.values())):
            span.end(status)
        self.flush()
