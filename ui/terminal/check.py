"""``nodeloom check``: what is wrong with a workflow file."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from graphs.diagnostics import Diagnostic
from graphs.document import content_hash
from graphs.validate import validate
from ui.terminal import show
from ui.terminal.files import Unreadable, read_document

COLOURS = {"error": "bold red", "warning": "yellow", "info": "cyan"}


def check(
    file: Annotated[Path, typer.Argument(help="A workflow file; - reads standard input.", show_default=False)],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check a workflow file. Exit code 0: it can run; 2: it cannot."""
    try:
        document = read_document(file)
        found, mark = validate(document), content_hash(document)
    except Unreadable as error:
        found, mark = error.diagnostics, None
    good = not any(each.severity == "error" for each in found)
    if json:
        show.as_json({"ok": good, "hash": mark, "diagnostics": [each.wire() for each in found]})
    else:
        report(found, show.OUT)
        show.OUT.print(_summary(found))
    raise typer.Exit(0 if good else 2)


def report(found: Sequence[Diagnostic], console: Console) -> None:
    """Each finding with its place and remedy."""
    for each in found:
        head = Text(each.severity, style=COLOURS[each.severity])
        console.print(head + Text(f" {each.code} {each.name} ({each.place})", style="none"))
        console.print(Text(f"  {each.message}"))
        if each.remedy:
            console.print(Text(f"  {each.remedy}", style="dim"))


def _summary(found: Sequence[Diagnostic]) -> str:
    if not found:
        return "Nothing to mend."
    counts = Counter(each.severity for each in found)
    parts = [_counted(counts[severity], severity) for severity in ("error", "warning", "info") if counts[severity]]
    return ", ".join(parts) + "."


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 or word == "info" else f"{number} {word}s"
