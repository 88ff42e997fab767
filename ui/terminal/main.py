"""The entry of the commands: which there are, and how each fault is shown.

Exit codes: 0 good; 1 the run failed, or something needed is missing; 2 bad input; 130 Ctrl-C.
"""

import os
import sys
import traceback
from typing import Annotated, Final

import typer

from graphs.inputs import InputErrors
from nodes.contract import NodeError
from store.errors import StoreError
from ui.address import DEFAULT_ADDRESS, DEFAULT_PORT, DEFAULT_WORKERS
from ui.refusal import NotRunnable, Refusal
from ui.terminal import memory, show, templates, trust
from ui.terminal import model as models
from ui.terminal.answer import answer, inbox
from ui.terminal.baselines import baselines
from ui.terminal.check import check, report
from ui.terminal.compare import compare
from ui.terminal.describe import describe
from ui.terminal.diff import diff
from ui.terminal.doctor import doctor
from ui.terminal.explain import explain
from ui.terminal.export import export
from ui.terminal.files import Unreadable
from ui.terminal.fork import fork
from ui.terminal.merge import merge_files
from ui.terminal.nodes import nodes
from ui.terminal.open import open_builder
from ui.terminal.replay import replay
from ui.terminal.run import run
from ui.terminal.runs import runs
from ui.terminal.share import share, take_in
from ui.terminal.trace import trace
from ui.terminal.versions import versions
from ui.version import VERSION

BAD_INPUT: Final = 2
DEBUG: Final = "NODELOOM_DEBUG"

app = typer.Typer(
    name="nodeloom", add_completion=False, pretty_exceptions_enable=False, invoke_without_command=True,
    help="Nodeloom: a visual agent workflow builder. Without a command it opens the builder.",
)  # fmt: skip
for command in (
    run,
    check,
    describe,
    nodes,
    trace,
    explain,
    fork,
    replay,
    compare,
    diff,
    runs,
    versions,
    inbox,
    answer,
    share,
    export,
    baselines,
    doctor,
):
    app.command()(command)
app.command("import")(take_in)
app.command("merge")(merge_files)
app.add_typer(models.commands, name="model")
app.add_typer(templates.commands, name="templates")
app.add_typer(templates.commands, name="template", hidden=True)
app.add_typer(memory.commands, name="memory")
app.add_typer(trust.commands, name="trust")


def _version(wanted: bool) -> None:
    if wanted:
        show.OUT.print(f"nodeloom {VERSION}")
        raise typer.Exit


@app.callback()
def builder(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="The port; 0 takes any free one.", min=0, max=65535)] = DEFAULT_PORT,
    address: Annotated[str, typer.Option(help="The loopback address to serve at.")] = DEFAULT_ADDRESS,
    open: Annotated[
        bool | None, typer.Option("--open/--no-open", help="Open a browser; by default where there is a display.")
    ] = None,
    workers: Annotated[
        int, typer.Option(help="Processes that work on runs; 0: the server itself.", min=0, max=32)
    ] = DEFAULT_WORKERS,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which.")] = False,
) -> None:
    """Open the builder in the browser."""
    if context.invoked_subcommand is None:
        open_builder(address=address, port=port, open_browser=open, workers=workers)


def main() -> None:
    """Run the command line; every fault becomes words and an exit code, never a traceback."""
    try:
        app()
    except Exception as error:
        sys.exit(_explain(error))


def _explain(error: Exception) -> int:
    """Show what went wrong and return the exit code."""
    match error:
        case Refusal() | StoreError():
            show.failure(error.what, where=error.where, mend=error.mend)
        case NodeError():
            show.failure(error.what, mend=error.mend)
        case InputErrors():
            for problem in error.problems:
                show.failure(problem.what, where=f"input {problem.field}", mend=problem.mend)
        case NotRunnable():
            show.failure("The workflow cannot run as it is.", mend="`nodeloom check` shows the same findings.")
            report(error.diagnostics, show.ERR)
        case Unreadable():
            show.failure(f"{str(error.path)!r} is not a workflow that can be read.")
            report(error.diagnostics, show.ERR)
        case OSError():
            show.failure(f"The system refused: {error.strerror or error}", where=str(error.filename or ""))
        case _:
            return _unforeseen(error)
    return BAD_INPUT


def _unforeseen(error: Exception) -> int:
    if os.environ.get(DEBUG):
        traceback.print_exc()
    where = traceback.extract_tb(error.__traceback__)[-1]
    show.failure(
        f"Something went wrong in Nodeloom itself: {type(error).__name__}: {error}",
        where=f"{where.name}, line {where.lineno}",
        mend=f"Please report it with the command that led here. {DEBUG}=1 shows more.",
    )
    return 1
