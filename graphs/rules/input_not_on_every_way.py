"""DAT102 input-not-on-every-way: a required input has no value on some way to its node.

The node fails whenever the flow comes that way.

Wrong: ``flow: [route.yes -> find, route.otherwise -> answer, find -> answer]`` and
``data: [find.hits -> answer.hits]`` where ``hits`` is required
Right: make it optional (``{{#hits}}{{hits}}{{/hits}}``), or let every way pass ``find``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Place, finding
from graphs.ports import ERROR
from graphs.rules.data_from_later import comes_later
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    flow = subject.flow
    for (id, name), feeds in subject.feeds_into.items():
        if not feeds[0].input.required or id not in flow.reachable:
            continue
        sources = [feed.source for feed in feeds if not comes_later(subject, feed)]
        if not sources or flow.on_every_way(sources, id):
            continue
        edges = ", ".join(feed.text for feed in feeds)
        yield finding(
            "DAT102", f"{id} needs {name}, but the way {_way(subject, set(sources), id)} does not bring it ({edges})",
            "Let every way pass its source, wire in a source that always runs before, or make the input optional.",
            place=Place(node=id, port=name), short=f"{name} may be missing",
        )  # fmt: skip


def _way(subject: Subject, avoided: set[str], target: str) -> str:
    """A shortest way from the start to the target that passes none of ``avoided`` (or only its failure)."""
    came: dict[str, str] = {}
    pending = [start for start in subject.flow.flow.starts if start not in avoided]
    seen = set(pending)
    for node in pending:
        for edge in subject.flow.edges_out_of(node):
            if edge.target in seen or (node in avoided and edge.outcome != ERROR):
                continue
            seen.add(edge.target)
            came[edge.target] = node
            pending.append(edge.target)
            if edge.target == target:
                return _path(came, target)
    return f"to {target}"


def _path(came: dict[str, str], target: str) -> str:
    path = [target]
    while path[-1] in came and len(path) <= len(came) + 1:
        path.append(came[path[-1]])
    shown = path[::-1]
    return " -> ".join(shown if len(shown) <= 6 else [*shown[:3], "...", *shown[-2:]])
