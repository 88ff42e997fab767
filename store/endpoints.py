"""Model servers that speak OpenAI's protocol, by name: the provider part of ``provider:model``."""

import re
import time
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from sqlmodel import col, select

from store import tables
from store.database import Database
from store.errors import NotFound, StoreError

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,31}")
RESERVED: Final = frozenset({"builtin", "openai", "anthropic", "ollama", "scripted", "recorded"})


@dataclass(frozen=True)
class Endpoint:
    """A model server. ``secret`` names the secret sent as its key; None: it needs none."""

    name: str
    base_url: str
    secret: str | None
    updated_at: float
    """Seconds since the epoch."""


class Endpoints:
    """The model servers of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self) -> list[Endpoint]:
        """All servers by name."""
        with self._database.session() as session:
            rows = session.exec(select(tables.Endpoint).order_by(col(tables.Endpoint.name))).all()
        return [_endpoint(row) for row in rows]

    def get(self, name: str) -> Endpoint:
        """The server of that name. Raises NotFound."""
        with self._database.session() as session:
            row = session.get(tables.Endpoint, name)
        if row is None:
            raise NotFound(f"No model server is named {name!r}", "endpoints", "Add it in Settings.")
        return _endpoint(row)

    def set(self, name: str, base_url: str, secret: str | None = None) -> Endpoint:
        """Add or change a server. Raises StoreError for a bad or taken name, or a bad address."""
        if not _NAME.fullmatch(name) or name in RESERVED:
            raise StoreError(
                f"{name!r} cannot name a model server",
                "endpoints",
                f"Use a-z, 0-9, _ and -, but none of {', '.join(sorted(RESERVED))}.",
            )
        _check_address(base_url)
        row = tables.Endpoint(name=name, base_url=base_url.rstrip("/"), secret=secret or None, updated_at=time.time())
        with self._database.transaction() as session:
            session.merge(row)
        return _endpoint(row)

    def delete(self, name: str) -> None:
        """Forget the server. Raises NotFound."""
        with self._database.transaction() as session:
            row = session.get(tables.Endpoint, name)
            if row is None:
                raise NotFound(f"No model server is named {name!r}", "endpoints", "Pick one from the list.")
            session.delete(row)


def _endpoint(row: tables.Endpoint) -> Endpoint:
    return Endpoint(row.name, row.base_url, row.secret, row.updated_at)


def _check_address(base_url: str) -> None:
    try:
        parts = urlsplit(base_url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.password and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise StoreError(
            f"{base_url!r} is no address of a model server",
            "endpoints",
            "Give one such as http://127.0.0.1:1234/v1, without a password in it.",
        )
