"""A run that goes on though its workflow was edited since: with a clear choice where the edit took its next node."""

from typing import Literal

from graphs.document import Document
from graphs.edited import choices, gone_nodes
from store.errors import NotFound
from store.runs import RunRow
from ui.api.errors import ApiError
from ui.documents import Documents
from ui.workspace import Workspace

Version = Literal["pinned"] | None
"""``pinned``: go on with the version the run began with, whatever was edited since."""


def require_version(workspace: Workspace, run: RunRow, version: Version) -> None:
    """Raise ApiError with the choices where the stored workflow has no place any more for what the run runs next."""
    if version == "pinned" or run.workflow_id is None or run.status in ("queued", "running", "done"):
        return
    try:
        stored = Documents(workspace).get(run.workflow_id)
    except NotFound:
        return
    if stored.hash == run.version_hash:
        return
    runner = workspace.engine.runner
    then = Document.model_validate(workspace.workflows.pinned(run.version_hash))
    gone = gone_nodes(then, stored.document, runner.next_nodes(run.id))
    if gone:
        what = f"The workflow was edited since the run {run.number} began: {gone[0]!r}, which is next, is not in it."
        beside = {"choices": choices(then, stored.document, gone, runner.last_visit(run.id))}
        raise ApiError(
            409, "workflow-changed", what, where=f"run {run.number}", mend="Choose how to go on.", beside=beside
        )
