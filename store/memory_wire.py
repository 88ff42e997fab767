"""How the processes of one home reach the one that has the memory's index open.

The owner listens on a socket (a pipe on Windows) beside its lock and writes the address and a random key into a file
that only its user can read. A call is one message each way: a name with arguments, then the answer or the error.
"""

import json
import os
import secrets
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener, Pipe, answer_challenge, deliver_challenge, wait
from pathlib import Path
from typing import Any, Final

from store.errors import StoreError
from store.memory_owner import OwnerGone

_CARD: Final = "index.json"
_SOCKET: Final = "index.sock"
_ELSEWHERE: Final = "nodeloom-"  # how a folder for a socket begins, where the memory's cannot hold it
_BACKLOG: Final = 64
_LONGEST_ADDRESS: Final = 100  # bytes of a socket's path: the systems allow 104 to 108
_PAUSE: Final = 0.02  # seconds
_SHAKE: Final = 10.0  # seconds for a handshake
_ANSWER: Final = 120.0  # seconds for an answer; opening a large index takes a few
_BROKEN: Final = (OSError, EOFError, AuthenticationError, AssertionError)  # the last by a foreign greeting


class Door:
    """The owner's side: answers calls of other processes until it is closed."""

    def __init__(self, folder: Path, call: Callable[..., Any], names: frozenset[str]) -> None:
        self._card = folder / _CARD
        self._call = call
        self._names = names
        self._key = secrets.token_bytes(32)
        self._listener, self._address = _listener(folder)
        self._stop, self._stopper = Pipe(duplex=False)
        self._closed = False
        self._accepting = threading.Thread(target=self._accept, name="nodeloom-memory", daemon=True)
        self._accepting.start()
        _write(self._card, {"address": self._address, "key": self._key.hex(), "pid": os.getpid()})

    def close(self) -> None:
        """Answer no more: callers see the connection end, and ask whoever is the next owner."""
        self._card.unlink(missing_ok=True)
        self._closed = True
        self._stopper.close()
        with suppress(OSError):
            Client(_reachable(self._card, self._address)).close()  # wakes who waits for a caller
        self._accepting.join(_SHAKE)
        self._listener.close()
        _remove_elsewhere(self._address)

    def _accept(self) -> None:
        while not self._closed:
            try:
                connection = self._listener.accept()
            except OSError:  # the caller went away again, or too many files are open
                time.sleep(_PAUSE)
                continue
            threading.Thread(target=self._serve, args=(connection,), name="nodeloom-memory", daemon=True).start()

    def _serve(self, connection: "Connection[Any, Any]") -> None:
        with connection, suppress(OwnerGone, *_BROKEN):
            _shake_hands(connection, self._key, greets=True)
            while True:
                ready = wait([connection, self._stop])
                if self._closed or self._stop in ready:
                    return
                connection.send(self._answered(*connection.recv()))

    def _answered(self, name: str, *arguments: Any) -> tuple[bool, Any]:
        if name not in self._names:
            return False, StoreError(f"The memory's owner knows no {name!r}", mend="Run one version of Nodeloom only.")
        try:
            return True, self._call(name, *arguments)
        except StoreError as error:
            return False, error


class Caller:
    """The other side; thread-safe: each call has a connection to itself, which is kept for the next."""

    def __init__(self, folder: Path) -> None:
        """Raises OwnerGone where the file or who it names is not there, or the key is wrong."""
        self._card = folder / _CARD
        self._idle: list[Connection[Any, Any]] = []
        try:
            card = json.loads(self._card.read_text())
            self._address, self._key, self._pid = str(card["address"]), bytes.fromhex(card["key"]), card["pid"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise OwnerGone(f"{self._card.name}: {error}") from error
        self._idle.append(self._connected())

    def call(self, name: str, *arguments: Any) -> Any:
        """One call. Raises OwnerGone, and the StoreError that the owner raised."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connected()
        try:
            done, answer = self._exchanged(connection, (name, *arguments))
        except _BROKEN as error:
            connection.close()
            raise OwnerGone(str(error)) from error
        except BaseException:
            connection.close()  # its answer would be taken for the next call's
            raise
        self._idle.append(connection)
        if not done:
            raise answer
        return answer

    def close(self) -> None:
        """Hang up."""
        while self._idle:
            self._idle.pop().close()

    def _exchanged(self, connection: "Connection[Any, Any]", question: Any) -> tuple[bool, Any]:
        connection.send(question)
        if not connection.poll(_ANSWER):
            raise StoreError(
                f"Process {self._pid} holds the memory open and has not answered for {_ANSWER:.0f} seconds",
                str(self._card.parent),
                "It may be suspended: let it go on, or end it, and try again.",
            )
        return connection.recv()

    def _connected(self) -> "Connection[Any, Any]":
        try:
            connection = Client(_reachable(self._card, self._address))
        except (*_BROKEN, ValueError) as error:
            raise OwnerGone(f"{self._address}: {error}") from error
        try:
            _shake_hands(connection, self._key, greets=False)
        except _BROKEN as error:
            connection.close()
            raise OwnerGone(f"{self._address}: {error}") from error
        return connection


def _shake_hands(connection: "Connection[Any, Any]", key: bytes, *, greets: bool) -> None:
    """Each shows the other that it has the key, without saying it."""
    steps = (deliver_challenge, answer_challenge) if greets else (answer_challenge, deliver_challenge)
    for step in steps:
        if step is answer_challenge and not connection.poll(_SHAKE):
            raise OSError("no greeting")
        step(connection, key)


def _listener(folder: Path) -> tuple[Listener, str]:
    """Where the owner listens, and the address as the file says it: relative to the folder where it lies there."""
    if os.name == "nt":
        pipe = Listener(backlog=_BACKLOG)
        return pipe, str(pipe.address)
    with suppress(OSError, ValueError, KeyError, TypeError):
        _remove_elsewhere(json.loads((folder / _CARD).read_text())["address"])
    path = folder / _SOCKET
    path.unlink(missing_ok=True)  # a dead owner's
    if len(os.fsencode(path.absolute())) <= _LONGEST_ADDRESS:
        with suppress(OSError):  # not every file system can hold a socket
            return Listener(str(path.absolute()), "AF_UNIX", _BACKLOG), path.name
    elsewhere = f"{tempfile.mkdtemp(prefix=_ELSEWHERE)}/{_SOCKET}"
    return Listener(elsewhere, "AF_UNIX", _BACKLOG), elsewhere


def _remove_elsewhere(address: str) -> None:
    """Remove the folder that was made for a socket outside the memory's own."""
    path = Path(address)
    if path.name == _SOCKET and path.parent.name.startswith(_ELSEWHERE):
        path.unlink(missing_ok=True)
        with suppress(OSError):
            path.parent.rmdir()


def _reachable(card: Path, address: str) -> str:
    return address if os.name == "nt" else os.path.join(card.parent.absolute(), address)  # noqa: PTH118 - either kind


def _write(file: Path, content: dict[str, Any]) -> None:
    """Whole or not at all, and for its user alone."""
    whole = file.with_suffix(".new")
    whole.unlink(missing_ok=True)
    handle = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as stream:
        json.dump(content, stream)
    whole.replace(file)
