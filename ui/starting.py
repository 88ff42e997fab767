"""Starting a run, for the API and the terminal: what is wrong is said before anything runs."""

from collections.abc import Mapping, Sequence
from typing import Any

from graphs.breakpoints import Breakpoint
from graphs.document import Document, content_hash
from graphs.fork_request import NO_ORIGIN, ForkRequest, Origin
from graphs.models import readiness
from graphs.models.builtin.manifest import model_file
from graphs.rules.models import default_users, named
from graphs.rules.subject import Subject
from graphs.validate import has_errors
from nodes.contract import NodeError
from nodes.registry import KINDS
from store.runs import RunRow
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
    label: str = "",
    breakpoints: Sequence[Breakpoint] = (),
    origin: Origin = NO_ORIGIN,
) -> str:
    """Begin a run and return its id.

    ``model`` takes the place of the workspace's default; ``origin``: the run it keeps visits of, and its
    pins. Raises NotRunnable, InputErrors (all faults at once), NodeError for a model that cannot be.
    """
    _require_runnable(workspace, document, model, workflow_id)
    # The default is named too: a run that goes on tomorrow goes on with the model it began with.
    return workspace.engine.runner.start(
        document, inputs, model=model or workspace.models.default(), workflow_id=workflow_id, revision=revision,
        label=label, breakpoints=breakpoints, origin=origin,
    )  # fmt: skip


def start_fork(
    workspace: Workspace,
    run: RunRow,
    asked: ForkRequest,
    document: Document | None = None,
    *,
    revision: int | None = None,
    label: str = "",
    breakpoints: Sequence[Breakpoint] = (),
) -> str:
    """Begin a run that goes out from ``run`` and return its id; ``document`` in place of the recorded one.

    Raises as ``start_run``, and NodeError for a place or a change that cannot be.
    """
    runner = workspace.engine.runner
    changed = runner.forked_document(run.id, asked, document)
    _require_runnable(workspace, changed, asked.changes.model or run.model, run.workflow_id)
    return runner.fork(run.id, asked, document, revision=revision, label=label.strip(), breakpoints=breakpoints)


def _require_runnable(workspace: Workspace, document: Document, model: str | None, workflow_id: str | None) -> None:
    if model is not None:
        workspace.models.check(model)
    found = workspace.diagnose(document, model=model, workflow_id=workflow_id)
    if has_errors(found):
        raise NotRunnable(found)
    _require_builtin(workspace, document, model or workspace.models.default())
    # Pinned with its layout, for the trace shows the graph; the engine pins by the same hash.
    workspace.workflows.pin(data(document), content_hash(document))


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


def played(document: Document, reference: str) -> Document:
    """The document with ``reference`` in place of each model it names, so that a recording answers for all of them."""
    nodes = {
        id: node.model_copy(update={"config": {**node.config, "reference": reference}})
        if node.kind == "resource.model" else node
        for id, node in document.nodes.items()
    }  # fmt: skip
    return document.model_copy(update={"nodes": nodes})


def _kinds(document: Document) -> dict[str, str]:
    return {id: node.kind for id, node in document.nodes.items()}
