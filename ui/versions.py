"""Versions of a saved workflow: opened, held against each other, restored, published."""

from graphs.document import Document
from graphs.document_change import Change
from graphs.document_diff import document_changes
from graphs.migrations.steps import migrate
from graphs.operations import apply, parse_operations
from ui.documents import Documents, Opened
from ui.workspace import Workspace


def document_at(workspace: Workspace, id: str, revision: int) -> Document:
    """The workflow as it was at a revision. Raises NotFound."""
    kept = workspace.versions.kept(id, revision)
    document = Document.model_validate(migrate(dict(kept.document)))
    return apply(document, parse_operations(kept.ops))


def changes_between(workspace: Workspace, id: str, before: int, after: int) -> tuple[Change, ...]:
    """How one version became another. Raises NotFound."""
    return document_changes(document_at(workspace, id, before), document_at(workspace, id, after))


def restore(workspace: Workspace, id: str, revision: int, present: int) -> Opened:
    """Make the workflow what it was; that is a new version. Raises NotFound, RevisionConflict."""
    return Documents(workspace).replace(id, present, document_at(workspace, id, revision), f"Restore v{revision}")


def published_document(workspace: Workspace, id: str) -> Document:
    """What other workflows run: the published version, else the newest. Raises NotFound."""
    revision = workspace.versions.published(id)
    return Documents(workspace).get(id).document if revision is None else document_at(workspace, id, revision)
