"""FLW109 edge-across-frame: an edge crosses the border of a frame where it must not.

Flow enters a body only by the frame's ``each`` and never leaves it; the frame goes on by itself when
the last item is done. What the frame hands out (``item``, ``index``) is for its body; what a body gives
goes into the frame (``result``). Reading from outside into a body is fine, but not into the body of an attached
sub-workflow, which may run in several places.

Wrong: ``flow: [read -> finish]`` where ``read`` is in the frame
Right: ``flow: [each_doc -> finish]``, ``data: [read.answer -> each_doc.result]``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Fix, Place, finding
from graphs.ports import EACH
from graphs.rules.subject import Feed, Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    for edge in subject.flow.flow.edges:
        problem = _flow(subject, edge.source, edge.outcome, edge.target)
        if problem:
            yield _found("flow", edge.text, *problem)
    for feed in subject.feeds:
        problem = _data(subject, feed)
        if problem:
            yield _found("data", feed.text, *problem)


def _found(sort: str, text: str, what: str, remedy: str) -> Diagnostic:
    fix = Fix.model_validate({"title": "Remove the edge", "ops": [{"op": "disconnect", "sort": sort, "edge": text}]})
    return finding("FLW109", f"{text}: {what}", remedy, place=Place(edge=text), fix=fix)


def _flow(subject: Subject, source: str, outcome: str, target: str) -> tuple[str, str] | None:
    own, other = subject.node(source).parent, subject.node(target).parent
    if outcome == EACH and subject.ports(source).outcomes and EACH in subject.ports(source).outcomes:
        if other == source:
            return None
        return f"{source}.{EACH} leads to {target}, which is not in {source}", "Lead it to a node inside the frame."
    if own == other:
        return None
    if own is not None and own in subject.levels(source) and other not in subject.levels(source)[:1]:
        return f"flow leaves the frame {own}", f"Leave the last node of the body open; lead {own} on instead."
    return f"flow enters the frame {other} from outside", f"Lead {other}.{EACH} to the first node of the body."


def _data(subject: Subject, feed: Feed) -> tuple[str, str] | None:
    source, target = feed.source, feed.target
    part = subject.part_of(target)
    if part is not None and source != part and part not in subject.levels(source):
        takes = ", ".join(f"{part}.{name}" for name in sorted(subject.hands_body(part))) or "nothing yet"
        return f"{source} is outside of the sub-workflow {part}", f"Its nodes read only what it takes: {takes}."
    if feed.output.name in subject.hands_body(source):
        if source in subject.levels(target):
            return None
        return (
            f"{source}.{feed.output.name} is for the nodes in {source}",
            f"{target} is outside: use an output of {source}.",
        )
    if any(port.name == feed.input.name for port in subject.body_feeds(target)):
        if subject.node(source).parent == target:
            return None
        return f"{target}.{feed.input.name} takes what its body gives", f"{source} is not in {target}."
    if subject.node(source).parent in subject.levels(target):
        return None
    frame = subject.node(source).parent
    fed = " or ".join(f"{frame}.{port.name}" for port in subject.body_feeds(frame or "")) or "nothing"
    return f"{source} is in the frame {frame}, {target} is not", f"What leaves the frame goes into {fed}."
