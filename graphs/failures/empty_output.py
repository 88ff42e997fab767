"""The run is done and gave out nothing: what should be its answer is missing or empty."""

from collections.abc import Iterator
from typing import Final

from graphs.failures.finding import Detector, Found
from graphs.failures.said import is_empty
from graphs.failures.trace import Trace


def check(trace: Trace) -> Iterator[Found]:
    """At most one finding: where the first output, which is the answer, or all of them are empty."""
    declared = list(trace.document.outputs)
    if trace.run.status != "done" or not declared:
        return
    outputs = trace.run.outputs or {}
    main = declared[0]
    if not is_empty(outputs.get(main)):
        return
    feeds = [feed for feed in trace.subject.feeds if feed.target in trace.subject.finishes and feed.input.name == main]
    ran = [step for feed in feeds for step in trace.visits_of(feed.source)[-1:]]
    ends = [step for end in trace.subject.finishes for step in trace.visits_of(end)[-1:]]
    last = max(ran or ends, key=lambda step: step.order, default=trace.root)
    names = ", ".join(sorted({repr(trace.label(feed.source)) for feed in feeds})) or "no node"
    yield Found(
        last.id if last else None,
        f"The output {main!r} is {'empty' if main in outputs else 'missing'}; it comes from {names}",
        "See why that node gave nothing, and lead every way to the end past a node that feeds the output.",
        tuple(step.id for step in ends if last is not None and step.id != last.id),
    )


DETECTOR: Final = Detector("empty_output", "system", "error", "No answer given out", run=check)
