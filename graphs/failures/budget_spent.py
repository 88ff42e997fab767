"""The run, or a workflow inside it, was stopped because it had spent all it may."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from graphs.failures.finding import Detector, Found
from graphs.failures.trace import LEAVES, NODE, Trace


def check(trace: Trace) -> Iterator[Found]:
    """One finding: where it stopped, and who spent most."""
    error = trace.run.error or {}
    stopped = [
        step for step in trace.steps.values() if step.operation == NODE and (step.error or {}).get("type") == LIMIT
    ]
    if trace.run.status != "limit" and not stopped:
        return
    nodes = [step for step in trace.steps.values() if step.operation == NODE]
    at = (stopped or nodes)[-1:]
    first = stopped[-1].error if stopped else None
    what = str(error.get("what") or (first or {}).get("what") or "The run has used up a limit.")
    yield Found(
        at[0].id if at else trace.root.id if trace.root else None, f"{what} {_spenders(trace)}".strip(),
        "Raise the limit and resume, or bound the loop or the agent that spends most.",
        tuple(step.id for step in stopped[:-1]),
    )  # fmt: skip


def _spenders(trace: Trace) -> str:
    visits: Counter[str] = Counter()
    tokens: Counter[str] = Counter()
    for step in trace.steps.values():
        if step.node is not None and step.operation == NODE:
            visits[step.node] += 1
        elif step.node is not None and step.operation in LEAVES:
            tokens[step.node] += step.tokens
    if not visits:
        return ""
    often, times = visits.most_common(1)[0]
    dear, spent = tokens.most_common(1)[0] if tokens else ("", 0)
    most = f" and {trace.label(dear)!r} used {spent:,} tokens" if spent else ""
    return f"{trace.label(often)!r} ran {times} times{most}."


LIMIT: Final = "LimitReached"
DETECTOR: Final = Detector("budget_spent", "system", "error", "Budget spent", run=check)
