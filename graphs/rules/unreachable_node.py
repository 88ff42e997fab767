"""FLW102 unreachable-node: no way leads from the start to a node.

It never runs, and what it would feed stays empty.

Wrong: ``check`` with no flow edge into it
Right: ``flow: [work -> check, check -> finish]``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Place, finding
from graphs.rules.join_never_fires import stuck_joins
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    if not subject.starts:
        return
    stuck = set(stuck_joins(subject))
    for id in subject.running:
        if id in subject.flow.reachable or id in stuck:
            continue
        before = [edge.source for edge in subject.flow.edges_into(id)]
        if before:
            remedy = f"It comes after {', '.join(before[:3])}, not reached either."
        else:
            remedy = "Lead a flow edge from an earlier node to it, or remove it."
        yield finding(
            "FLW102", f"no way leads from the start to {id}", remedy, place=Place(node=id), short="never runs"
        )
