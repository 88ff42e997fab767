"""``nodeloom doctor``: what is missing on this computer, and how to mend it."""

from typing import Annotated

import typer
from rich.text import Text

from ui.address import DEFAULT_PORT
from ui.terminal import show

MARKS = {"good": ("ok", "green"), "missing": ("missing", "bold red"), "optional": ("optional", "yellow")}


def doctor(
    port: Annotated[int, typer.Option(help="The port to look at.", min=1, max=65535)] = DEFAULT_PORT,
    json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False,
) -> None:
    """Look at everything Nodeloom needs. Exit code 1 where something needed is missing."""
    from ui.terminal.checkup import examine  # opens the store

    found = examine(port)
    if json:
        show.as_json([vars(each) for each in found])
    else:
        for each in found:
            word, colour = MARKS[each.state]
            show.OUT.print(Text(f"{word:<9}", style=colour) + Text(f" {each.name}: {each.what}", style="none"))
            if each.mend:
                show.OUT.print(Text(f"          {each.mend}", style="dim"))
    raise typer.Exit(1 if any(each.state == "missing" for each in found) else 0)
