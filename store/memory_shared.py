"""The index of a home for all its processes: one of them has it open and answers for the others.

Whoever finds the folder free takes it. Where the owner ends, however it ends, the next call of any other process
takes the folder over and is answered. Every call may be made twice, for the owner may have died after it
was done and before it was said.
"""

import threading
import time
from pathlib import Path
from typing import Any, Final

from store.errors import StoreError
from store.file_lock import FileLock
from store.memory_owner import OwnedIndex
from store.wire import Caller, Door, Gone, Silent

_PATIENCE: Final = 5.0  # seconds until somebody must have become the owner
_PAUSE: Final = 0.02
_ANSWER: Final = 120.0  # seconds for an answer; opening a large index takes a few
_CARD: Final = "index.json"


class SharedIndex:
    """The calls of ``OwnedIndex``, whichever process has it; thread-safe.

    The folder is taken, or its owner called, at the first call. Raises StoreError where the folder cannot be used or
    its owner does not answer, and what the owner raises.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = Path(folder)
        self._lock = FileLock(self._folder / "nodeloom.lock")
        self._choosing = threading.Lock()
        self._owned: OwnedIndex | None = None
        self._door: Door | None = None
        self._caller: Caller | None = None

    @property
    def owned(self) -> OwnedIndex | None:
        """The index itself, where this process has it."""
        return self._owned

    def call(self, name: str, *arguments: Any) -> Any:
        """One of ``OwnedIndex.CALLS``, with its arguments."""
        until = time.monotonic() + _PATIENCE
        while True:
            reached: OwnedIndex | Caller | None = None
            try:
                reached = self._reached()
                return reached.call(name, *arguments)
            except Gone as gone:
                self._hang_up(reached)
                if time.monotonic() > until:
                    raise self._unreachable(gone) from gone
                time.sleep(_PAUSE)
            except Silent as silent:
                raise self._silent(silent) from silent

    def close(self) -> None:
        """Give the folder to other processes; the next call takes part again."""
        with self._choosing:
            if self._door is not None:
                self._door.close()
                self._door = None
            if self._owned is not None:
                self._owned.close()
                self._owned = None
                self._lock.release()
            caller = self._caller
        self._hang_up(caller)

    def _reached(self) -> OwnedIndex | Caller:
        known = self._owned or self._caller
        if known is not None:
            return known
        with self._choosing:
            if self._owned is None and self._caller is None:
                self._choose()
            chosen = self._owned or self._caller
            assert chosen is not None
            return chosen

    def _choose(self) -> None:
        """Take the folder where it is free, else call who has it."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self._lock.acquire():
                self._caller = Caller(self._folder / _CARD, _ANSWER)
                return
            owned = OwnedIndex(self._folder)
            try:
                self._door = Door(self._folder / _CARD, owned.call, OwnedIndex.CALLS)
            except BaseException:
                self._lock.release()
                raise
            self._owned = owned
        except OSError as error:
            raise StoreError(
                f"The memory folder cannot be used: {error.strerror or error}",
                str(self._folder),
                "Free some space, or give your user the right to write there.",
            ) from error

    def _hang_up(self, reached: OwnedIndex | Caller | None) -> None:
        if isinstance(reached, Caller):
            reached.close()
        with self._choosing:
            if self._caller is reached:
                self._caller = None

    def _silent(self, silent: Silent) -> StoreError:
        return StoreError(
            f"Process {self._lock.holder()} holds the memory open: {silent}",
            str(self._folder),
            "It may be suspended: let it go on, or end it, and try again.",
        )

    def _unreachable(self, gone: Gone) -> StoreError:
        return StoreError(
            f"The memory folder is open in another process, pid {self._lock.holder()}, which cannot be reached: {gone}",
            str(self._folder),
            "End that process, or set NODELOOM_HOME to another folder.",
        )
