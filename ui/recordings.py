"""Recordings of runs: made, proved by a replay, read, and taken in as runs; for the API and the terminal."""

import asyncio
import re
import time
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from graphs.document import Document, content_hash
from nodes.contract import NodeError
from store.runs import RunRow
from store.spans import SpanWriter
from ui.documents import data
from ui.refusal import NotRunnable

if TYPE_CHECKING:
    from graphs.providers import SavedWorkflows
    from graphs.replay_recording import Recording
    from graphs.replay_report import Report
    from ui.workspace import Workspace

PAGE: Final = 2_000
"""Spans read, or written, at a time."""


def recorded_run(workspace: "Workspace", run: str) -> "Recording":
    """The recording of a run of the workspace. Raises NotFound, NodeError where it cannot be replayed."""
    from graphs.replay_recording import recording_of_run  # LangChain is slow to import: only this needs it

    row = workspace.runs.get(run)
    workspace.flush()
    document = Document.model_validate(workspace.workflows.pinned(row.version_hash))
    return recording_of_run(row, document, _spans(workspace, row.id))


def saved_in(workspace: "Workspace", looked_up: dict[str, dict[str, Any]]) -> "SavedWorkflows":
    """Where a replay looks up the workspace's workflows; those it asked for are kept in ``looked_up``."""
    return partial(_saved, workspace, looked_up)


def replayed(recording: "Recording", document: Document | None, saved: "SavedWorkflows | None") -> "Report":
    """How a recording, or an edited workflow with its answers, runs again. Raises NotRunnable, InputErrors."""
    from graphs.replay import CannotReplay, replay  # LangGraph: two seconds

    try:
        return asyncio.run(replay(recording, document, workflow=saved))
    except CannotReplay as error:
        raise NotRunnable(error.diagnostics) from None


def proved(workspace: "Workspace", run: str) -> "Recording":
    """The recording of a run, complete and proved to replay exactly: as a test it passes.

    Raises NotFound, NotRunnable, and NodeError where it departs or cannot be replayed.
    """
    looked_up: dict[str, dict[str, Any]] = {}
    recording = recorded_run(workspace, run)
    return complete(recording, looked_up, replayed(recording, None, saved_in(workspace, looked_up)))


def complete(recording: "Recording", looked_up: dict[str, dict[str, Any]], report: "Report") -> "Recording":
    """The recording with the workflows that its replay looked up. Raises NodeError where the replay departed."""
    if not report.same:
        raise NodeError(
            f"The run {recording.number} does not replay exactly, so as a test it would fail",
            mend=f"{' '.join(report.lines())}",
        )
    return recording.model_copy(update={"workflows": recording.workflows | looked_up})


def file_name(recording: "Recording") -> str:
    """``tutor-r-0042.json``."""
    words = re.sub(r"[^a-z0-9]+", "-", recording.title.lower()).strip("-")[:40]
    return f"{words or 'run'}-{recording.number}.json"


def test_of(file: str) -> str:
    """A test that holds the recording: the assertion is one line."""
    stem = file.removesuffix(".json")
    name = re.sub(r"\W+", "_", stem)
    return f'def test_{name}_still_behaves(assert_replays):\n    assert_replays("{file}")\n'


def taken_in(workspace: "Workspace", recording: "Recording") -> RunRow:
    """The recording as a run of the workspace, to be looked at and compared; nothing is run. Raises StoreError."""
    from graphs.replay_rows import rows_of  # see recorded_run

    hash = content_hash(recording.document)
    workspace.workflows.pin(data(recording.document), hash)
    row = workspace.runs.create(
        title=recording.title or recording.document.title, version_hash=hash, inputs=recording.inputs,
        model=recording.model, limits=recording.limits, label=f"recording of {recording.number}",
        status=recording.status, outputs=recording.outputs, error=recording.error,
    )  # fmt: skip
    rows = rows_of(recording, row.id)
    writer = SpanWriter(workspace.database)
    try:
        for first in range(0, len(rows), PAGE):
            for each in rows[first : first + PAGE]:
                writer.put(each)
            writer.flush()
    finally:
        writer.close()
    began, ended = rows[0]["started_at"], max(each["ended_at"] for each in rows)
    return workspace.runs.update(
        row.id, started_at=began, ended_at=ended or time.time(), seconds=max(0.0, ended - began), usd=None,
        steps=sum(each["operation"] == "invoke_node" for each in rows),
        input_tokens=sum(each["input_tokens"] or 0 for each in rows),
        output_tokens=sum(each["output_tokens"] or 0 for each in rows),
    )  # fmt: skip


def _spans(workspace: "Workspace", run_id: str) -> list[dict[str, Any]]:
    """All spans of a run, their long values whole."""
    found: list[dict[str, Any]] = []
    after = 0
    while page := workspace.spans.list(run_id, after, PAGE):
        after = page[-1].seq
        found += [asdict(workspace.spans.get(span.id)) for span in page]
    return found


def _saved(workspace: "Workspace", looked_up: dict[str, dict[str, Any]], name: str, /) -> dict[str, Any]:
    from ui.services import saved_workflow  # see recorded_run

    looked_up[name] = saved_workflow(workspace, name)
    return looked_up[name]
