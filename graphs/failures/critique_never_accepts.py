"""A critic never accepted the work, and it was let through because its rounds were over."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from graphs.failures.finding import Detector, Found
from graphs.failures.said import cut
from graphs.failures.trace import Step, Trace

_UNCONTENT: Final[Mapping[str, Callable[[Mapping[str, Any], Step], bool]]] = {
    "reflection.critique": lambda output, step: output.get("verdict") == "revise" and step.outcome != "revise",
    "reflection.self_refine": lambda output, step: output.get("accepted") is False,
}
"""Kind -> whether it ended its last visit without being content."""
_WHY: Final = {"reflection.critique": "feedback", "reflection.self_refine": "critique"}


def check(trace: Trace) -> Iterator[Found]:
    """One finding for each critic that gave up."""
    for steps in trace.series.values():
        last = steps[-1]
        uncontent = _UNCONTENT.get(last.kind or "")
        if uncontent is None or last.status != "ok":
            continue
        output: Mapping[str, Any] = trace.output(last) or {}
        if uncontent(output, last):
            yield Found(
                last.id,
                f"{trace.label(last.node)!r} was never content and let it pass:"
                f" {cut(output.get(_WHY[last.kind or '']) or 'it gave no reason')!r}",
                "Read what it demands: let the writer see it word for word, ask for less, or route what never passes"
                " to a person.",
                tuple(step.id for step in steps[:-1]),
            )


DETECTOR: Final = Detector("critique_never_accepts", "reflection", "error", "Critique never accepts", run=check)
