"""Exact offline replay: a recorded run is run again with the answers it got, or an edited workflow with them.

The engine, the nodes and the conditions are the real ones; only what comes from outside (models, tools, memory,
people) is taken from the recording. Where the workflow asks something else than it did, it still gets the
recorded answer, so that one changed prompt does not hide what comes after it; where it asks what there is no
answer for, the replay ends.
"""

from functools import partial
from typing import Any

from graphs.active import ActiveRun
from graphs.cache import GraphCache
from graphs.diagnostics import Diagnostic
from graphs.document import Document, Limits
from graphs.inputs import checked_inputs
from graphs.intermediate import Kinds
from graphs.limits import Meter
from graphs.providers import Providers, SavedWorkflows
from graphs.replay_doors import NoServices, RecordedMemory, RecordedModels, recorded_kinds
from graphs.replay_matching import Matcher, ReplayTracer
from graphs.replay_recording import Recording
from graphs.replay_report import Report, report_of
from graphs.segment import execute
from graphs.stream import EventLog
from graphs.tracer import snapshot
from graphs.validate import validate
from graphs.workshop import RunWorkshop
from nodes.contract import NodeError
from nodes.registry import KINDS


class CannotReplay(Exception):
    """The workflow has errors; ``diagnostics`` holds all findings, errors first."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__(f"{diagnostics[0].code} ({diagnostics[0].place}) {diagnostics[0].message}")
        self.diagnostics = diagnostics


async def replay(
    recording: Recording,
    against: Document | None = None,
    *,
    kinds: Kinds = KINDS,
    workflow: SavedWorkflows | None = None,
) -> Report:
    """Run the recording again, or ``against`` with its inputs and answers, and say where it departs.

    ``workflow`` looks up saved workflows in place of those in the recording. Raises CannotReplay for a workflow
    with errors, InputErrors where ``against`` does not take the recorded inputs.
    """
    document = against or recording.document
    found = validate(document, kinds=kinds)
    if found and found[0].severity == "error":
        raise CannotReplay(found)
    values = checked_inputs(document.inputs, recording.inputs)
    matcher = Matcher(recording)
    closed = recorded_kinds(kinds, matcher)
    graphs = GraphCache(closed)
    tracer = ReplayTracer(matcher, recording.run)
    root = tracer.start("invoke_workflow", recording.title, None, id=recording.run[:16], input=snapshot(values))
    run = ActiveRun(
        recording.run, values, recording.model, _providers(recording, workflow), Meter(_limits(recording, against)),
        tracer, EventLog(), root, recording.number, open_workshop=partial(RunWorkshop, graphs),
    )  # fmt: skip
    ending = await execute(run, graphs.get(document), None)
    tracer.end_all("cancelled")
    return report_of(recording, document, matcher, ending)


def _limits(recording: Recording, against: Document | None) -> Limits:
    """Time is no limit here: answers come at once."""
    limits: dict[str, Any] = against.limits.model_dump() if against else dict(recording.limits)
    return Limits.model_validate({**limits, "seconds": None})


def _providers(recording: Recording, workflow: SavedWorkflows | None) -> Providers:
    def saved(name: str, /) -> dict[str, Any]:
        if name not in recording.workflows:
            raise NodeError(f"The recording holds no workflow {name!r}", mend="Export the recording again.")
        return recording.workflows[name]

    return Providers(
        models=RecordedModels(recording.model or "recorded:model"),
        services=lambda run: NoServices(),
        memory=lambda name, /, *, source: RecordedMemory(name),
        workflow=workflow or saved,
    )
