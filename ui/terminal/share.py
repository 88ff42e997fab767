"""``nodeloom share`` and ``nodeloom import``: handing a workflow on, and taking in a stranger's."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.table import Table
from rich.text import Text

from ui.refusal import Refusal
from ui.terminal import show
from ui.terminal.check import report
from ui.terminal.files import read_document
from ui.terminal.opened import open_workspace

if TYPE_CHECKING:
    from graphs.document import Document
    from ui.sharing import Preview
    from ui.workspace import Workspace

STYLES = {"high": "red", "medium": "yellow", "low": "dim"}


def share(
    workflow: Annotated[str, typer.Argument(help="A workflow file, or the id or title of a saved workflow.")],
    form: Annotated[Literal["yaml", "bundle", "png", "link"], typer.Option("--as", help="What to make.")] = "bundle",
    to: Annotated[Path | None, typer.Option("--to", "-o", help="The file to write; a link is printed.")] = None,
    sign: Annotated[bool, typer.Option("--sign", help="Sign the bundle with your own key.")] = False,
    address: Annotated[str, typer.Option(help="Where the link leads.")] = "http://localhost:8501",
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Make a file, bundle, picture or link of a workflow. Refused where a secret or a path of this machine is in it."""
    from ui import sharing  # drawing and signing take a while to import

    workspace = open_workspace()
    shared = sharing.with_parts(workspace, _document(workspace, workflow))
    content = sharing.share(workspace, shared, form, address=address, signed=sign)
    for doubt in sharing.doubts_of(shared):
        show.note(f"Look again: {doubt}.")
    if to is None and form in ("yaml", "link"):
        sys.stdout.write(content.decode() + ("\n" if form == "link" else ""))
        return
    target = to or Path(f"{workflow if not Path(workflow).suffix else Path(workflow).stem}{sharing.FORMS[form][0]}")
    if target.exists() and not force:
        raise Refusal(f"{str(target)!r} is there already.", mend="Name another file, or add --force.")
    target.write_bytes(content)
    show.note(f"{shared.document.title} is in {target} ({len(content):,} bytes).")


def take_in(
    file: Annotated[str, typer.Argument(help="A workflow, bundle or picture; a link; - reads standard input.")],
    yes: Annotated[bool, typer.Option("--yes", help="Save it, and grant what is not refused.")] = False,
    refuse: Annotated[
        list[str] | None, typer.Option(help="Key of something it may not do; as often as wanted.")
    ] = None,
    trust_as: Annotated[str, typer.Option(help="Put who signed it on the trust list, under this name.")] = "",
) -> None:
    """Show what a stranger's workflow may do; with --yes save it. Nothing is started, fetched or run."""
    from ui import sharing  # as above

    workspace, content = open_workspace(), _content(file)
    _show(sharing.preview(workspace, content))
    if not yes:
        show.note("Nothing was saved. Add --yes to save it, and --refuse KEY for what it may not do.")
        return
    opened = sharing.take_in(workspace, content, refuse or (), trust_as=trust_as)
    show.OUT.print(opened.id)
    show.note(f"Saved as {opened.document.title!r}, with {len(refuse or ())} refused.")


def _document(workspace: "Workspace", workflow: str) -> "Document":
    if Path(workflow).is_file():
        return read_document(Path(workflow))
    from graphs.document import Document
    from ui.services import saved_workflow

    return Document.model_validate(saved_workflow(workspace, workflow))


def _content(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read(20_000_001)
    path = Path(file)
    if path.is_file():
        return path.read_bytes()
    if "#" in file:
        return file.encode()
    raise Refusal(f"There is no file {file!r}.", where=str(path.absolute()), mend="Check the path, or quote the link.")


def _show(seen: "Preview") -> None:
    document, signature = seen.shared.document, seen.shared.signature
    show.OUT.print(Text(document.title, style="bold"))
    if document.summary:
        show.OUT.print(document.summary)
    signer = (
        "not signed"
        if signature is None
        else f"signed by {seen.signed_by or 'an unknown key'}, {signature.fingerprint}"
    )
    show.OUT.print(f"{len(document.nodes)} nodes, {signer}.")
    table = Table("may", "key", "nodes", box=None, pad_edge=False)
    for each in seen.permissions:
        table.add_row(Text(each.words, style=STYLES[each.risk]), each.key, ", ".join(each.nodes))
    show.drawn(table)
    show.OUT.print(seen.cost.words)
    report([each for each in seen.diagnostics if each.severity == "error"], show.ERR)
