"""A line between processes of one home: one calls methods of an object that lives in the other.

The standard library's manager, on a local socket with a key that only this user can read. Values cross as pickles,
which is why nobody without the key is listened to.
"""

import json
import os
import secrets
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from multiprocessing.managers import BaseManager
from pathlib import Path
from typing import Any, Final

LONGEST: Final = 100
"""Characters of a socket's path that every system takes."""
BROKEN: Final = (ConnectionError, EOFError)
"""What a call raises when the other process is gone."""


class _Manager(BaseManager):
    """Serves one object."""


@dataclass(frozen=True)
class Address:
    """Where a process listens."""

    address: Any
    key: bytes
    process: str
    """Its mark (``store.processes``)."""
    pid: int

    @classmethod
    def read(cls, file: Path) -> "Address | None":
        """What the process wrote down; None where there is nothing that can be read."""
        try:
            raw = json.loads(file.read_text(encoding="utf-8"))
            return cls(raw["address"], bytes.fromhex(raw["key"]), raw["process"], raw["pid"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, file: Path) -> None:
        """Whole or not at all, and for this user alone."""
        draft = file.with_suffix(f".{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump({**asdict(self), "key": self.key.hex()}, out)
        draft.replace(file)


class _Crossing:
    """The object, its exceptions such that they cross the line as themselves, whatever their constructors ask for."""

    def __init__(self, target: object) -> None:
        self._target = target

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._target, name)

        def crossing(*given: Any) -> Any:
            try:
                return method(*given)
            except Exception as error:
                raise _Raised(error) from error

        return crossing


class _Raised(Exception):
    """Becomes the exception it holds where it arrives."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self.error), self.error.args, vars(self.error))


def _again(type: type[Exception], args: tuple[Any, ...], fields: dict[str, Any]) -> Exception:
    error = type.__new__(type, *args)
    error.args = args
    vars(error).update(fields)
    return error


def serve(target: object, methods: Sequence[str], file: Path, process: str) -> None:
    """Listen for calls of ``methods`` of ``target``, in threads, until the process ends; ``file`` says where."""
    key = secrets.token_bytes(32)
    _Manager.register("target", callable=lambda: _Crossing(target), exposed=tuple(methods))
    server: Any = _Manager(address=_socket(file), authkey=key).get_server()
    threading.Thread(target=_serve, args=(server,), name="line", daemon=True).start()
    Address(server.address, key, process, os.getpid()).write(file)


def call(address: Address) -> Any:
    """The object at the other end. Raises OSError, EOFError, AuthenticationError where nobody answers."""
    _Manager.register("target")
    manager = _Manager(address=address.address, authkey=address.key)
    manager.connect()
    return manager.target()  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType, reportUnknownMemberType]


def _socket(file: Path) -> str | None:
    """Beside the file, in a folder of the user's own; None: the system's default, where the path is too long.

    Another path in each process: the manager's proxies keep connections by address, dead ones too.
    """
    path = file.with_suffix(f".{os.getpid()}.sock")
    for old in file.parent.glob(f"{file.stem}.*.sock"):
        old.unlink(missing_ok=True)
    return None if sys.platform == "win32" or len(str(path)) > LONGEST else str(path)


def _serve(server: Any) -> None:
    try:
        server.serve_forever()
    except SystemExit:  # the manager's way to end its process, of which it is a thread here
        return
