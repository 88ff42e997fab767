"""What SQLite says about a disk or a file, in words a person can act on."""

import sqlite3
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError

from store.errors import StoreError

_SAID: Final = {
    "SQLITE_FULL": (
        "The disk is full: nothing more can be saved",
        "Free some space and try again; nothing saved before is lost.",
    ),
    "SQLITE_READONLY": (
        "The database cannot be written to",
        "Give your user the right to write the file and its folder.",
    ),
    "SQLITE_BUSY": (
        "The database is locked by another process",
        "Wait until the other process is done, or end it, and try again.",
    ),
    "SQLITE_LOCKED": ("The database is locked by another connection", "Try again in a moment."),
    "SQLITE_NOTADB": (
        "The file is not a Nodeloom database",
        "Move the file away; a new one is made at the next start.",
    ),
    "SQLITE_CORRUPT": (
        "The database file is damaged",
        "Move the file away and put a copy in its place; without one, a new one is made at the next start.",
    ),
    "SQLITE_CANTOPEN": (
        "The database cannot be opened",
        "Check that the folder exists and that your user may write to it.",
    ),
    "SQLITE_IOERR": (
        "The disk could not be read or written",
        "Check the disk and that the folder still exists, then start again.",
    ),
}


def store_error(error: DBAPIError | sqlite3.Error, path: Path) -> StoreError:
    """``error`` as a StoreError about the database at ``path``."""
    original = error.orig if isinstance(error, DBAPIError) else error
    name: str = getattr(original, "sqlite_errorname", None) or ""
    for code, (what, mend) in _SAID.items():
        if name.startswith(code):
            return StoreError(what, str(path), mend)
    return StoreError(
        f"The database refused: {original}", str(path), "Please report this with the steps that led to it."
    )
