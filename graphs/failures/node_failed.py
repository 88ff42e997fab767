"""The run failed: the node whose error nothing handled, and what lies at the bottom of it."""

from collections.abc import Iterator
from typing import Final

from graphs.failures.finding import Detector, Found
from graphs.failures.trace import NODE, Step, Trace


def check(trace: Trace) -> Iterator[Found]:
    """At most one finding: the last visit that failed."""
    if trace.run.status != "failed":
        return
    error = trace.run.error or {}
    failed = [step for step in trace.steps.values() if step.operation == NODE and step.status == "error"]
    culprits = [step for step in failed if step.parent is None or not _inside_failed(step, trace)]
    if not culprits:
        root = trace.root
        yield Found(root.id if root else None, str(error.get("what", "The run failed")), str(error.get("mend", "")))
        return
    culprit = max(culprits, key=lambda step: step.ended or step.started)
    chain = _chain(culprit, trace)
    causes = [f"; below it {step.name!r}: {(step.error or {}).get('what', '')}" for step in chain[-1:]]
    said = culprit.error or error
    same = chain and (chain[-1].error or {}).get("what") == said.get("what")
    yield Found(
        culprit.id,
        f"{trace.label(culprit.node)!r} failed: {said.get('what', '')}{'' if same else ''.join(causes)}",
        str(said.get("mend") or "Lead the node's error to a node that deals with it."),
        tuple(step.id for step in chain),
    )


def _inside_failed(step: Step, trace: Trace) -> bool:
    """Whether the visit stands somewhere below another that failed."""
    above = trace.steps.get(step.parent or "")
    while above is not None:
        if above.operation == NODE and above.status == "error":
            return True
        above = trace.steps.get(above.parent or "")
    return False


def _chain(step: Step, trace: Trace) -> list[Step]:
    """The failed spans below, each below the one before, the last of each level."""
    found: list[Step] = []
    below = [each for each in trace.below.get(step.id, ()) if each.status == "error"]
    while below:
        found.append(below[-1])
        below = [each for each in trace.below.get(below[-1].id, ()) if each.status == "error"]
    return found


DETECTOR: Final = Detector("node_failed", "system", "error", "Node failed", run=check)
