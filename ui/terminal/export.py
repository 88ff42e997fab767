"""``nodeloom export``: a workflow as a Python program that needs LangGraph and LangChain, and no Nodeloom."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.refusal import Refusal
from ui.terminal import show
from ui.terminal.files import read_document
from ui.terminal.opened import open_workspace

if TYPE_CHECKING:
    from graphs.document import Document


def export(
    workflow: Annotated[str, typer.Argument(help="A workflow file, a template, or the id or title of a saved one.")],
    to: Annotated[Path | None, typer.Option("--to", "-o", help="The folder, or with --zip the file, to write.")] = None,
    zip: Annotated[bool, typer.Option("--zip", help="Write one zip archive.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over what is there.")] = False,
) -> None:
    """Write a workflow as a Python program on LangGraph. A node that cannot be is named, and nothing is written."""
    from graphs.export.archive import zipped  # the engine takes seconds to import
    from graphs.export.packaging import project_name
    from ui.exporting import exported

    document = _document(workflow)
    files = exported(document, open_workspace())
    name = project_name(document.title)
    target = to or Path(f"{name}-langgraph{'.zip' if zip else ''}")
    _require_free(target, force, zip)
    try:
        if zip:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(zipped(files, name))
        else:
            _write(files, target)
    except OSError as error:
        raise Refusal(f"Cannot write {str(target)!r}: {error.strerror or error}.", mend="Name another place.") from None
    start = target / "README.md" if not zip else target
    show.note(f"{document.title} is in {target} ({len(files)} files). Begin with {start}.")


def _require_free(target: Path, force: bool, zip: bool) -> None:
    taken = target.exists() if zip or target.is_file() else target.is_dir() and any(target.iterdir())
    if taken and not force:
        raise Refusal(f"{str(target)!r} is there already.", mend="Name another place, or add --force.")


def _write(files: dict[str, str], folder: Path) -> None:
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")


def _document(workflow: str) -> "Document":
    if Path(workflow).is_file() or workflow == "-":
        return read_document(Path(workflow))
    from graphs.document import Document
    from templates import catalogue

    if workflow in catalogue.slugs():
        return catalogue.load(workflow).document
    from ui.services import saved_workflow

    return Document.model_validate(saved_workflow(open_workspace(), workflow))
