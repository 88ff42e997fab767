"""Keys of providers: encrypted in the database, else taken from the environment by name.

Encrypted with Fernet (AES-128-CBC and HMAC-SHA256 of the ``cryptography`` package). The key lies in a
file of its own (0600), so that a copy of the database alone gives nothing away. Values appear in no
repr, log or error.
"""

import os
import re
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from cryptography.fernet import Fernet, InvalidToken
from sqlmodel import select

from store.database import Database
from store.errors import NotFound, StoreError
from store.tables import Secret

_NAME: Final = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_FROM_ENVIRONMENT: Final = re.compile(r"[A-Z0-9_]*(_API_KEY|_TOKEN)")
"""Only these are read from the environment: a workflow must not be able to name just any variable."""


@dataclass(frozen=True)
class SecretInfo:
    """That a secret is there, without its value."""

    name: str
    source: Literal["stored", "environment"]
    updated_at: float | None
    """Seconds since the epoch; None for the environment."""


class Secrets:
    """The secrets of a database, with their key in ``key_file``, made at the first ``set``."""

    def __init__(self, database: Database, key_file: Path) -> None:
        self._database = database
        self._key_file = Path(key_file)

    def names(self) -> list[SecretInfo]:
        """All secrets by name; a stored one hides the environment's."""
        with self._database.session() as session:
            stored = {row.name: row.updated_at for row in session.exec(select(Secret))}
        found = [SecretInfo(name, "stored", at) for name, at in stored.items()]
        found += [SecretInfo(name, "environment", None) for name in _environment() if name not in stored]
        return sorted(found, key=lambda info: info.name)

    def get(self, name: str) -> str | None:
        """The stored value, else the environment's (names ending in _API_KEY or _TOKEN), else None.

        Raises StoreError where the stored value cannot be decrypted.
        """
        with self._database.session() as session:
            row = session.get(Secret, name)
        if row is not None:
            return self._decrypt(name, row.token)
        return _environment().get(name)

    def set(self, name: str, value: str) -> None:
        """Store ``value``, encrypted, in place of any earlier one."""
        if not _NAME.fullmatch(name):
            raise StoreError(
                f"{name!r} is no name of a secret", "secret", "Use capitals, digits and _, such as OPENAI_API_KEY."
            )
        if not value.strip():
            raise StoreError(f"The value of {name} is empty", "secret", "Paste the key, or delete the secret.")
        token = Fernet(self._key(create=True)).encrypt(value.strip().encode())
        with self._database.transaction() as session:
            session.merge(Secret(name=name, token=token, updated_at=time.time()))

    def delete(self, name: str) -> None:
        """Forget a stored secret. Raises NotFound."""
        with self._database.transaction() as session:
            row = session.get(Secret, name)
            if row is None:
                raise NotFound(f"No secret {name!r} is stored", "secret", "Secrets of the environment are unset there.")
            session.delete(row)

    def _decrypt(self, name: str, token: bytes) -> str:
        try:
            return Fernet(self._key(create=False)).decrypt(token).decode()
        except (InvalidToken, ValueError) as error:
            raise StoreError(
                f"The stored secret {name} cannot be read with the present key",
                str(self._key_file),
                "Put the old key file back, or enter the secret again.",
            ) from error

    def _key(self, *, create: bool) -> bytes:
        try:
            if create and not self._key_file.exists():
                _write_new(self._key_file, Fernet.generate_key())
            return self._key_file.read_bytes().strip()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise StoreError(
                f"The key of the secrets cannot be read or made: {error.strerror or error}",
                str(self._key_file),
                "Give your user the right to read and write it.",
            ) from error


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if value and _FROM_ENVIRONMENT.fullmatch(name)}


def _write_new(path: Path, data: bytes) -> None:
    """Write a file (0600) that appears whole or not at all; an existing one is left alone."""
    handle, name = tempfile.mkstemp(dir=path.parent)  # mkstemp makes it 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.link(name, path)
    except FileExistsError:
        pass  # another process was first; its key counts
    finally:
        Path(name).unlink()
