"""``nodeloom replay``: a recorded run again, offline, or an edited workflow with its answers."""

import asyncio
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphs.document import Document
from nodes.contract import NodeError
from ui.refusal import NotRunnable, Refusal
from ui.terminal import show
from ui.terminal.files import read_document
from ui.terminal.opened import open_workspace

if TYPE_CHECKING:
    from graphs.providers import SavedWorkflows
    from graphs.replay_recording import Recording
    from graphs.replay_report import Report
    from ui.workspace import Workspace

PAGE = 2_000


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
        _export(recording.model_copy(update={"workflows": recording.workflows | looked_up}), report, export)
    raise typer.Exit(0 if report.same else 1)


def _recording(run: str, looked_up: dict[str, dict[str, Any]]) -> "tuple[Recording, SavedWorkflows | None]":
    """The recording, and for a run of this workspace where its saved workflows are looked up.

    Raises NodeError, StoreError.
    """
    from graphs.replay_recording import Recording  # LangChain and the store are slow to import: only this needs them

    file = Path(run)
    if file.suffix or file.exists():
        return Recording.load(file), None
    workspace = open_workspace()
    return recorded_run(workspace, run), partial(_saved, workspace, looked_up)


def recorded_run(workspace: "Workspace", run: str) -> "Recording":
    """The recording of a run of the workspace. Raises NotFound, NodeError where it cannot be replayed."""
    from graphs.replay_recording import recording_of_run  # see _recording

    row = workspace.runs.get(run)
    document = Document.model_validate(workspace.workflows.pinned(row.version_hash))
    return recording_of_run(row, document, _spans(workspace, row.id))


def _spans(workspace: "Workspace", run_id: str) -> list[dict[str, Any]]:
    """All spans of a run, their long values whole."""
    found: list[dict[str, Any]] = []
    after = 0
    while page := workspace.spans.list(run_id, after, PAGE):
        after = page[-1].seq
        found += [asdict(workspace.spans.get(span.id)) for span in page]
    return found


def _saved(workspace: "Workspace", looked_up: dict[str, dict[str, Any]], name: str, /) -> dict[str, Any]:
    from ui.services import saved_workflow  # see _recording

    looked_up[name] = saved_workflow(workspace, name)
    return looked_up[name]


def replayed(recording: "Recording", document: Document | None, saved: "SavedWorkflows | None") -> "Report":
    """How a recording, or an edited workflow with its answers, runs again. Raises NotRunnable, InputErrors."""
    from graphs.replay import CannotReplay, replay  # LangGraph: two seconds

    try:
        return asyncio.run(replay(recording, document, workflow=saved))
    except CannotReplay as error:
        raise NotRunnable(error.diagnostics) from None


def _export(recording: "Recording", report: "Report", target: Path) -> None:
    if not report.same:
        raise NodeError(
            f"The run {recording.number} does not replay exactly, so {target} was not written: as a test it would fail",
            mend="The report above says where it departs.",
        )
    recording.save(target)
    show.note(f"{recording.number} is in {target}. In a test: assert_replays({str(target)!r})")
