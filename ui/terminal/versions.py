"""``nodeloom versions``: what a saved workflow was, save by save."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from ui.terminal import show
from ui.terminal.opened import open_workspace

if TYPE_CHECKING:
    from store.versions import Version


def versions(
    workflow: Annotated[str, typer.Argument(help="The id or title of a saved workflow.", show_default=False)],
    before: Annotated[int | None, typer.Option(help="Only those before this version.", min=1)] = None,
    limit: Annotated[int, typer.Option(help="At most this many.", min=1, max=1000)] = 20,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the versions of a saved workflow, the newest first; every save is one."""
    from ui.services import stored_workflow  # with the workspace: the store takes half a second to import

    workspace = open_workspace()
    id = stored_workflow(workspace, workflow).id
    found = workspace.versions.list(id, before=before, limit=limit)
    if json:
        listed = [asdict(each) for each in found]
        show.as_json({"workflow": id, "published": workspace.versions.published(id), "versions": listed})
        return
    table = Table("version", "saved", "edits", "what was done", "name", "note", box=None, pad_edge=False)
    for each in found:
        saved = datetime.fromtimestamp(each.saved_at).strftime("%Y-%m-%d %H:%M")
        edits = str(each.edits) if each.edits else ""
        # As text: a name in brackets is no markup.
        table.add_row(f"v{each.revision}", saved, edits, *map(Text, (_done(each), _called(each), each.note)))
    show.drawn(table)


def _done(version: "Version") -> str:
    return version.label or ("Edited" if version.edits else "Replaced whole")


def _called(version: "Version") -> str:
    """The name, and whether other workflows run this version."""
    return " ".join(filter(None, (version.name, "(published)" if version.published else "")))
