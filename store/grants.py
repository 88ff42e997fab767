"""Grants: which folders and database files workflows may use.

A document names a grant; only the user defines it.
"""

import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlmodel import col, select

from store.database import Database
from store.errors import NotFound, StoreError
from store.tables import FolderGrant

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,63}")


@dataclass(frozen=True)
class Grant:
    """A folder or a SQLite file by name. ``updated_at``: seconds since the epoch."""

    name: str
    path: Path
    updated_at: float


class Grants:
    """The folder grants of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self) -> list[Grant]:
        """All grants by name."""
        with self._database.session() as session:
            rows = session.exec(select(FolderGrant).order_by(col(FolderGrant.name))).all()
        return [Grant(row.name, Path(row.path), row.updated_at) for row in rows]

    def get(self, name: str) -> Path:
        """The folder or file granted as ``name``. Raises NotFound."""
        with self._database.session() as session:
            row = session.get(FolderGrant, name)
        if row is None:
            raise NotFound(f"No folder is granted as {name!r}", "folder grants", "Grant one of that name in Settings.")
        return Path(row.path)

    def set(self, name: str, path: Path | str) -> Grant:
        """Grant the folder or database at ``path`` as ``name``. Raises StoreError for a bad name or neither."""
        if not _NAME.fullmatch(name):
            raise StoreError(
                f"{name!r} is no name of a grant", "folder grants", "Use a-z, 0-9, _ and -, such as notes."
            )
        folder = Path(path).expanduser().resolve()
        if not folder.is_dir() and not _is_database(folder):
            raise StoreError(
                f"There is no folder {str(path)!r}, and no SQLite database either",
                "folder grants",
                "Give the path of a folder, or of a database file, that exists.",
            )
        row = FolderGrant(name=name, path=str(folder), updated_at=time.time())
        with self._database.transaction() as session:
            session.merge(row)
        return Grant(row.name, folder, row.updated_at)

    def delete(self, name: str) -> None:
        """Take the grant back. Raises NotFound."""
        with self._database.transaction() as session:
            row = session.get(FolderGrant, name)
            if row is None:
                raise NotFound(f"No folder is granted as {name!r}", "folder grants", "Pick one from the list.")
            session.delete(row)


def _is_database(path: Path) -> bool:
    """Whether the file is a SQLite database; an empty file is one without tables."""
    try:
        with path.open("rb") as file:
            return file.read(16) in (b"SQLite format 3\0", b"")
    except OSError:
        return False
