"""The log of a run's events: numbered, replayed from any number, followed from any event loop."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, Final

KEPT: Final = 20_000
"""Events of one run kept for replay; the oldest go first."""


class EventLog:
    """Written by the run's own loop, read from any thread's loop."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._events: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._seq = 0
        self._closed = False
        self._lock = threading.Lock()
        self._told = threading.Condition(self._lock)
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    def add(self, event: Mapping[str, Any]) -> None:
        """Number an event, keep it, and wake whoever follows."""
        with self._lock:
            self._seq += 1
            self._events.append({"seq": self._seq, "at": self._clock(), **event})
            self._told.notify_all()
            if not self._waiting:
                return
            waiting, self._waiting = self._waiting, []
        _wake(waiting)

    def copy(self, events: Sequence[Mapping[str, Any]]) -> None:
        """Take over events of another log with their numbers and times."""
        if not events:
            return
        with self._lock:
            self._events.extend(dict(event) for event in events)
            self._seq = events[-1]["seq"]
            waiting, self._waiting = self._waiting, []
        _wake(waiting)

    def close(self) -> None:
        """No event follows: followers end after the last one."""
        with self._lock:
            self._closed = True
            self._told.notify_all()
            waiting, self._waiting = self._waiting, []
        _wake(waiting)

    def reopen(self) -> None:
        """The run goes on: events follow again, numbered on."""
        with self._lock:
            self._closed = False

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def last_seq(self) -> int:
        return self._seq

    def after(self, seq: int) -> list[dict[str, Any]]:
        """The kept events numbered above ``seq``."""
        with self._lock:
            return self._after(seq)

    def wait_after(self, seq: int, seconds: float) -> tuple[list[dict[str, Any]], bool]:
        """As ``after``, but waits until there are some; and whether no more follow. For callers without a loop."""
        with self._told:
            self._told.wait_for(lambda: self._seq > seq or self._closed, timeout=seconds)
            return self._after(seq), self._closed

    def _after(self, seq: int) -> list[dict[str, Any]]:
        fresh = self._seq - seq
        if fresh <= 0:
            return []
        events = self._events
        return [events[index] for index in range(max(0, len(events) - fresh), len(events))]

    async def follow(self, after: int = 0) -> AsyncIterator[dict[str, Any]]:
        """Events numbered above ``after``, then those that come, until the log is closed.

        A number that was never given (of a log before a restart) counts as 0.
        """
        seq = after if after <= self._seq else 0
        while True:
            wake = asyncio.Event()
            with self._lock:
                fresh, closed = self._after(seq), self._closed
                if not fresh and not closed:
                    self._waiting.append((asyncio.get_running_loop(), wake))
            for event in fresh:
                seq = event["seq"]
                yield event
            if not fresh:
                if closed:
                    return
                await wake.wait()


def _wake(waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]]) -> None:
    for loop, event in waiting:
        if not loop.is_closed():
            loop.call_soon_threadsafe(event.set)
