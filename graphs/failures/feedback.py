"""From a blamed step to a fork: where to run on from, and how the step is told what to do better.

What is said is appended to an input of the visit that its model reads, so that nothing before the fork point
changes; where it has none, to a prompt in the node's settings.
"""

from collections.abc import Mapping
from typing import Any, Final

from graphs.failures.trace import NODE, WORKFLOW, Step, Trace
from graphs.ports import config_value

TOLD: Final = "\n\nAn earlier attempt went wrong here. Mind this: {feedback}"
FIRST: Final = ("feedback", "lessons", "hint", "context", "observation", "result")
"""Inputs made for being told something, the best first."""
TASKS: Final = ("task", "question", "goal", "problem", "instruction", "request", "objective")
"""Else those that say what to do."""
UNTOUCHED: Final = frozenset({"draft", "program", "value", "other", "candidate", "answer", "text", "query", "screen"})
"""Inputs that are worked on: adding words would change the matter."""
PROMPTS: Final = ("prompt", "advice", "rubric", "system", "instructions")

Fork = dict[str, Any]
"""``{"span": id of the visit, "changes": as the fork takes them}``."""


def fork_of(span: str | None, feedback: str, trace: Trace) -> Fork | None:
    """The fork that tells the step of ``span`` something; None where it belongs to no visit of the workflow."""
    step = fork_point(span, trace)
    return {"span": step.id, "changes": told(step, feedback, trace)} if step else None


def fork_point(span: str | None, trace: Trace) -> Step | None:
    """The visit that a span belongs to; of one inside a sub-workflow, the visit that uses it."""
    found: Step | None = None
    step = trace.steps.get(span or "")
    while step is not None:
        if step.operation == NODE:
            found = found or step
        elif step.operation == WORKFLOW and step.parent is not None:
            found = None
        step = trace.steps.get(step.parent or "")
    return found


def told(step: Step, feedback: str, trace: Trace) -> dict[str, Any]:
    """The changes that tell a visit something; {} for a node whose settings and inputs no model reads."""
    spec = trace.kinds.get(step.kind or "")
    if not feedback.strip() or spec is None or not trace.knows(step) or spec.model_calls in ("", "none"):
        return {}
    words = TOLD.format(feedback=feedback.strip())
    given: Mapping[str, Any] = trace.input(step) or {}
    port = _port(given, step, trace)
    if port is not None:
        return {"inputs": {port: f"{given.get(port) or ''}{words}".strip()}}
    node = trace.document.nodes[step.node or ""]
    field = next((name for name in (*PROMPTS, *spec.template_fields) if name in spec.config.model_fields), None)
    text = config_value(spec, node, field) if field else None
    if not isinstance(text, str):
        return {}
    return {"config": {step.node or "": {field: text + words.replace("{{", "{ {")}}}  # no tags in what was said


def _port(given: Mapping[str, Any], step: Step, trace: Trace) -> str | None:
    ports = {port.name: port for port in trace.subject.ports(step.node or "").inputs if port.type in ("text", "any")}
    texts = [name for name in ports if isinstance(given.get(name), str) and name not in UNTOUCHED]
    for name in (*FIRST, *TASKS):
        if name in texts:
            return name
    return texts[0] if texts else None
