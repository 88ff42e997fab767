"""``nodeloom diff``: how one workflow file became another, in words."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from graphs.document_diff import document_changes
from ui.terminal import show
from ui.terminal.files import read_document


def diff(
    before: Annotated[Path, typer.Argument(help="A workflow file; - reads standard input.", show_default=False)],
    after: Annotated[Path, typer.Argument(help="The file to hold against it.", show_default=False)],
    json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False,
) -> None:
    """Say what differs between two workflows, node by node and word by word (exit code 1 where anything does)."""
    changes = document_changes(read_document(before), read_document(after))
    if json:
        show.as_json([change.as_dict() for change in changes])
    else:
        for change in changes:
            show.OUT.print(Text("\n".join(change.lines())))
        if not changes:
            show.note("The two are the same workflow; layout aside, nothing differs.")
    raise typer.Exit(1 if changes else 0)
