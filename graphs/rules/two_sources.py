"""DAT105 two-sources: one of two edges into an input never counts.

An input takes the value that was produced last. Where one source always runs after the other, the
earlier one's value is never used.

Wrong: ``flow: [a -> b, b -> c]`` with ``data: [a.answer -> c.text, b.answer -> c.text]``
Right: ``data: [b.answer -> c.text]``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Fix, Place, finding
from graphs.operations import Disconnect
from graphs.rules.subject import Feed, Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    for (id, name), feeds in subject.feeds_into.items():
        for feed in feeds if len(feeds) > 1 else ():
            later = next((each for each in feeds if _covers(subject, each.source, feed)), None)
            if later is not None:
                what = f"{later.source} always runs after {feed.source} and feeds {name} too"
                yield finding(
                    "DAT105", f"{feed.text} never counts: {what}",
                    "Remove one of the two edges.", place=Place(node=id, edge=feed.text, port=name),
                    short=f"{name} is fed twice",
                    fix=Fix(title="Remove the edge", ops=(Disconnect(sort="data", edge=feed.text),)),
                )  # fmt: skip


def _covers(subject: Subject, later: str, feed: Feed) -> bool:
    flow = subject.flow
    if later == feed.source or not {later, feed.source, feed.target} <= flow.reachable:
        return False
    return (
        flow.runs_before(later, feed.target)
        and flow.runs_before(feed.source, later)
        and not flow.reaches(later, feed.source)
    )
