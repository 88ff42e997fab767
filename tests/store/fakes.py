"""A small exact embedding, and child processes to kill."""

import os
import signal
import subprocess
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_DIMENSIONS = 64


def embed(texts: Sequence[str]) -> list[list[float]]:
    """Counts of words by hash: texts that share words are near, and the same everywhere."""
    return [_point(text) for text in texts]


def _point(text: str) -> list[float]:
    point = [0.01] * _DIMENSIONS
    for word in text.lower().split():
        point[zlib.crc32(word.encode()) % _DIMENSIONS] += 1.0
    return point


def child(code: str, *arguments: object, stdin: int | None = None) -> subprocess.Popen[str]:
    """A Python process running ``code`` with the arguments in ``sys.argv[1:]``."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdin=stdin, stdout=subprocess.PIPE, text=True)


def lines_until_killed(process: subprocess.Popen[str], count: int) -> list[str]:
    """Read ``count`` lines, kill the process without warning, and return all whole lines it printed."""
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(count)]
    os.kill(process.pid, signal.SIGKILL)
    rest = process.stdout.read()
    process.wait()
    process.stdout.close()
    whole = "".join(lines) + rest
    return whole[: whole.rfind("\n")].split("\n")
