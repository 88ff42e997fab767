"""FLW104 several-starts: the workflow has more than one start.

A run begins in one place; to begin several branches at once, lead several edges out of the one start.

Wrong: ``nodes: {a: {kind: start}, b: {kind: start}, ...}``
Right: ``flow: [start -> left, start -> right]``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Place, finding
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    for id in subject.starts[1:]:
        yield finding(
            "FLW104", f"{id} is a second start beside {subject.starts[0]}",
            f"Remove it and lead its edges out of {subject.starts[0]}.", place=Place(node=id),
        )  # fmt: skip
