"""How processes of one home call each other: one listens, on a socket of its user's own, and answers calls by name.

Who listens writes a card: a file that only its user can read, with the address and a random key. Both sides show
each other that they have the key (HMAC) before anything is read as a call, for values cross as pickles: who has the
key may do anything, who has it not is not listened to. A call is one message each way: a name with arguments, then
the answer, or the error as itself.
"""

import json
import os
import pickle
import secrets
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener, Pipe, answer_challenge, deliver_challenge, wait
from pathlib import Path
from typing import Any, Final

from store.errors import StoreError

_ELSEWHERE: Final = "nodeloom-"  # how a folder for a socket begins, where the card's own cannot hold it
_SOCKET: Final = ".sock"
_BACKLOG: Final = 64
_LONGEST_ADDRESS: Final = 100  # bytes of a socket's path: the systems allow 104 to 108
_PAUSE: Final = 0.02  # seconds
_SHAKE: Final = 10.0  # seconds for a handshake
_BROKEN: Final = (OSError, EOFError, AuthenticationError, AssertionError)  # the last by a foreign greeting


class Gone(Exception):
    """Who listened does so no more, or cannot be reached."""


class Silent(Exception):
    """Who listens is there, and has not answered in time."""


@dataclass(frozen=True)
class Card:
    """Where a process listens."""

    address: str
    key: bytes
    pid: int
    process: str = ""
    """Its mark (``store.processes``), where callers need it."""
    release: str = ""
    """What callers must have alike, where they need to."""

    @classmethod
    def read(cls, file: Path) -> "Card | None":
        """What the process wrote down; None where there is nothing that can be read."""
        try:
            raw = json.loads(file.read_text(encoding="utf-8"))
            key, pid = bytes.fromhex(raw["key"]), int(raw["pid"])
            return cls(str(raw["address"]), key, pid, str(raw.get("process", "")), str(raw.get("release", "")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def write(self, file: Path) -> None:
        """Whole or not at all, and for this user alone."""
        whole = file.with_suffix(".new")
        whole.unlink(missing_ok=True)
        handle = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump({**asdict(self), "key": self.key.hex()}, stream)
        whole.replace(file)


class Door:
    """The side that listens, until it is closed; each caller is answered in a thread of its own.

    One process at a time may have a door at a card's file: who holds its lock.
    """

    def __init__(
        self, file: Path, call: Callable[..., Any], names: frozenset[str], *, process: str = "", release: str = ""
    ) -> None:
        """``call`` gets a name, one of ``names``, and the arguments. Raises OSError."""
        self._file = file
        self._call = call
        self._names = names
        self._listener, address = _listener(file)
        self._card = Card(address, secrets.token_bytes(32), os.getpid(), process, release)
        self._stop, self._stopper = Pipe(duplex=False)
        self._closed = False
        self._accepting = threading.Thread(target=self._accept, name="nodeloom-door", daemon=True)
        self._accepting.start()
        self._card.write(file)

    def close(self) -> None:
        """Answer no more: callers see the connection end, and ask whoever is next."""
        self._file.unlink(missing_ok=True)
        self._closed = True
        self._stopper.close()
        with suppress(OSError):
            Client(_reachable(self._file, self._card.address)).close()  # wakes who waits for a caller
        self._accepting.join(_SHAKE)
        self._listener.close()
        _remove_elsewhere(self._card.address)

    def _accept(self) -> None:
        while not self._closed:
            try:
                connection = self._listener.accept()
            except OSError:  # the caller went away again, or too many files are open
                time.sleep(_PAUSE)
                continue
            threading.Thread(target=self._serve, args=(connection,), name="nodeloom-door", daemon=True).start()

    def _serve(self, connection: "Connection[Any, Any]") -> None:
        with connection, suppress(Gone, *_BROKEN):
            _shake_hands(connection, self._card.key, greets=True)
            while True:
                ready = wait([connection, self._stop])
                if self._closed or self._stop in ready:
                    return
                connection.send_bytes(self._answered(connection.recv_bytes()))

    def _answered(self, call: bytes) -> bytes:
        """The answer, or the error, as it crosses. Raises Gone where what is called says so."""
        try:
            name, *arguments = pickle.loads(call)  # noqa: S301 - only who has the key comes here
            if name not in self._names:
                raise StoreError(f"The other process knows no {name!r}", mend="Run one version of Nodeloom only.")
            return pickle.dumps((True, self._call(name, *arguments)))
        except Gone:
            raise
        except Exception as error:
            return _as_raised(error)


class Caller:
    """The side that calls; thread-safe: each call has a connection to itself, which is kept for the next."""

    def __init__(self, file: Path, patience: float | None = None) -> None:
        """``patience``: seconds for an answer; None: any time. Raises Gone where nobody listens, or to another key."""
        self._file = file
        self._patience = patience
        self._idle: list[Connection[Any, Any]] = []
        card = Card.read(file)
        if card is None:
            raise Gone(f"{file.name} is not there, or not whole")
        self.card = card
        self._idle.append(self._connected())

    def call(self, name: str, *arguments: Any) -> Any:
        """One call. Raises Gone, Silent, and what the call raised."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connected()
        try:
            connection.send((name, *arguments))
            if self._patience is not None and not connection.poll(self._patience):
                raise Silent(f"no answer for {self._patience:.0f} seconds")
            done, answer = connection.recv()
        except _BROKEN as error:
            connection.close()
            raise Gone(f"the other process hung up: {type(error).__name__} {error}") from error
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

    def _connected(self) -> "Connection[Any, Any]":
        try:
            connection = Client(_reachable(self._file, self.card.address))
        except (*_BROKEN, ValueError) as error:
            raise Gone(f"{self.card.address}: {error}") from error
        try:
            _shake_hands(connection, self.card.key, greets=False)
        except _BROKEN as error:
            connection.close()
            raise Gone(f"{self.card.address}: {error}") from error
        return connection


class _Raised:
    """Becomes the error it holds where it arrives, whatever that one's constructor asks for."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self._error), self._error.args, vars(self._error))


def _again(type: type[Exception], args: tuple[Any, ...], fields: dict[str, Any]) -> Exception:
    error = type.__new__(type, *args)
    error.args = args
    vars(error).update(fields)
    return error


def _as_raised(error: Exception) -> bytes:
    try:
        return pickle.dumps((False, _Raised(error)))
    except Exception as fault:  # whatever the parts of a value raise that cannot be pickled
        told = StoreError(f"{type(error).__name__}: {error}", "another process", f"It cannot cross as it is: {fault}")
        return pickle.dumps((False, _Raised(told)))


def _shake_hands(connection: "Connection[Any, Any]", key: bytes, *, greets: bool) -> None:
    """Each shows the other that it has the key, without saying it."""
    steps = (deliver_challenge, answer_challenge) if greets else (answer_challenge, deliver_challenge)
    for step in steps:
        if step is answer_challenge and not connection.poll(_SHAKE):
            raise OSError("no greeting")
        step(connection, key)


def _listener(file: Path) -> tuple[Listener, str]:
    """A socket (a pipe on Windows), and its address as the card says it: relative where it lies beside the card."""
    if os.name == "nt":
        pipe = Listener(backlog=_BACKLOG)
        return pipe, str(pipe.address)
    left = Card.read(file)
    if left is not None:
        _remove_elsewhere(left.address)
    path = file.with_suffix(_SOCKET)
    path.unlink(missing_ok=True)  # a dead one's
    if len(os.fsencode(path.absolute())) <= _LONGEST_ADDRESS:
        with suppress(OSError):  # not every file system can hold a socket
            return Listener(str(path.absolute()), "AF_UNIX", _BACKLOG), path.name
    elsewhere = f"{tempfile.mkdtemp(prefix=_ELSEWHERE)}/{path.name}"
    return Listener(elsewhere, "AF_UNIX", _BACKLOG), elsewhere


def _remove_elsewhere(address: str) -> None:
    """Remove the folder that was made for a socket outside the card's own."""
    path = Path(address)
    if path.suffix == _SOCKET and path.parent.name.startswith(_ELSEWHERE):
        path.unlink(missing_ok=True)
        with suppress(OSError):
            path.parent.rmdir()


def _reachable(file: Path, address: str) -> str:
    return address if os.name == "nt" else os.path.join(file.parent.absolute(), address)  # noqa: PTH118 - either kind
