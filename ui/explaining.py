"""What is wrong with a run of the workspace: shared by the API and the terminal."""

import time
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from graphs.document import Document
from graphs.failures.feedback import fork_of
from graphs.failures.finding import Finding
from graphs.failures.recorded import trace_of
from graphs.failures.registry import DETECTORS, findings_of
from graphs.failures.trace import Row, Trace
from graphs.replay_recording import Recording
from store.runs import RunRow
from store.spans import Spans

if TYPE_CHECKING:
    from ui.workspace import Workspace

PAGE: Final = 2_000
"""Spans read at a time."""
KEPT: Final = 32
"""Reports of ended runs kept in memory."""
SETTLED: Final = 5.0
"""Seconds after which another process has surely written all spans of a run that it ended."""
GOES_ON: Final = ("queued", "running", "waiting")


class StoredSpans:
    """The spans of a run in the store, page by page."""

    def __init__(self, spans: Spans, run_id: str) -> None:
        self._spans = spans
        self._run_id = run_id

    def pages(self) -> Iterator[Sequence[Row]]:
        after = 0
        while page := self._spans.list(self._run_id, after, PAGE):
            after = page[-1].seq
            yield [vars(span) for span in page]

    def whole(self, id: str, /) -> Row:
        return vars(self._spans.get(id))


def open_trace(workspace: "Workspace", run: RunRow) -> Trace:
    """The run's trace as detectors read it. Raises StoreError."""
    workspace.flush()
    document = Document.model_validate(workspace.workflows.pinned(run.version_hash))
    return Trace(StoredSpans(workspace.spans, run.id), document, run)


def report(workspace: "Workspace", run: RunRow) -> dict[str, Any]:
    """What ``GET /runs/{id}/failures`` answers. Raises StoreError."""
    if run.status in GOES_ON or run.ended_at is None or time.time() - run.ended_at < SETTLED:
        return _report(open_trace(workspace, run), run)
    return dict(_of_ended(workspace, run.id, run.ended_at))


@lru_cache(maxsize=KEPT)  # the page asks again for each span that is looked at, and a long trace takes seconds to read
def _of_ended(workspace: "Workspace", id: str, ended_at: float | None) -> dict[str, Any]:
    """The same for a run that has ended; a resumed one ends at another time."""
    run = workspace.runs.get(id)
    return _report(open_trace(workspace, run), run)


def report_of_recording(recording: Recording) -> dict[str, Any]:
    """The same for an exported recording, which cannot be forked."""
    trace = trace_of(recording)
    findings = [finding.as_dict() | {"fork": None} for finding in findings_of(trace)]
    return _answer(recording.run, recording.status, findings)


def _report(trace: Trace, run: RunRow) -> dict[str, Any]:
    return _answer(run.id, run.status, [_shown(finding, trace) for finding in findings_of(trace)])


def _answer(id: str, status: str, findings: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "run_id": id, "status": status, "complete": status not in GOES_ON, "findings": findings,
        "detectors": [
            {"name": each.name, "module": each.module, "severity": each.severity, "title": each.title}
            for each in DETECTORS
        ],
    }  # fmt: skip


def _shown(finding: Finding, trace: Trace) -> dict[str, Any]:
    return finding.as_dict() | {"fork": fork_of(finding.span, finding.tell, trace)}
