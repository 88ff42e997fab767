"""ATT105 attached-to-itself: a resource is attached to itself, by way of what it is attached to or holds.

It would need itself to do its work, without end: a sub-workflow attached to a node inside it, a role below a
role that is below it.

Wrong: ``attach: [leaf -> search.act]`` where ``search`` stands in the frame ``leaf``
Right: ``search`` outside of ``leaf``, or another sub-workflow at its socket
"""

from collections import defaultdict
from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Fix, Place, finding
from graphs.operations import Disconnect
from graphs.rules.subject import Line, Subject
from graphs.topology import strong_components


def check(subject: Subject) -> Iterator[Diagnostic]:
    users: dict[str, list[str]] = {id: [] for id in subject.document.nodes}
    lines: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in subject.joined("attach"):
        if line.edge is not None and line.edge.source in subject.specs:
            users[line.edge.source].append(line.edge.target)
            lines[line.edge.source, line.edge.target].append(line)
    for id in subject.document.nodes:
        part = subject.part_of(id)
        if part is not None:
            users[id].append(part)
    for group in strong_components(users):
        if len(group) > 1 or group[0] in users[group[0]]:
            inner = [line for pair, found in lines.items() if set(pair) <= set(group) for line in found]
            yield from (_found(line, group) for line in inner[:1])


def _found(line: Line, group: list[str]) -> Diagnostic:
    assert line.edge is not None
    way = f", by way of {', '.join(group)}" if len(group) > 1 else ""
    return finding(
        "ATT105", f"{line.text}: {line.edge.source} would be attached to itself{way}",
        "Take one of the edges away, or the node out of the sub-workflow.",
        place=Place(node=line.edge.target, edge=line.text), short="attached to itself",
        fix=Fix(title="Remove the edge", ops=(Disconnect(sort="attach", edge=line.text, at=line.at),)),
    )  # fmt: skip
