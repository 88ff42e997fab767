"""Chat models over a workspace, with the scripts that ``scripted:`` and ``recorded:`` answer from.

Imported on first use only: LangChain takes half a second.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from graphs.models.recorder import script_from_spans
from graphs.models.resolve import ModelRegistry
from graphs.models.script import Script
from nodes.contract import NodeError
from store.errors import StoreError
from templates import catalogue

if TYPE_CHECKING:
    from ui.workspace import Workspace

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PAGE: Final = 2_000


def open_models(workspace: "Workspace") -> ModelRegistry:
    """Every model that can be named in the workspace."""
    return ModelRegistry(
        workspace.settings, workspace.secrets, workspace.endpoints, workspace.home.models,
        server=workspace.model_server,
        scripts=lambda name: _script(workspace, name),
        recordings=lambda run: _recording(workspace, run),
    )  # fmt: skip


def _script(workspace: "Workspace", name: str) -> Script:
    """``scripted:<name>``: a template's recording, else a script of the user's in ``scripts/`` of the home."""
    if name in catalogue.slugs() and catalogue.load(name).recording is not None:
        return catalogue.recorded_script(name)
    if not _NAME.fullmatch(name):
        raise NodeError(f"{name!r} cannot name a script", mend="Use letters, digits, - and _.")
    return Script.load(workspace.home.path / "scripts" / f"{name}.json")


def _recording(workspace: "Workspace", run: str) -> Script:
    """``recorded:<run>``: the answers that run got."""
    try:
        row = workspace.runs.get(run)
        return script_from_spans(f"run {row.number}", _chats(workspace, row.id))
    except StoreError as error:
        raise NodeError(error.what, mend=error.mend) from None


def _chats(workspace: "Workspace", run_id: str) -> Iterator[dict[str, Any]]:
    after = 0
    while page := workspace.spans.list(run_id, after, _PAGE):
        after = page[-1].seq
        yield from (asdict(workspace.spans.get(span.id)) for span in page if span.operation == "chat")
