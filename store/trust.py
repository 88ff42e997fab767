"""Whose bundles are trusted: public keys by fingerprint, with the name the user gave them."""

import time
from dataclasses import dataclass
from typing import Final

from sqlmodel import col, select

from store.database import Database
from store.errors import NotFound, StoreError
from store.tables import TrustedKey

KEY_BYTES: Final = 32
LONGEST_NAME: Final = 100


@dataclass(frozen=True)
class Trusted:
    """Somebody's key. ``added_at``: seconds since the epoch."""

    fingerprint: str
    public_key: bytes
    name: str
    added_at: float


class TrustedKeys:
    """The trust list of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self) -> list[Trusted]:
        """All, by name."""
        with self._database.session() as session:
            rows = session.exec(select(TrustedKey).order_by(col(TrustedKey.name))).all()
        return [Trusted(row.fingerprint, row.public_key, row.name, row.added_at) for row in rows]

    def name_of(self, fingerprint: str, public_key: bytes) -> str | None:
        """Who the key belongs to; None where it is not trusted."""
        with self._database.session() as session:
            row = session.get(TrustedKey, fingerprint)
        return row.name if row is not None and row.public_key == public_key else None

    def add(self, fingerprint: str, public_key: bytes, name: str) -> None:
        """Trust a key from now on; a name given before is replaced. Raises StoreError."""
        if len(public_key) != KEY_BYTES or not name.strip() or len(name) > LONGEST_NAME:
            raise StoreError(
                f"{name[:50]!r} with a key of {len(public_key)} bytes cannot be trusted", "trust list",
                f"Give a name of 1 to {LONGEST_NAME} characters and a key of {KEY_BYTES} bytes.",
            )  # fmt: skip
        row = TrustedKey(fingerprint=fingerprint, public_key=public_key, name=name.strip(), added_at=time.time())
        with self._database.transaction() as session:
            session.merge(row)

    def remove(self, fingerprint: str) -> None:
        """Trust it no longer. Raises NotFound."""
        with self._database.transaction() as session:
            row = session.get(TrustedKey, fingerprint)
            if row is None:
                raise NotFound(f"No key {fingerprint!r} is trusted", "trust list", "nodeloom trust list shows them.")
            session.delete(row)
