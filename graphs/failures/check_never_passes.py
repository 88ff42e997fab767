"""The run gave out what had failed its check.

What failed and was mended, replaced or dropped afterwards is no fault.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from graphs.failures.finding import Detector, Found
from graphs.failures.said import cut, is_empty, key_of
from graphs.failures.trace import Step, Trace
from nodes.snippet_text import code_in

FAILS: Final[Mapping[str, frozenset[str]]] = {
    "reflection.verify_by_test": frozenset({"failed"}),
    "reflection.verify_by_condition": frozenset({"failed"}),
    "reflection.verify_by_model": frozenset({"failed"}),
    "reflection.falsify": frozenset({"refuted"}),
    "planning.verify_plan": frozenset({"failed", "exhausted"}),
    "deliberation.judge": frozenset({"fail"}),
    "tools.dry_run": frozenset({"invalid"}),
}
"""Kind -> the outcomes by which it says no."""
CHECKED: Final = ("program", "value", "plan", "candidate", "draft")
"""Inputs that hold what is checked."""
SAID: Final = ("report", "feedback", "reasons", "example", "problems", "text")


def check(trace: Trace) -> Iterator[Found]:
    """One finding for each check whose last word was no, where what it looked at is among the run's outputs."""
    if trace.run.status != "done":
        return
    given_out = [value for value in (trace.run.outputs or {}).values() if not is_empty(value)]
    for steps in trace.series.values():
        last = steps[-1]
        if last.outcome not in FAILS.get(last.kind or "", ()) or _is_the_answer(last, trace):
            continue
        looked_at = {name: value for name, value in (trace.input(last) or {}).items() if name in CHECKED}
        if any(_is_among(value, given_out) for value in looked_at.values()):
            yield Found(
                last.id, f"{trace.label(last.node)!r} said no ({_said(last, trace)}), and it was given out anyway",
                "Lead its failing outcome back to whoever can mend it, or say in the output that the check failed.",
                tuple(step.id for step in steps[:-1]),
            )  # fmt: skip


def _is_the_answer(step: Step, trace: Trace) -> bool:
    """Whether the run is there to judge: the judge's own word is what it gives out."""
    ends = trace.subject.finishes
    return step.kind == "deliberation.judge" and any(
        feed.source == step.node and feed.target in ends for feed in trace.subject.feeds
    )


def _is_among(value: Any, given_out: list[Any]) -> bool:
    if is_empty(value):
        return False
    if isinstance(value, str):
        text = f"\n{(code_in(value) or value).strip()}\n"  # whole lines: a program may be the beginning of a better one
        return any(isinstance(each, str) and text in f"\n{each.strip()}\n" for each in given_out)
    return key_of(value) in [key_of(each) for each in given_out]


def _said(step: Step, trace: Trace) -> str:
    output: Mapping[str, Any] = trace.output(step) or {}
    return cut(next((output[name] for name in SAID if not is_empty(output.get(name))), step.outcome))


DETECTOR: Final = Detector("check_never_passes", "reflection", "error", "Failed check given out", run=check)
