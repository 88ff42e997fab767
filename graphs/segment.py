"""One segment of a run: from a start or resume to the next stop.

``execute`` is the only way a graph is run. It starts, resumes or has nothing to do, by what the
checkpoints hold, so that calling it again after a crash is always right.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from langgraph.errors import GraphDrained, GraphRecursionError
from langgraph.types import Command

from graphs.active import CURRENT, ActiveRun, NodeFailed
from graphs.binding import INPUTS, OUTPUTS, STATE_PREFIX
from graphs.cache import Compiled
from graphs.checkpoints import CheckpointRefused, Checkpoints
from graphs.limit_reached import LimitReached
from graphs.state import first_value
from graphs.wrapper import seen

_log: Final = logging.getLogger(__name__)


@dataclass
class Ending:
    """How a segment ended."""

    status: str
    outputs: dict[str, Any] | None = None
    error: dict[str, Any] | None = None
    forms: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


async def execute(
    run: ActiveRun, compiled: Compiled, checkpoints: Checkpoints | None, answers: Mapping[str, Any] | None = None
) -> Ending:
    """Start the run, or go on from its last checkpoint; ``answers`` are by interrupt.

    Raises nothing but CancelledError: every other failure is an ending.
    """
    CURRENT.set(run)
    run.bodies = compiled.bodies
    limit, durability = run.meter.recursion_limit, compiled.durability
    if run.steering is not None:
        limit, durability = limit + run.steering.kept_steps, "sync"
        run.steering.pending = checkpoints.interrupts(run.id) if checkpoints else {}
    config: Any = {"configurable": {"thread_id": run.id}, "recursion_limit": limit}
    try:
        async with asyncio.timeout(run.meter.seconds_left):
            first = _first_input(run, compiled, checkpoints, answers)
            result = await compiled.graph.ainvoke(
                first, config, output_keys=[OUTPUTS], control=run.control,
                **({"durability": durability} if checkpoints else {}),
            )  # fmt: skip
    except GraphDrained:
        return Ending("queued")
    except TimeoutError:
        return _over(run.meter.time_is_up())
    except LimitReached as error:
        return _over(error)
    except GraphRecursionError:
        return _over(LimitReached("steps", "The run went round more often than its limits allow."))
    except NodeFailed as error:
        return Ending("failed", error=error.as_dict())
    except Exception as error:
        return Ending("failed", error=explained(error))
    return _ending(result or {})


def _first_input(
    run: ActiveRun, compiled: Compiled, checkpoints: Checkpoints | None, answers: Mapping[str, Any] | None
) -> Any:
    if checkpoints is not None and checkpoints.exists(run.id):
        return Command(resume=dict(answers)) if answers else None
    first = {STATE_PREFIX + name: first_value(spec) for name, spec in compiled.workflow.state.items()}
    defaults = {channel: value for channel, value in first.items() if value is not None}
    return {INPUTS: dict(run.inputs), **defaults, **compiled.first}


def _ending(result: Mapping[str, Any]) -> Ending:
    asked = result.get("__interrupt__") or ()
    if asked:
        forms = [{"interrupt": each.id, **seen(each.value)} for each in asked]
        return Ending("waiting", forms=forms)
    return Ending("done", outputs=dict(result.get(OUTPUTS) or {}))


def _over(error: LimitReached) -> Ending:
    return Ending("limit", error={"what": error.what, "mend": error.mend, "type": "LimitReached", "limit": error.limit})


def explained(error: Exception) -> dict[str, Any]:
    """A failure outside the nodes, in words."""
    kind = type(error).__name__
    if isinstance(error, CheckpointRefused):
        return {"what": str(error), "mend": "Start the run anew; check who can write the home folder.", "type": kind}
    if isinstance(error, sqlite3.Error | OSError):
        return {
            "what": f"The run's state could not be saved: {error}",
            "mend": "Make room on the disk, or check that the home folder can be written; then resume the run.",
            "type": kind,
        }
    what, mend = getattr(error, "what", None), getattr(error, "mend", None)
    if what is not None:
        return {"what": str(what), "mend": str(mend or ""), "type": kind}
    _log.error("a run failed outside its nodes", exc_info=error)
    return {
        "what": f"The engine failed: {kind}: {error}",
        "mend": "Resume the run; report this if it happens again.",
        "type": kind,
    }
