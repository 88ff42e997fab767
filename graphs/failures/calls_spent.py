"""An agent wanted to go on with its tools when it had made all its calls, and had to answer with what it had."""

from collections.abc import Iterator
from typing import Any, Final

from graphs.failures.finding import Detector, Found
from graphs.failures.said import all_asked, by_agent
from graphs.failures.trace import Trace, Visit
from graphs.ports import config_value


def check(visit: Visit, trace: Trace) -> Iterator[Found]:
    """One finding for each agent in the visit that asked for more different calls than it may make."""
    most = _most(visit, trace)
    if most is None:
        return
    asked = all_asked(visit, trace)
    if len(asked) <= most:
        return
    for calls in by_agent(visit, asked, trace):
        different = list({call.key: call for call in calls}.values())
        if len(different) > most:
            yield Found(
                different[most].span,
                f"The agent had made its {most} tool calls and wanted {different[most].shown} too; it answered without",
                "Raise 'Tool calls', or give the agent a smaller task.",
                tuple(dict.fromkeys(call.span for call in different[most + 1 :])),
                f"You can make {most} tool calls and no more: make those that matter most.",
            )


def _most(visit: Visit, trace: Trace) -> int | None:
    """The agent's limit on calls; None for a kind without."""
    if not trace.knows(visit.step):
        return None
    node = trace.document.nodes[visit.step.node or ""]
    spec = trace.kinds.get(node.kind)
    if spec is None or "max_calls" not in spec.config.model_fields:
        return None
    most: Any = config_value(spec, node, "max_calls")
    return most if isinstance(most, int) else None


DETECTOR: Final = Detector("calls_spent", "tool", "warning", "Tool calls used up", visit=check)
