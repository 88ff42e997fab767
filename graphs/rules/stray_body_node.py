"""FLW110 stray-body-node: a node's parent is no frame.

A node is either on the canvas or inside a frame that exists.

Wrong: ``read: {kind: prompt, parent: eachdoc}`` where the frame is ``each_doc``
Right: ``read: {kind: prompt, parent: each_doc}``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Fix, Place, finding
from graphs.names import closest, nearest
from graphs.operations import SetNode
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    frames = [id for id, spec in subject.specs.items() if spec.frame]
    for id, node in subject.document.nodes.items():
        if node.parent is None:
            continue
        problem = _problem(subject, id, node.parent)
        if problem is None:
            continue
        match = closest(node.parent, [frame for frame in frames if frame != id])
        title = f"Put it into {match}" if match and node.parent not in subject.document.nodes else "Take it out"
        parent = match if title != "Take it out" else None
        yield finding(
            "FLW110", problem, nearest(node.parent, frames, there_are="Frames are") or "Put it on the canvas itself.",
            place=Place(node=id), fix=Fix(title=title, ops=(SetNode(id=id, key="parent", value=parent),)),
        )  # fmt: skip


def _problem(subject: Subject, id: str, parent: str) -> str | None:
    if parent not in subject.document.nodes:
        return f"{id} lies in {parent!r}, which does not exist"
    if id in subject.levels(id):
        return f"{id} lies in itself, by way of {parent}"
    spec = subject.specs.get(parent)
    return f"{id} lies in {parent}, which is no frame" if spec is not None and not spec.frame else None
