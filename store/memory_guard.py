"""One writer at a time, over all threads and processes: SQL and the index must see writes in one order."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final

from store.errors import StoreError
from store.file_lock import FileLock

_LONGEST: Final = 120.0  # seconds; longer than any write, shorter than the rebuild of a large space


class Guard:
    """A lock that its thread may take again; the file's lock is taken and given back by the outermost.

    Its file holds the pid of who writes. Left there by the death of that process, or by ``broken``, it says that a
    write may not have reached the index: the next to enter calls ``doubt`` first.
    """

    def __init__(self, path: Path, doubt: Callable[[], None]) -> None:
        self.threads = threading.RLock()
        """The part that holds for this process alone."""
        self._file = FileLock(path)
        self._doubt = doubt
        self._depth = 0
        self._whole = True

    def __enter__(self) -> "Guard":
        self.threads.acquire()
        try:
            if self._depth == 0 and not self._enter(_LONGEST):
                raise StoreError(
                    f"Process {self._file.holder()} has been writing to the memory for {_LONGEST:.0f} seconds",
                    str(self._file.path.parent),
                    "It may rebuild a large space, then wait; if it is suspended, let it go on or end it.",
                )
            self._depth += 1
        except BaseException:
            self.threads.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None and not issubclass(kind, Exception):
            self.broken()  # interrupted anywhere
        self._leave()

    @contextmanager
    def if_free(self) -> Generator[bool]:
        """Enter where nobody else writes, without waiting; False, and not entered, where somebody does."""
        if not self.threads.acquire(blocking=False):
            yield False
            return
        try:
            entered = self._depth > 0 or self._enter(0.0)
        except BaseException:
            self.threads.release()
            raise
        if not entered:
            self.threads.release()
            yield False
            return
        self._depth += 1
        try:
            yield True
        finally:
            self._leave()

    def broken(self) -> None:
        """Say, inside, that the index may not have got what SQL has."""
        self._whole = False

    def _leave(self) -> None:
        self._depth -= 1
        if self._depth == 0:
            self._file.release(clear=self._whole)
        self.threads.release()

    def _enter(self, wait: float) -> bool:
        self._whole = True
        try:
            self._file.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self._file.acquire(wait):
                return False
        except OSError as error:
            raise StoreError(
                f"The memory cannot be written: {error.strerror or error}",
                str(self._file.path),
                "Free some space, or give your user the right to write there.",
            ) from error
        if self._file.left:
            self._ask_again()
        return True

    def _ask_again(self) -> None:
        self._depth += 1  # what is asked may come back here
        try:
            self._doubt()
        except BaseException:
            self._file.release()  # with the pid in it
            raise
        finally:
            self._depth -= 1
