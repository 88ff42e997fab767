"""Writing the trace: a bounded queue and one thread that owns the connection and writes batches.

A commit for each span would cost ten times the work it describes; one for each batch of 512 rows or
100 ms costs a few microseconds a row. Serialising and cutting long values happen in the thread too,
so a value must not change after it was put. A span is put when it starts and again when it ends: a
killed run shows where it was.
"""

import atexit
import logging
import queue
import threading
from collections.abc import Mapping
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection

from store import artifacts
from store.database import Database
from store.errors import StoreError
from store.json_text import as_json
from store.tables import Span

_ROWS: Final = 512
_SECONDS: Final = 0.1
_TRIES: Final = 3
_LONG: Final = ("input", "output", "attributes")
_REQUIRED: Final = frozenset({"run_id", "operation", "name", "started_at"})
_COLUMNS: Final = tuple(name for name in Span.model_fields if name != "seq")
_NAMES: Final = frozenset(_COLUMNS)
_POSITION: Final = {name: position for position, name in enumerate(_COLUMNS)}
_TOGETHER: Final = 64
"""Rows in one statement: the driver lets go of the interpreter for each statement, and has to get it back."""
_UPDATE: Final = f"UPDATE span SET {', '.join(f'{name} = coalesce(?, {name})' for name in _COLUMNS)} WHERE id = ?"  # noqa: S608
_FIRST: Final = "started_at"
"""A span that goes on in another process began when it first did."""


def _insert_sql(rows: int) -> str:
    """The statement that writes so many rows; a span that is there already is changed."""
    places = f"({', '.join('?' * len(_COLUMNS))})"
    changes = ", ".join(
        f"{name} = min(excluded.{name}, {name})" if name == _FIRST else f"{name} = coalesce(excluded.{name}, {name})"
        for name in _COLUMNS
    )
    return (
        f"INSERT INTO span ({', '.join(_COLUMNS)}) VALUES {', '.join([places] * rows)} "  # noqa: S608 - our own names
        f"ON CONFLICT (id) DO UPDATE SET {changes}"
    )


_INSERT: Final = _insert_sql(1)
_INSERT_TOGETHER: Final = _insert_sql(_TOGETHER)
_log = logging.getLogger(__name__)

Row = dict[str, Any]


