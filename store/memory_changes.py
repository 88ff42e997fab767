"""What changed in the memory, told by the index's owner to every process that keeps figures of it.

A process keeps how many records a space has and which space each row belongs to. Each look at the owner
says what others wrote since the last one, so neither is counted anew for each search.
"""

import threading
import uuid
from collections import deque
from collections.abc import Sequence
from typing import Final

from store.memory_keywords import Rows

Mark = tuple[str, int]
"""Whose log, and how many changes of it."""
Change = tuple[int, int]
"""The space, and the row from which on rows may be given to other records (``NO_ROW``: none)."""
NO_ROW: Final = 1 << 62
NEVER: Final[Mark] = ("", 0)
_KEPT: Final = 2_000  # changes; who missed more forgets everything


class ChangeLog:
    """The owner's: the last changes. Not thread-safe."""

    def __init__(self) -> None:
        self._changes: deque[Change] = deque(maxlen=_KEPT)
        self._name = uuid.uuid4().hex
        self._count = 0

    @property
    def mark(self) -> Mark:
        """Where the log stands."""
        return self._name, self._count

    def add(self, space_id: int, row: int = NO_ROW) -> None:
        """Note a change."""
        self._changes.append((space_id, row))
        self._count += 1

    def since(self, mark: Mark) -> list[Change] | None:
        """What changed after ``mark``; None where that is not known: then anything may have."""
        name, count = mark
        missed = self._count - count
        if name != self._name or missed > len(self._changes):
            return None
        return list(self._changes)[len(self._changes) - missed :] if missed else []


class Figures:
    """A process's own: sizes of spaces, and the rows. Thread-safe."""

    def __init__(self) -> None:
        self.rows = Rows()
        self.mark: Mark = NEVER
        self._guard = threading.Lock()
        self._era = 0
        self._versions: dict[int, int] = {}
        self._sizes: dict[int, tuple[object, int]] = {}

    def follow(self, mark: Mark, changes: Sequence[Change] | None) -> None:
        """Forget what is no longer so, as the owner tells it at ``mark``."""
        with self._guard:
            if changes is None:
                self._era += 1
                self.rows.forget_from(1)
            for space_id, row in changes or ():
                self._versions[space_id] = self._versions.get(space_id, 0) + 1
                if row != NO_ROW:
                    self.rows.forget_from(row)
            self.mark = mark

    def version(self, space_id: int) -> object:
        """Ask for it before a space is counted: a size counted for an older one is not kept."""
        return self._era, self._versions.get(space_id, 0)

    def size(self, space_id: int) -> int | None:
        """How many records the space has; None where that is not known (any more)."""
        version, size = self._sizes.get(space_id, (None, 0))
        return size if version == self.version(space_id) else None

    def counted(self, space_id: int, version: object, size: int) -> None:
        """Keep a count."""
        self._sizes[space_id] = (version, size)
