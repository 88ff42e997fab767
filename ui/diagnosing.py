"""A diagnosis of a run of the workspace by a model; a run of its own."""

from typing import TYPE_CHECKING, Any

from graphs.diagnosis import question, read, workflow
from graphs.failures.registry import findings_of
from nodes.contract import NodeError
from store.runs import RunRow
from ui.explaining import GOES_ON, open_trace
from ui.starting import start_run

if TYPE_CHECKING:
    from ui.workspace import Workspace


def diagnose(workspace: "Workspace", run: RunRow, *, model: str | None = None) -> dict[str, Any]:
    """Ask a model and wait for its answer (docs/contracts.md, Failures).

    Raises NodeError where the run still works, where there is nothing to blame, or where the model gave no
    answer that fits; NotRunnable where there is no model.
    """
    if run.status in GOES_ON:
        raise NodeError(f"The run {run.number} is {run.status}", mend="Ask again when it has ended.")
    trace = open_trace(workspace, run)
    findings = findings_of(trace)
    id = start_run(workspace, workflow(), question(trace, findings), model=model)
    row = workspace.engine.runner.wait_here(id)
    if row.status != "done":
        error = row.error or {}
        raise NodeError(
            f"The model could not say what went wrong in {run.number}: {error.get('what') or row.status}",
            mend=str(error.get("mend") or f"`nodeloom trace {row.number}` shows what it did."),
        )
    return {"run_id": id, **read(row.outputs or {}, trace, findings).as_dict()}