class SpanWriter:
    """Writes spans to ``database``; ``put`` never waits and never fails.

    ``dropped`` counts rows lost because ``capacity`` rows were waiting or the disk refused them.
    """

    def __init__(self, database: Database, *, capacity: int = 16_384) -> None:
        self.dropped = 0
        self._database = database
        self._capacity = capacity
        self._queue: queue.SimpleQueue[Mapping[str, Any] | _Mark] = queue.SimpleQueue()
        self._hurry = threading.Event()  # set: do not wait for the batch to fill
        self._guard = threading.Lock()
        self._error: StoreError | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="span-writer", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def put(self, row: Mapping[str, Any]) -> None:
        """Write or change the span ``row["id"]``; columns not named, or None, stay as they are.

        The first row of a span needs run_id, operation, name and started_at; its status is running
        unless named. ``store.spans.SpanRow`` has the columns; others are left out and logged.
        """
        waiting = self._queue.qsize()
        if self._closed or waiting >= self._capacity:
            self._drop(1)
            return
        self._queue.put(row)
        if waiting == _ROWS:
            self._hurry.set()

    def settle(self, timeout: float = 5.0) -> None:
        """Wait until everything put before is committed, at most ``timeout`` seconds; what fails ``flush`` tells.

        For work that would be dear to do again: what a fork keeps is what the trace has.
        """
        if not self._closed:
            mark = _Mark()
            self._queue.put(mark)
            self._hurry.set()
            mark.reached.wait(timeout)

    def flush(self, timeout: float = 15.0) -> None:
        """Wait until everything put before is committed.

        Raises StoreError where the disk refused rows since the last flush, or after ``timeout`` seconds.
        """
        if not self._closed:
            self._await(_Mark(), timeout)
        error, self._error = self._error, None
        if error is not None:
            raise error

    def close(self) -> None:
        """Write what waits and end the thread; rows put later are dropped and counted."""
        if self._closed:
            return
        self._closed = True
        atexit.unregister(self.close)
        self._await(_Mark(last=True), timeout=15.0)
        self._thread.join(timeout=1.0)

    def _await(self, mark: "_Mark", timeout: float) -> None:
        self._queue.put(mark)
        self._hurry.set()
        if not mark.reached.wait(timeout):
            raise StoreError(
                f"The trace was not written within {timeout:g} s", str(self._database.path), "Is the disk overloaded?"
            )

    def _work(self) -> None:
        while True:
            rows, mark = self._gather()
            if rows:
                self._write(rows)
            if mark is not None:
                mark.reached.set()
                if mark.last:
                    return

    def _gather(self) -> tuple[list[Mapping[str, Any]], "_Mark | None"]:
        """The next batch: at most 512 rows, 100 ms from the first, or up to a mark.

        It sleeps through the 100 ms: to be woken by each row would cost more than to write it.
        """
        first = self._queue.get()
        if isinstance(first, _Mark):
            return [], first
        if self._queue.qsize() < _ROWS:
            self._hurry.wait(_SECONDS)
        self._hurry.clear()
        rows = [first]
        while len(rows) < _ROWS:
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                break
            if isinstance(item, _Mark):
                return rows, item
            rows.append(item)
        return rows, None

    def _write(self, rows: list[Mapping[str, Any]]) -> None:
        merged = self._merge(rows)
        for last in (False,) * (_TRIES - 1) + (True,):
            try:
                with self._database.connection() as connection:
                    begun = [row for row in merged if row.keys() >= _REQUIRED]
                    self._insert(connection, begun)
                    if len(begun) < len(merged):
                        self._update(connection, [row for row in merged if not row.keys() >= _REQUIRED])
                return
            except StoreError as error:
                self._error = error
                if last:
                    self._drop(len(merged))
                    _log.error("%d spans could not be written: %s", len(merged), error)

    def _merge(self, rows: list[Mapping[str, Any]]) -> list[Row]:
        """One row for each span, the later columns over the earlier ones."""
        spans: dict[str, Row] = {}
        for row in rows:
            if "id" not in row:
                _log.error("A span without an id was dropped: %r", sorted(row))
                self._drop(1)
                continue
            known = spans.get(row["id"])
            if known is None and row.keys() <= _NAMES:
                spans[row["id"]] = dict(row)
                continue
            known = spans.setdefault(row["id"], {})
            for name, value in row.items():
                if name not in _NAMES:
                    _log.error("A span has no column %r: %r is left out", name, value)
                elif value is not None:
                    known[name] = min(value, known.get(name, value)) if name == _FIRST else value
        return list(spans.values())

    def _insert(self, connection: Connection, rows: list[Row]) -> None:
        for row in rows:
            row.setdefault("status", "running")
        for first in range(0, len(rows), _TOGETHER):
            values = [_columns(connection, row) for row in rows[first : first + _TOGETHER]]
            if len(values) == _TOGETHER:
                connection.exec_driver_sql(_INSERT_TOGETHER, tuple(chain.from_iterable(values)))
            else:
                connection.exec_driver_sql(_INSERT, [tuple(each) for each in values])

    def _update(self, connection: Connection, rows: list[Row]) -> None:
        if not rows:
            return
        changed = connection.exec_driver_sql(_UPDATE, [(*_columns(connection, row), row["id"]) for row in rows])
        missing = len(rows) - changed.rowcount
        if missing:
            _log.error("%d spans ended that never began, such as %r", missing, rows[-1]["id"])
            self._drop(missing)

    def _drop(self, count: int) -> None:
        with self._guard:
            self.dropped += count


class _Mark:
    """A place in the queue; ``reached`` once everything before it is committed."""

    def __init__(self, *, last: bool = False) -> None:
        self.last = last
        self.reached = threading.Event()


def _columns(connection: Connection, row: Row) -> list[Any]:
    """The row's values in the order of the columns."""
    values: list[Any] = [None] * len(_COLUMNS)
    for name, value in row.items():
        kind = type(value)
        if value is None:
            continue
        if name in _LONG:
            value = artifacts.cut(connection, value)
        elif kind is not str and kind is not int and kind is not float:
            value = as_json(value)
        values[_POSITION[name]] = value
    return values
