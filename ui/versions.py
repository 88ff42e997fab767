"""Versions of a saved workflow: opened, held against each other, restored, published."""

from collections.abc import Iterator
from dataclasses import dataclass

from graphs.document import Document, content_hash
from graphs.document_change import Change
from graphs.document_diff import document_changes
from graphs.merging.lineage import RELATED, Sayings, likeness, sayings
from graphs.migrations.steps import migrate
from graphs.operations import apply, parse_operations
from ui.documents import Documents, Opened
from ui.workspace import Workspace

CANDIDATES = 3
"""Workflows whose versions are looked through for the one that a document began as."""


def document_at(workspace: Workspace, id: str, revision: int) -> Document:
    """The workflow as it was at a revision. Raises NotFound."""
    kept = workspace.versions.kept(id, revision)
    document = Document.model_validate(migrate(dict(kept.document)))
    return apply(document, parse_operations(kept.ops))


def all_versions(workspace: Workspace, id: str, most: int = 500) -> Iterator[tuple[int, Document]]:
    """``(revision, document)`` of the last versions, oldest first. Raises NotFound."""
    document = Document()
    for saved in workspace.versions.history(id, most=most):
        if saved.document is not None:
            document = Document.model_validate(migrate(dict(saved.document)))
        else:
            document = apply(document, parse_operations(saved.ops))
        yield saved.revision, document


def revision_with(workspace: Workspace, id: str, hash: str) -> int | None:
    """The newest version with a content hash; None where none has it. Raises NotFound."""
    found = [revision for revision, document in all_versions(workspace, id) if content_hash(document) == hash]
    return found[-1] if found else None


@dataclass(frozen=True)
class Origin:
    """The version of a workflow here that a document most likely began as."""

    id: str
    title: str
    revision: int
    """Of the workflow now."""
    base: int
    """The revision that both began with."""
    likeness: float
    """0 to 1; 1 where the document is that very version."""


def origin_of(workspace: Workspace, document: Document) -> Origin | None:
    """Whose copy a document is: by content hash where it is a version, else the nearest one; None for a stranger."""
    told = sayings(document)
    near = [(likeness(told, sayings(each.document)), each) for each in Documents(workspace).all()]
    near = sorted((each for each in near if each[0] >= RELATED), key=lambda each: -each[0])[:CANDIDATES]
    found = [_nearest(workspace, each, content_hash(document), told) for _, each in near]
    return max(found, key=lambda each: each.likeness, default=None)


def nearest_to(workspace: Workspace, id: str, document: Document) -> int:
    """The version of a workflow that a document most likely began as. Raises NotFound."""
    opened = Documents(workspace).get(id)
    return _nearest(workspace, opened, content_hash(document), sayings(document)).base


def _nearest(workspace: Workspace, opened: Opened, hash: str, told: Sayings) -> Origin:
    """Among the versions the one that has most in common.

    Of equals the oldest: from an older base a merge takes more of mine for my own edits, and undoes none of them.
    """
    best, at = -1.0, opened.revision
    for revision, document in all_versions(workspace, opened.id):
        alike = 1.0 if content_hash(document) == hash else likeness(told, sayings(document))
        if alike > best:
            best, at = alike, revision
    return Origin(opened.id, opened.document.title, opened.revision, at, best)


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
