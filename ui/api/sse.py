"""Server-sent events that end when the client leaves and when the server closes.

FastAPI writes the wire format and the keep-alive comments (every 15 s); a client that leaves cancels
the generator. A closing server, however, waits for its streams, so each one watches for that.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Any, Final, TypeVar

T = TypeVar("T")
_END: Final = object()


async def until(closing: asyncio.Event, events: AsyncGenerator[T]) -> AsyncGenerator[T]:
    """``events`` until they end or ``closing`` is set; ``events`` is closed in every case."""
    closed = asyncio.ensure_future(closing.wait())
    try:
        while True:
            step = asyncio.ensure_future(anext(events, _END))
            try:
                await asyncio.wait({step, closed}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                if not step.done():
                    await _cancelled(step)
            if step.cancelled() or (event := step.result()) is _END:
                return
            yield event  # pyright: ignore[reportReturnType] - _END is sorted out above
    finally:
        await _cancelled(closed)
        await events.aclose()


async def _cancelled(task: "asyncio.Future[Any]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
