"""A person was asked and did not answer: the run still waits, ended waiting, or went on without the answer."""

from collections.abc import Iterator
from typing import Any, Final

from graphs.failures.finding import Detector, Found
from graphs.failures.said import cut
from graphs.failures.trace import NODE, Trace

TIMED_OUT: Final = ("timed_out", "timeout", "expired")
"""Outcomes by which a question ends that nobody answered in time."""


def check(trace: Trace) -> Iterator[Found]:
    """One finding for each question."""
    titles = {form.get("node"): (form.get("form") or {}) for form in trace.run.forms if not form.get("stop")}
    for step in trace.steps.values():
        if step.operation != NODE:
            continue
        if step.outcome in TIMED_OUT:
            yield Found(
                step.id, f"Nobody answered {trace.label(step.node)!r} in time, and the run went on without",
                "Give more time, ask somebody else, or let the way of the time-out say in the answer what is missing.",
            )  # fmt: skip
        elif step.status == "waiting" and (trace.run.status != "waiting" or step.node in titles):
            form: Any = titles.get(step.node) or {}
            asked = f": {cut(form.get('text') or form.get('title'))!r}" if form else ""
            yield Found(
                step.id, f"{trace.label(step.node)!r} waits for an answer{asked}",
                "Answer it in the page, by `nodeloom answer` or over the API; or give the question a time-out.",
            )  # fmt: skip


DETECTOR: Final = Detector("question_unanswered", "system", "info", "Question unanswered", run=check)
