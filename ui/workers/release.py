"""Which Nodeloom works on the runs of a home: the server and its workers must be of one release.

Who starts workers writes its own release into a file of the home. A worker that finds another one there drains, as
at any end, and its runs go on in a worker of the new release. So nothing need be asked of the old one over a line
that it may speak otherwise.
"""

import hashlib
import os
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from typing import Final

from store.database import versions

SEGMENTS: Final = "1"
"""What a queued segment means. Counted up when queued ones of before cannot be worked on any more."""
FORMATS: Final = ("dbos", "langgraph", "pydantic")
"""Libraries in whose formats the processes write for each other."""


def installed() -> str:
    """The release that a process started now is of: its version, and a digest that differs between any two builds.

    "" while it is being installed.
    """
    try:
        found = distribution("nodeloom")
        record = found.read_text("RECORD") or ""  # each file with its hash
        parts = [record, versions()[-1], SEGMENTS, *map(version, FORMATS)]
    except PackageNotFoundError:
        return ""
    return f"{found.version}+{hashlib.sha256(' '.join(parts).encode()).hexdigest()[:8]}"


RELEASE: Final = installed()
"""This process's."""


def announce(file: Path) -> None:
    """From here on workers are of this release."""
    draft = file.with_suffix(f".{os.getpid()}")
    draft.write_text(RELEASE, encoding="utf-8")
    draft.replace(file)


def announced(file: Path) -> str:
    """The release that workers shall be of; this one's where none was announced, or it is just being written."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        return RELEASE
