"""Long values: kept once by their SHA-256, with a short stand-in in the column."""

import hashlib
import json
import time
from typing import Any, Final

from sqlalchemy import Connection, select

from store.database import Database
from store.errors import NotFound
from store.json_text import as_json
from store.tables import Artifact

LONGEST: Final = 4096  # bytes of JSON a column holds itself; longer rows make every list slow
PREVIEW: Final = 500  # characters
_INSERT: Final = "INSERT OR IGNORE INTO artifact (sha256, size, data, created_at) VALUES (?, ?, ?, ?)"


def keep(connection: Connection, data: bytes) -> str:
    """Store ``data`` and return its SHA-256 (64 hex digits); equal bytes are stored once."""
    sha = hashlib.sha256(data).hexdigest()
    connection.exec_driver_sql(_INSERT, (sha, len(data), data, time.time()))
    return sha


def cut(connection: Connection, value: Any) -> str:
    """JSON of ``value``, or where that is over 4,096 bytes, of its stand-in, the value kept aside."""
    text = as_json(value)
    if len(text) <= LONGEST // 4:  # a character is at most 4 bytes
        return text
    data = text.encode()
    if len(data) <= LONGEST:
        return text
    preview = (value if isinstance(value, str) else text)[:PREVIEW]
    return as_json({"$artifact": keep(connection, data), "bytes": len(data), "preview": preview})


def read(database: Database, sha: str) -> bytes:
    """The bytes kept under ``sha``. Raises NotFound."""
    with database.session() as session:
        data = session.connection().execute(select(Artifact.data).where(Artifact.sha256 == sha)).scalar()  # pyright: ignore[reportArgumentType, reportCallIssue]
    if data is None:
        raise NotFound(f"No artifact {sha!r} is kept", "artifact", "The run that made it may have been removed.")
    return data


def whole(database: Database, value: Any) -> Any:
    """``value``, or what it stands in for."""
    sha = value.get("$artifact") if isinstance(value, dict) else None
    return value if sha is None else json.loads(read(database, sha))
