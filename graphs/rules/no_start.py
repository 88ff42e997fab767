"""FLW103 no-start: the workflow has no start.

Nothing would ever run.

Wrong: a workflow of a prompt alone
Right: ``start -> prompt -> finish``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Fix, finding
from graphs.document import Node
from graphs.operations import AddNode
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    if subject.starts:
        return
    fix = Fix(title="Add a start", ops=(AddNode(id=subject.fresh_id("start"), node=Node(kind="start")),))
    yield finding(
        "FLW103", "the workflow has no start, so nothing runs", "Add a Start and lead it to the first node.",
        fix=fix if "start" in subject.kinds else None,
    )  # fmt: skip
