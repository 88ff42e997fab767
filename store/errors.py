"""What the store raises: every error says what went wrong, where, and how to mend it."""

from collections.abc import Sequence
from typing import Any


class StoreError(Exception):
    """The store cannot do what was asked.

    ``what``: the fault with the offending value. ``where``: file, table or name. ``mend``: what the
    person can do about it.
    """

    def __init__(self, what: str, where: str = "", mend: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.mend = mend

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        return f"{self.what}{place}. {self.mend}".rstrip() if self.mend else f"{self.what}{place}"


class NotFound(StoreError):
    """There is nothing of that name or id."""


class RevisionConflict(StoreError):
    """Someone else saved the workflow first.

    ``current`` is the workflow as it is now (``store.workflows.Stored``), ``batches`` what came since
    the expected revision, oldest first (``store.workflows.Batch``).
    """

    def __init__(self, what: str, where: str, *, current: Any, batches: Sequence[Any]) -> None:
        super().__init__(what, where, "Apply the batches that came since, then save again with the current revision.")
        self.current = current
        self.batches = list(batches)


def workflow_not_found(id: str) -> NotFound:
    """The answer to an id that no workflow has."""
    return NotFound(f"There is no workflow {id!r}", "workflow", "It may have been deleted; pick one from the list.")
