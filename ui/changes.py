"""Who waits for news of a workflow: wakes them when it is saved.

The database holds what changed; this only says that it is worth looking. A waiter also looks by
itself now and then, so that a change made by another process arrives too.
"""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager

Waiter = tuple[asyncio.AbstractEventLoop, asyncio.Event]


class Changes:
    """Wakes waiters in whatever event loop they are; ``notify`` may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiters: defaultdict[str, list[Waiter]] = defaultdict(list)

    def notify(self, workflow_id: str) -> None:
        """Wake all who wait for news of the workflow."""
        with self._lock:
            waiters = list(self._waiters.get(workflow_id, ()))
        for loop, news in waiters:
            loop.call_soon_threadsafe(news.set)

    @contextmanager
    def subscribe(self, workflow_id: str) -> Generator[asyncio.Event]:
        """An event that is set whenever there may be news; clear it before looking."""
        waiter = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._waiters[workflow_id].append(waiter)
        try:
            yield waiter[1]
        finally:
            with self._lock:
                self._waiters[workflow_id].remove(waiter)
                if not self._waiters[workflow_id]:
                    del self._waiters[workflow_id]
