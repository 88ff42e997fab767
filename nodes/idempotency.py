"""The idempotency key of the tool call that is being made.

A node that was cut by a crash runs again, and with it its tool calls. Each call has a key that is the same then;
a tool that changes something outside hands it on, so that whoever gets the call twice does it once.
"""

import hashlib
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_KEY: Final[ContextVar[str]] = ContextVar("idempotency_key", default="")


def idempotency_key(*request: str) -> str:
    """32 hex digits: the key of this call, or of ``request``, one of several that the tool makes for it.

    '' outside of a run.
    """
    key = _KEY.get()
    if not key or not request:
        return key
    return hashlib.sha256("\0".join((key, *request)).encode()).hexdigest()[:32]


@contextmanager
def calling(key: str) -> Generator[None]:
    """Within the block, calls have this key."""
    before = _KEY.set(key)
    try:
        yield
    finally:
        _KEY.reset(before)
