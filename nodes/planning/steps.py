"""Plans as data: which step waits for which, what is wrong with a plan, and steps with a new status.

A step may name the steps it ``needs``, by id. One that names none has no ``needs`` key in a plan that is a
list, and waits for the step before it; ``needs: []`` waits for nothing.
"""

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final

from nodes.contract import NodeError
from nodes.templating import as_text

Step = dict[str, Any]
STATUSES: Final = ("open", "running", "done", "failed", "skipped")


def new_step(id: str, title: str, **more: Any) -> Step:
    """An open step."""
    return {"id": id, "title": title, "status": "open", "result": None, **more}


def steps_of(plan: Mapping[str, Any]) -> list[Step]:
    """The steps of a plan as copies. Raises NodeError with everything that is wrong with it."""
    problems = problems_of(plan)
    if problems:
        raise NodeError("The plan cannot be followed: " + "; ".join(problems), mend="Mend it, or plan anew.")
    return [{"status": "open", "result": None, **step} for step in plan["steps"]]


def problems_of(plan: Mapping[str, Any]) -> list[str]:
    """What is wrong with a plan, in words; [] where it can be followed."""
    steps: list[Any] = list(plan.get("steps", []))
    named = [step for step in steps if isinstance(step, Mapping) and step.get("id") and _title(step)]
    if len(named) < len(steps):
        return [f"step {number} has no id or no title" for number, step in enumerate(steps, 1) if step not in named]
    if not steps:
        return ["it has no steps"]
    ids = [str(step["id"]) for step in named]
    repeated = [f"two steps have the id {id!r}" for id in sorted({id for id in ids if ids.count(id) > 1})]
    unknown = [
        f"step {step['id']} needs {need!r}, which is no step"
        for step in named for need in step.get("needs") or [] if str(need) not in ids
    ]  # fmt: skip
    return repeated or unknown or _cycle(named)


def _title(step: Mapping[str, Any]) -> str:
    return as_text(step.get("title")).strip()


def _cycle(steps: Sequence[Mapping[str, Any]]) -> list[str]:
    try:
        TopologicalSorter(needs_of(steps)).prepare()
    except CycleError as error:
        return [f"these steps wait for each other: {' -> '.join(reversed(error.args[1]))}"]
    return []


def needs_of(steps: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Step id -> ids of the steps it waits for."""
    needs: dict[str, list[str]] = {}
    before: list[str] = []
    for step in steps:
        needs[step["id"]] = list(before) if step.get("needs") is None else [str(need) for need in step["needs"]]
        before = [step["id"]]
    return needs


def results_of(steps: Sequence[Mapping[str, Any]]) -> str:
    """The steps that were tried, numbered, with what came of them; for a prompt."""
    lines = [
        f"{number}. {step['title']}: {'could not be done: ' if step['status'] == 'failed' else ''}{step['result']}"
        for number, step in enumerate(steps, start=1)
    ]
    return "\n".join(lines) or "nothing yet"
