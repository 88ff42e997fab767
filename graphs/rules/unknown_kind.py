"""KND101 unknown-kind: a node is of a kind that is not installed.

Without its kind nobody knows what the node does, which ports it has, or how to run it.

Wrong: ``plan: {kind: planning.plann}``
Right: ``plan: {kind: planning.plan}``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Fix, Place, finding
from graphs.names import closest, nearest
from graphs.operations import SetNode
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    for id, node in subject.document.nodes.items():
        if node.kind in subject.kinds:
            continue
        match = closest(node.kind, subject.kinds)
        fix = Fix(title=f"Make it a {match}", ops=(SetNode(id=id, key="kind", value=match),)) if match else None
        yield finding(
            "KND101", f"{id} is of the kind {node.kind!r}, which is not installed",
            nearest(node.kind, subject.kinds, there_are="Kinds are"), place=Place(node=id), fix=fix,
        )  # fmt: skip
