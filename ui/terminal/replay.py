"""``nodeloom replay``: a recorded run again, offline, or an edited workflow with its answers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.refusal import Refusal
from ui.terminal import show
from ui.terminal.files import read_document
from ui.terminal.opened import open_workspace

if TYPE_CHECKING:
    from graphs.providers import SavedWorkflows
    from graphs.replay_recording import Recording


def replay(
    run: Annotated[
        str, typer.Argument(help="A run's number (r-0042) or id, or an exported recording.", show_default=False)
    ],
    against: Annotated[Path | None, typer.Option(help="Run this workflow file with the recorded answers.")] = None,
    export: Annotated[Path | None, typer.Option(help="Write the recording to this file, to be used as a test.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Replay a run exactly, without model, tools or network, and say where it departs (exit code 1)."""
    if against is not None and export is not None:
        raise Refusal("--against and --export exclude each other.", mend="Export the recorded run as it was.")
    from ui.recordings import complete, replayed  # the store is slow to import: only this needs it

    document = read_document(against) if against is not None else None
    looked_up: dict[str, dict[str, Any]] = {}
    recording, saved = _recording(run, looked_up)
    report = replayed(recording, document, saved)
    if json:
        show.as_json(report.as_dict())
    else:
        for line in report.lines():
            show.OUT.print(line, markup=False)
    if export is not None:
        _export(complete(recording, looked_up, report), export)
    raise typer.Exit(0 if report.same else 1)


def _recording(run: str, looked_up: dict[str, dict[str, Any]]) -> "tuple[Recording, SavedWorkflows | None]":
    """The recording, and for a run of this workspace where its saved workflows are looked up.

    Raises NodeError, StoreError.
    """
    from graphs.replay_recording import Recording  # LangChain is slow to import: only this needs it
    from ui.recordings import recorded_run, saved_in  # see replay

    file = Path(run)
    if file.suffix or file.exists():
        return Recording.load(file), None
    workspace = open_workspace()
    return recorded_run(workspace, run), saved_in(workspace, looked_up)


def _export(recording: "Recording", target: Path) -> None:
    recording.save(target)
    show.note(f"{recording.number} is in {target}. In a test: assert_replays({str(target)!r})")
