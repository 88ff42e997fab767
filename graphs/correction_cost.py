"""What trying a correction would cost, by what the failed run itself did from there on.

A fork keeps what had ended before its point, so of the recorded run only what began later counts, and the visit
itself where it runs anew. A run that broke off had more before it: then the figures are the least.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graphs.counterfactual import Correction
from graphs.failures.trace import NODE, Step, Trace


@dataclass(frozen=True)
class Cost:
    """Of one trial."""

    calls: int
    """Of models."""
    tokens: int
    """In and out."""
    acts: tuple[str, ...]
    """Labels of the nodes that run anew and change the world outside the run, themselves or by their tools."""


def cost_of(correction: Correction, trace: Trace) -> Cost:
    """What the run took from the corrected visit on."""
    point = trace.steps[correction.span]
    end = point.ended or point.started
    anew = [step for step in trace.steps.values() if step.started >= end and step.id != point.id]
    if correction.runs_anew:
        anew += [point, *(step for step in _below(point, trace) if step.started < end)]
    asked = [step for step in anew if step.operation == "chat"]
    acts = dict.fromkeys(_acting(anew, trace))
    return Cost(len(asked), sum(step.tokens for step in asked), tuple(acts))


def _below(point: Step, trace: Trace) -> Iterator[Step]:
    for step in trace.below.get(point.id, ()):
        yield step
        yield from _below(step, trace)


def _acting(steps: Iterable[Step], trace: Trace) -> Iterator[str]:
    for step in steps:
        if step.operation != NODE or not trace.knows(step):
            continue
        tools = (edge.source for edge in trace.document.parsed("attach") if edge.target == step.node)
        if any(_acts(node, trace) for node in (step.node or "", *tools)):
            yield trace.label(step.node)


def _acts(node: str, trace: Trace) -> bool:
    spec = trace.kinds.get(trace.document.nodes[node].kind) if node in trace.document.nodes else None
    return spec is not None and spec.side_effects
