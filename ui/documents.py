"""Stored workflows as documents: what the API, the pages and the terminal do with them.

Diagnostics are computed here, for the canvas shows them after every edit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphs.diagnostics import Diagnostic
from graphs.document import Document, content_hash
from graphs.migrations.steps import migrate
from graphs.operations import apply, parse_operations
from store.workflows import Batch, Stored
from ui.workspace import Workspace


@dataclass(frozen=True)
class Opened:
    """A stored workflow, read."""

    id: str
    revision: int
    document: Document
    updated_at: float

    @property
    def hash(self) -> str:
        return content_hash(self.document)


@dataclass(frozen=True)
class Edit:
    """A batch of operations as a client sends it; ``seq`` counts from 1 for each client."""

    client: str
    seq: int
    ops: list[dict[str, Any]]
    label: str = ""


class Documents:
    """The workflows of a workspace, as documents."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._stored = workspace.workflows

    def all(self) -> list[Opened]:
        """All, the last saved first."""
        return [_opened(stored) for stored in self._stored.list()]

    def get(self, id: str) -> Opened:
        """Raises NotFound."""
        return self._workspace.opened.find((id, self._stored.revision(id))) or self._kept(self._stored.get(id))

    def create(self, document: Document) -> Opened:
        """Store ``document`` as a new workflow."""
        return _opened(self._stored.create(data(document)))

    def edit(self, id: str, revision: int, edits: Sequence[Edit]) -> tuple[Opened, list[Diagnostic]]:
        """Apply ``edits``, made on ``revision``, all or none; those applied before are skipped.

        The workflow as it is then, and what is wrong with it.

        Raises RevisionConflict, OperationError, NotFound.
        """
        before = self.get(id)
        acked = {client: self._stored.acknowledged(id, client) for client in {edit.client for edit in edits}}
        fresh = [edit for edit in edits if edit.seq > acked[edit.client]]
        document = before.document
        # On another revision the operations need not fit; the save below then tells what came since.
        if before.revision == revision:
            document = apply(document, parse_operations([op for edit in fresh for op in edit.ops]))
        batches = [Batch(0, edit.client, edit.seq, edit.ops, edit.label) for edit in edits]
        return self._saved(id, document, revision, batches)

    def replace(self, id: str, revision: int, document: Document, label: str = "") -> Opened:
        """Put ``document`` in place of the whole workflow. Raises RevisionConflict, NotFound."""
        return self._saved(id, document, revision, [], label)[0]

    def delete(self, id: str) -> None:
        """Forget the workflow; its runs stay. Raises NotFound."""
        self._stored.delete(id)
        self._workspace.changes.notify(id)

    def diagnostics(self, opened: Opened) -> list[Diagnostic]:
        """What is wrong with the workflow in this workspace."""
        return self._workspace.diagnose(opened.document, workflow_id=opened.id)

    def _saved(
        self,
        id: str,
        document: Document,
        revision: int,
        batches: Sequence[Batch | Mapping[str, Any]],
        label: str = "",
    ) -> tuple[Opened, list[Diagnostic]]:
        stored = self._stored.save(id, data(document), expected_revision=revision, batches=batches, label=label)
        opened = self._kept(stored)
        findings = self.diagnostics(opened)
        self._workspace.changes.notify(id)  # last: who is woken competes for the interpreter
        return opened, findings

    def _kept(self, stored: Stored) -> Opened:
        """A revision never changes, so that it is read once for all pages."""
        return self._workspace.opened.put((stored.id, stored.revision), _opened(stored))


def _opened(stored: Stored) -> Opened:
    return Opened(stored.id, stored.revision, _document(stored.document), stored.updated_at)


def _document(stored: Mapping[str, Any]) -> Document:
    return Document.model_validate(migrate(dict(stored)))


def data(document: Document) -> dict[str, Any]:
    """The document as it goes over the wire and into the store: keys equal to their default are absent."""
    return document.model_dump(mode="json", exclude_defaults=True) | {"nodeloom": document.nodeloom}
