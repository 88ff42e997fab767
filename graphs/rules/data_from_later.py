"""DAT104 data-from-later: a data edge comes from a node that cannot have run before its target.

The value is never there when the target runs. Data edges say what is handed over, flow edges what runs
when: a data edge alone makes nothing run.

Wrong: ``flow: [start -> answer, answer -> find]`` with ``data: [find.hits -> answer.hits]``
Right: ``flow: [start -> find, find -> answer]``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Place, finding
from graphs.rules.subject import Feed, Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    for feed in subject.feeds:
        if feed.target not in subject.flow.reachable or not comes_later(subject, feed) or _foreign(subject, feed):
            continue
        others = [each for each in subject.feeds_into[feed.target, feed.input.name] if not comes_later(subject, each)]
        needed = feed.input.required and not others
        yield finding(
            "DAT104", f"{feed.text}: {_why(subject, feed)}",
            f"Lead the flow from {feed.source} to {feed.target}, or take the value from an earlier node.",
            place=Place(node=feed.target, edge=feed.text, port=feed.input.name),
            short=f"{feed.input.name} comes too late", severity="error" if needed else "warning",
        )  # fmt: skip


def comes_later(subject: Subject, feed: Feed) -> bool:
    """Whether the source cannot have run when the target does. What a body hands its frame is in time."""
    if any(port.name == feed.input.name for port in subject.body_feeds(feed.target)):
        return False
    flow = subject.flow
    if feed.source not in flow.reachable or feed.target not in flow.reachable:
        return True
    return not flow.reaches(feed.source, feed.target) and not flow.concurrent(feed.source, feed.target)


def _foreign(subject: Subject, feed: Feed) -> bool:
    """Whether it leads from outside into an attached sub-workflow, which FLW109 reports."""
    part = subject.part_of(feed.target)
    return part is not None and feed.source != part and part not in subject.levels(feed.source)


def _why(subject: Subject, feed: Feed) -> str:
    if feed.source not in subject.flow.index:
        return f"{feed.source} never runs"
    if feed.source not in subject.flow.reachable:
        return f"{feed.source} is never reached"
    return f"{feed.source} never runs before {feed.target}"
