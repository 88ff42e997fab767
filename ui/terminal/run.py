"""``nodeloom run``: runs a workflow file here, to its end."""

from pathlib import Path
from typing import Annotated

import typer

from graphs.document import Document
from graphs.validate import has_errors, validate
from templates import catalogue
from ui.refusal import NotRunnable, Refusal
from ui.terminal.files import read_document
from ui.terminal.inputs import parse_inputs

INPUTS = "An input: name=value, name=@file, JSON for lists and records. Once for each."


def run(
    file: Annotated[Path, typer.Argument(help="A workflow file, or the name of a template.", show_default=False)],
    input: Annotated[list[str] | None, typer.Option("--input", "-i", help=INPUTS, show_default=False)] = None,
    model: Annotated[str | None, typer.Option(help="provider:model in place of the default.")] = None,
    recorded: Annotated[bool, typer.Option("--recorded", help="Answer as in the template's recording.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object when it has ended.")] = False,
    stream: Annotated[bool, typer.Option("--stream", help="Print what happens, as it happens.")] = False,
) -> None:
    """Run a workflow and print its outputs. Exit code 0: done; 1: it failed or did not end; 2: bad input."""
    _exclude(("--json", json), ("--stream", stream))
    _exclude(("--recorded", recorded), ("--model", model is not None))
    document = _document(file)
    if has_errors(found := validate(document)):
        raise NotRunnable(found)
    values = parse_inputs(document, input or [])
    # The engine takes two seconds to import: what is wrong with file and inputs was said before.
    from ui.terminal.execution import Shown, execute

    shown = Shown.JSON if json else Shown.STREAM if stream else Shown.OUTPUTS
    raise typer.Exit(execute(document, values, model=model, recorded=recorded, shown=shown))


def _exclude(*options: tuple[str, bool]) -> None:
    if all(given for _, given in options):
        names = " and ".join(name for name, _ in options)
        raise Refusal(f"{names} exclude each other.", mend="Use one of them.")


def _document(file: Path) -> Document:
    if str(file) in catalogue.slugs() and not file.exists():
        return catalogue.load(str(file)).document
    return read_document(file)
