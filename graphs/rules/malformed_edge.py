"""EDG101 malformed-edge: an edge does not follow ``source.handle -> target.handle``.

It joins nothing.

Wrong: ``flow: [start > plan]``
Right: ``flow: [start -> plan]``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Fix, Place, finding
from graphs.operations import Disconnect
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    for line in subject.lines:
        if line.edge is None:
            yield finding(
                "EDG101", f"the {line.sort} edge {line.text[:120]!r} cannot be read",
                "Write it as `source.handle -> target.handle`.", place=Place(edge=line.text),
                fix=Fix(title="Remove the edge", ops=(Disconnect(sort=line.sort, edge=line.text, at=line.at),)),
            )  # fmt: skip
