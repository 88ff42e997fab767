"""Starting a run, for the API and the terminal: what is wrong is said before anything runs."""

from collections.abc import Mapping
from typing import Any

from graphs.document import Document, content_hash
from graphs.models import readiness
from graphs.models.builtin.manifest import model_file
from graphs.rules.models import default_users, named
from graphs.rules.subject import Subject
from graphs.validate import has_errors
from nodes.contract import NodeError
from nodes.registry import KINDS
from templates import catalogue
from ui.documents import data
from ui.refusal import NotRunnable
from ui.workspace import Workspace


def start_run(
    workspace: Workspace,
    document: Document,
    inputs: Mapping[str, Any],
    *,
    model: str | None = None,
    workflow_id: str | None = None,
    revision: int | None = None,
) -> str:
    """Begin a run and return its id.

    ``model`` takes the place of the workspace's default. Raises NotRunnable, InputErrors (all faults at
    once), NodeError for a model that cannot be.
    """
    if model is not None:
        workspace.models.check(model)
    found = workspace.diagnose(document, model=model)
    if has_errors(found):
        raise NotRunnable(found)
    _require_builtin(workspace, document, model or workspace.models.default())
    # Pinned with its layout, for the trace shows the graph; the engine pins by the same hash.
    workspace.workflows.pin(data(document), content_hash(document))
    # The default is named too: a run that goes on tomorrow goes on with the model it began with.
    return workspace.engine.runner.start(
        document, inputs, model=model or workspace.models.default(), workflow_id=workflow_id, revision=revision
    )  # fmt: skip


def _require_builtin(workspace: Workspace, document: Document, default: str) -> None:
    """Raise NodeError where a node would call the built-in model and its file was never fetched."""
    subject = Subject(document, KINDS)
    used = [reference for _, _, reference in named(subject)]
    for reference in (*used, *([default] if default_users(subject) else ())):
        provider, _, name = reference.partition(":")
        if provider == "builtin":
            missing = readiness.builtin(workspace.home.models, model_file(name)).needs
            if missing:
                raise NodeError(f"The run needs {reference!r}, which is not on this machine yet", mend=missing)


def recording_of(document: Document) -> str:
    """The model that answers as in the recorded example: ``scripted:<template>``.

    A workflow belongs to the template whose nodes it has; prompts and layout may differ. Raises NodeError.
    """
    for slug in catalogue.slugs():
        template = catalogue.load(slug)
        if template.recording is not None and _kinds(template.document) == _kinds(document):
            return f"scripted:{slug}"
    raise NodeError(
        "There is no recorded example of this workflow: it has other nodes than any template",
        mend="Run it with a model: the built-in one, one of your own by key, or Ollama.",
    )


def _kinds(document: Document) -> dict[str, str]:
    return {id: node.kind for id, node in document.nodes.items()}
