"""EDG104 duplicate-edge: the same edge is written twice.

The second means nothing. ``a -> b`` and ``a.done -> b`` are the same flow edge.

Wrong: ``flow: [start -> plan, start.done -> plan]``
Right: ``flow: [start -> plan]``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Fix, Place, finding
from graphs.operations import Disconnect
from graphs.ports import DONE
from graphs.rules.subject import Line, Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    first: dict[tuple[str, ...], Line] = {}
    for line in subject.lines:
        if line.edge is None:
            continue
        edge = line.edge
        default = DONE if line.sort == "flow" else ""
        key = (line.sort, edge.source, edge.source_handle or default, edge.target, edge.target_handle or "")
        earlier = first.setdefault(key, line)
        if earlier is not line:
            yield finding(
                "EDG104", f"the {line.sort} edge {line.text!r} is there already as number {earlier.at + 1}",
                "Remove one of the two.", place=Place(edge=line.text),
                fix=Fix(title="Remove it", ops=(Disconnect(sort=line.sort, edge=line.text, at=line.at),)),
            )  # fmt: skip
