"""FLW105 no-finish: the workflow has no finish.

Its outputs would never be filled in. Without outputs it may do its work and simply end.

Wrong: ``outputs: {answer: {}}`` and no node of the kind ``finish``
Right: ``flow: [..., work -> finish]``, ``data: [work.answer -> finish.answer]``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Fix, finding
from graphs.document import Node
from graphs.operations import AddNode
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    if subject.finishes:
        return
    outputs = ", ".join(subject.document.outputs)
    fix = Fix(title="Add a finish", ops=(AddNode(id=subject.fresh_id("finish"), node=Node(kind="finish")),))
    yield finding(
        "FLW105", f"the workflow has no finish{', so nothing fills ' + outputs if outputs else ''}",
        "Add a Finish and lead the last node to it.",
        fix=fix if "finish" in subject.kinds else None, severity="error" if outputs else "warning",
    )  # fmt: skip
