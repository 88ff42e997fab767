"""The end of a trace that a killed process took with it, made again from the checkpoints.

Spans are written in batches, checkpoints after every step: a process that is killed leaves visits that the run has
behind it, and the trace lacks. Their outputs and outcomes are in the checkpoints; what they were given is not, nor
when within their step they ran. Visits inside frames and sub-workflows have no steps of their own: of a frame, the
whole is known.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from graphs.binding import OUTCOME, RECORDS, Record
from graphs.checkpoints import Checkpoints
from graphs.intermediate import Step, Workflow
from graphs.run_table import RunRow
from graphs.tracer import SpanSink, new_id, snapshot

ENDED: Final = ("ok", "error")
OPEN: Final = ("running", "lost")
NOTE: Final = {"recovered": True}
"""Attributes of such a span."""

Row = Mapping[str, Any]


def recover(run: RunRow, workflow: Workflow, checkpoints: Checkpoints, trace: Iterable[Row], sink: SpanSink) -> None:
    """Write the spans of the visits that the run has behind it, as far as ``trace`` lacks them."""
    known = {(row["node_id"], row["visit"]): row for row in trace if row["operation"] == "invoke_node"}
    steps = workflow.graph.steps
    for at, step, record in _visits(checkpoints, run.id, steps):
        found = known.get((step.id, record["visit"]), {})
        if found.get("status") in ENDED:
            continue
        opened = found if found.get("status") in OPEN else {}
        sink.put(_span(run, step, record, at, opened))


def _visits(checkpoints: Checkpoints, run_id: str, steps: Mapping[str, Step]) -> Iterator[tuple[float, Step, Record]]:
    """Each visit that ended, once; of a frame, when all its items were done."""
    seen: set[tuple[str, int]] = set()
    for at, records in checkpoints.written(run_id, RECORDS):
        for node, record in records.items():
            place = (node, record["visit"])
            if node in steps and place not in seen and "opened" not in record:
                seen.add(place)
                yield at, steps[node], record


def _span(run: RunRow, step: Step, record: Record, at: float, opened: Row) -> dict[str, Any]:
    first = step.outcomes[0] if step.outcomes else "done"
    outcome = record.get(OUTCOME, first)
    return {
        "id": opened.get("id") or new_id(), "run_id": run.id, "parent_id": run.id[:16], "operation": "invoke_node",
        "name": step.label, "node_id": step.id, "kind": step.spec.kind, "visit": record["visit"],
        "step": record["step"], "started_at": opened.get("started_at") or at, "ended_at": opened.get("ended_at") or at,
        "status": "error" if outcome == "error" else "ok", "outcome": outcome,
        "output": snapshot(record["outputs"]), "attributes": {**(opened.get("attributes") or {}), **NOTE},
    }  # fmt: skip
