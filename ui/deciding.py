"""Counterfactual replay in the workspace: which step of a failed run decided, held against one that went well."""

import asyncio
from typing import TYPE_CHECKING, Any

from graphs.counterfactual import Forks, Succeeded, first_decisive, forker, from_good_run, meets, same_outputs_as
from nodes.contract import NodeError
from store.runs import RunRow
from ui.explaining import GOES_ON, open_trace

if TYPE_CHECKING:
    from ui.workspace import Workspace


def decide(workspace: "Workspace", failed: RunRow, good: RunRow, *, expect: str = "", most: int = 8) -> dict[str, Any]:
    """Fork ``failed`` at each step that ``good`` did otherwise, with what came of it there, until one turns the
    outcome.

    ``expect``: CEL over ``outputs`` that a good run meets; '': the outputs are those of ``good``. Raises NodeError
    for runs that cannot be held against each other.
    """
    for run in (failed, good):
        if run.status in GOES_ON:
            raise NodeError(f"The run {run.number} is {run.status}", mend="Ask again when it has ended.")
    succeeded: Succeeded = meets(expect) if expect else same_outputs_as(good)
    if not succeeded(good):
        raise NodeError(
            f"The run {good.number} did not go well itself: it is {good.status} with {good.outputs!r}",
            mend="Name a run that did, or say by --expect what a good one gives out.",
        )
    if failed.inputs != good.inputs:
        raise NodeError(
            f"{failed.number} and {good.number} had different inputs, so their steps cannot be held against each other",
            mend=f"Run the workflow again on the inputs of {failed.number}.",
        )
    corrections = list(from_good_run(open_trace(workspace, failed), open_trace(workspace, good)))
    runner: Forks = workspace.engine.runner
    verdict = asyncio.run(first_decisive(failed, corrections, forker(runner, failed.id), succeeded, most=most))
    return verdict.as_dict()
