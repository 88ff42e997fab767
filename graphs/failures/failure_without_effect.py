"""A node failed, its error is led on, and nothing was done about it.

The way of the error goes where the way of success goes, or straight to the end, and the node never ran well
afterwards: the run goes on as if there had been no failure.
"""

from collections.abc import Iterator
from typing import Final

from graphs.failures.finding import Detector, Found
from graphs.failures.said import cut
from graphs.failures.trace import NODE, Step, Trace
from graphs.ports import ERROR


def check(trace: Trace) -> Iterator[Found]:
    """One finding for each node whose last visit failed without effect."""
    for steps in trace.series.values():
        last = steps[-1]
        if last.operation == NODE and last.outcome == ERROR and trace.run.status != "failed" and _goes_on(last, trace):
            yield Found(
                last.id,
                f"{trace.label(last.node)!r} failed ({cut((last.error or {}).get('what', ''))}), and the run went on as"
                " if it had not",
                "Lead its error to a node that tries another way, asks a person, or says what is missing.",
                tuple(step.id for step in steps[:-1] if step.outcome == ERROR),
            )


def _goes_on(step: Step, trace: Trace) -> bool:
    subject = trace.subject
    edges = subject.flow.edges_out_of(step.node or "")
    after_error = {edge.target for edge in edges if edge.outcome == ERROR}
    after_success = {edge.target for edge in edges if edge.outcome != ERROR}
    return bool(after_error) and after_error <= after_success | set(subject.finishes)


DETECTOR: Final = Detector("failure_without_effect", "system", "error", "Failure without effect", run=check)
