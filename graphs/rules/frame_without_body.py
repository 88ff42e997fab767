"""FLW108 frame-without-body: a frame has no nodes in it, or its ``each`` leads to none of them.

There is nothing to do for an item, so the frame cannot do its work.

Wrong: ``each_doc: {kind: control.for_each}`` alone
Right: ``read: {kind: prompt, parent: each_doc}`` and ``flow: [each_doc.each -> read]``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Fix, Place, finding
from graphs.operations import Connect
from graphs.ports import EACH
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    for id, spec in subject.specs.items():
        if not spec.frame:
            continue
        body = [child for child in subject.children.get(id, ()) if child in subject.running]
        entered = any(edge.outcome == EACH and edge.target in body for edge in subject.flow.edges_out_of(id))
        if not body:
            yield finding(
                "FLW108", f"there are no nodes in {id}", "Put the nodes for one item into the frame.",
                place=Place(node=id), short="no body",
            )  # fmt: skip
        elif not entered:
            first = next((child for child in body if not subject.flow.into.get(child)), body[0])
            edge = f"{id}.{EACH} -> {first}"
            fix = Fix(title=f"Begin with {first}", ops=(Connect(sort="flow", edge=edge),))
            yield finding(
                "FLW108", f"{id} leads to none of the nodes in it", f"Lead {id}.{EACH} to the first of them: {edge}.",
                place=Place(node=id, port=EACH), short="body not entered",
                fix=fix if edge not in subject.document.edges.flow else None,
            )  # fmt: skip
