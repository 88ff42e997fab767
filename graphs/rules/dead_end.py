"""FLW101 dead-end: the flow stops at a node without having reached a finish.

The run ends there, and outputs that only a later node would fill stay empty. Nodes whose every way on
goes round in a circle are dead ends too.

Wrong: ``check`` runs after ``work`` and nothing follows it
Right: ``flow: [work -> check, check -> finish]``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Place, finding
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    flow, finishes = subject.flow, set(subject.finishes)
    if not finishes:
        return
    for component in flow.components:
        id = component[0]
        if (
            id not in flow.reachable
            or id in finishes
            or id in subject.subworkflows
            or not _last(subject, component)
            or not _top(subject, id)
        ):
            continue
        if component in flow.cycles:
            what = f"the flow goes round through {', '.join(component[:4])} and never reaches a finish"
            remedy = "Lead an outcome of one of them out of the circle."
        else:
            what = f"the flow ends at {id} without having reached a finish"
            remedy = f"Lead {id} to a finish, or to the node that comes next."
        yield finding("FLW101", what, remedy, place=Place(node=id), short="dead end")


def _last(subject: Subject, component: list[str]) -> bool:
    """Whether no flow leads out of the nodes."""
    return all(target in component for node in component for target in subject.flow.successors[node])


def _top(subject: Subject, id: str) -> bool:
    """Whether the node is in no frame: in a body, the last node hands back to its frame."""
    return subject.node(id).parent is None
