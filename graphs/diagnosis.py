"""What went wrong, as a model sees it: the first wrong step, the module to blame, and what to tell that step.

The model reads the run in short - one line for each visit of a node, what rules found, how it ended - and thinks
in prose before it fills in a small form. The asking is a workflow (``diagnosis.yaml``), so that it is traced,
counted and limited like any other; here are what it is asked and what is read from its answer.

Source: Zhu et al. 2025, Where LLM Agents Fail and How They can Learn From Failures (AgentDebug): modules, the
earliest critical error, feedback with which the run goes on from that step. We deviate: the step is found in one
pass over the whole run instead of step by step, the module's finer sorts of error are left out, and the module
"action" is called tool, for that is what acts here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from graphs.document import Document
from graphs.failures.feedback import Fork, fork_of, fork_point
from graphs.failures.finding import MODULES, Finding, Module
from graphs.failures.said import cut, text_of
from graphs.failures.trace import NODE, Step, Trace
from graphs.yaml_format import parse
from nodes.contract import NodeError
from nodes.templating import as_text

MOST_STEPS: Final = 40
"""Lines the model reads; of a longer run the first and the last, and those that rules found something at."""
FIRST_STEPS: Final = 12
CHARACTERS: Final = 12_000
"""Of all lines together, some 3,000 tokens: the built-in model reads 8,192 with its answer."""
VALUE: Final = 160
"""Characters of each value in a line, where there is room."""
QUIET: Final = ("start", "finish", "note", "control.join")
"""Kinds that decide nothing."""


@cache
def workflow() -> Document:
    """The workflow that asks."""
    return parse((Path(__file__).parent / "diagnosis.yaml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Diagnosis:
    """What the model said."""

    module: Module
    span: str
    node: str
    visit: int
    item: int | None
    reason: str
    feedback: str
    fork: Fork | None

    def as_dict(self) -> dict[str, Any]:
        """As it goes over the wire, ``run_id`` aside."""
        return dict(vars(self))


def steps_of(trace: Trace, findings: Sequence[Finding] = ()) -> list[Step]:
    """The visits the model is shown, in order. Raises NodeError where there is none to blame."""
    visits = [step for step in trace.steps.values() if step.operation == NODE and step.kind not in QUIET]
    if not visits:
        raise NodeError(
            f"The run {trace.run.number} has no step to blame", mend="Look at the run's error: it never began its work."
        )
    if len(visits) <= MOST_STEPS:
        return visits
    named = {point.id for each in findings if (point := fork_point(each.span, trace))}
    ends = {step.id for step in (*visits[:FIRST_STEPS], *visits[FIRST_STEPS - MOST_STEPS :])}
    return [step for step in visits if step.id in ends or step.id in named][: MOST_STEPS + len(named)]


def question(trace: Trace, findings: Sequence[Finding] = ()) -> dict[str, Any]:
    """The inputs of the workflow that asks about a run."""
    steps = steps_of(trace, findings)
    numbers = {step.id: number for number, step in enumerate(steps, 1)}
    room = CHARACTERS // len(steps)
    error = trace.run.error or {}
    outputs = f"; it gave out {cut(trace.run.outputs, 400)}" if trace.run.outputs else ""
    failed = f": {error.get('what')}" if error else ""
    return {
        "task": cut(as_text(dict(trace.run.inputs)), 800) or trace.document.title,
        "steps": "\n".join(_line(number, step, trace, room) for number, step in enumerate(steps, 1)),
        "findings": "\n".join(_finding(each, numbers, trace) for each in findings[:12]),
        "ending": f"{trace.run.status}{failed}{outputs}",
    }  # fmt: skip


def _line(number: int, step: Step, trace: Trace, room: int) -> str:
    row = trace.source.whole(step.id)
    given: Mapping[str, Any] = row.get("input") or {}
    inputs = ", ".join(f"{name}={cut(as_text(value), 80)}" for name, value in given.items() if name != "state")
    calls = "".join(f"; called {_call(each, trace)}" for each in trace.calls_below(step, "execute_tool")[:4])
    gave = {name: value for name, value in (row.get("output") or {}).items() if name != "messages"}
    outputs = cut("; ".join(f"{name}: {as_text(value)}" for name, value in gave.items()), 2 * VALUE)
    failed = f"; FAILED: {cut((step.error or {}).get('what', ''))}" if step.error else ""
    ending = f" [{step.outcome}]" if step.outcome not in (None, "done", "error") else ""
    again = f" (visit {step.visit})" if step.visit > 1 else ""
    head = f"{number}. {trace.label(step.node)}{again}{ending}"
    return cut(f"{head}{failed}. Given: {cut(inputs, VALUE)}{calls}. Gave: {outputs}", room)


def _call(step: Step, trace: Trace) -> str:
    row = trace.source.whole(step.id)
    return f"{step.name}({cut(row.get('input'), 60)}) -> {cut(text_of(row.get('output')), 60)}"


def _finding(finding: Finding, numbers: Mapping[str, int], trace: Trace) -> str:
    point = fork_point(finding.span, trace)
    at = f"Step {numbers[point.id]}: " if point and point.id in numbers else ""
    return f"- {at}{finding.what}"


def read(outputs: Mapping[str, Any], trace: Trace, findings: Sequence[Finding] = ()) -> Diagnosis:
    """The diagnosis in the outputs of the workflow that asked. Raises NodeError for a step that is none."""
    steps = steps_of(trace, findings)
    verdict: Mapping[str, Any] = outputs.get("verdict") or {}
    number = verdict.get("step")
    if not isinstance(number, int | float) or not 1 <= number <= len(steps):
        raise NodeError(
            f"The model blamed step {number!r}, and there are steps 1 to {len(steps)}",
            mend="Ask again with a stronger model (`--model`).",
        )
    module = outputs.get("module")
    if module not in MODULES:
        raise NodeError(f"The model blamed {module!r}, which is no module", mend="Ask again with a stronger model.")
    step = steps[int(number) - 1]
    feedback = str(verdict.get("feedback") or "").strip()
    return Diagnosis(
        module=module, span=step.id, node=step.node or "", visit=step.visit, item=step.item,
        reason=str(verdict.get("reason") or "").strip(), feedback=feedback, fork=fork_of(step.id, feedback, trace),
    )  # fmt: skip
