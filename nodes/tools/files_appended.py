"""Appending once, however often the call is made: a node that a crash cut starts again, and with it its calls.

Before anything is appended, the call's idempotency key is noted in a file of the folder, with where the file ended.
A call whose key is noted there appends what is missing after that place, which is nothing where it had come to its
end. Appends of one process come one after another, so that the place is the right one.
"""

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

JOURNAL: Final = ".appended"
"""Name of the file with the keys, which is not listed, read or written by the tool."""
_lock: Final = threading.Lock()


def append_once(root: Path, file: Path, content: bytes, key: str, check: Callable[[], None]) -> None:
    """Append ``content`` to ``file`` below ``root`` unless the call ``key`` did; ``check`` may refuse a new one.

    Raises OSError.
    """
    with _lock:
        place = _places(root).get(key)
        if place is None:
            check()
            place = file.stat().st_size if file.exists() else 0
            _note(root, key, place)
        _complete(file, content, place)


def _complete(file: Path, content: bytes, place: int) -> None:
    """Write what is missing of ``content`` at ``place``; a file that was rewritten meanwhile has had it."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(file, flags, 0o600), "r+b") as opened:
        opened.seek(place)
        there = opened.read(len(content))
        at_end = opened.seek(0, os.SEEK_END) == place + len(there)
        if at_end and len(there) < len(content) and content.startswith(there):
            opened.write(content[len(there) :])
            opened.flush()
            os.fsync(opened.fileno())


def _places(root: Path) -> dict[str, int]:
    try:
        lines = (root / JOURNAL).read_bytes().splitlines()
    except FileNotFoundError:
        return {}
    return {entry["key"]: entry["at"] for line in lines if (entry := _entry(line)) is not None}


def _entry(line: bytes) -> dict[str, Any] | None:
    """None for a line that a crash cut: then nothing had been appended."""
    try:
        return json.loads(line)
    except ValueError:
        return None


def _note(root: Path, key: str, place: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(root / JOURNAL, flags, 0o600), "wb") as opened:
        opened.write(b"\n" + json.dumps({"key": key, "at": place}).encode())
        opened.flush()
        os.fsync(opened.fileno())
