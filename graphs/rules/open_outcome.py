"""FLW111 open-outcome: a node that decides has an outcome that leads nowhere.

Where it ends that way, its branch ends. That can be meant, and is easily overlooked. In the body of a frame
the end of the way is the end of the item; so an outcome is left alone there when every other one comes back.

Wrong: ``flow: [critique.accept -> finish]`` and ``critique.revise`` leads nowhere
Right: ``flow: [critique.accept -> finish, critique.revise -> work]``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Place, finding
from graphs.ports import EACH, ERROR
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    for id in subject.flow.order:
        used = {edge.outcome for edge in subject.flow.edges_out_of(id)}
        ways = [name for name in subject.ports(id).outcomes if name not in (EACH, ERROR)]
        if not used & set(ways):
            continue
        if _ends_the_item(id, subject):
            continue
        for name in ways:
            if name not in used:
                yield finding(
                    "FLW111", f"when {id} ends with {name!r}, its branch ends there",
                    f"Lead {id}.{name} to the node that runs then, if one should.",
                    place=Place(node=id, port=name), short=f"{name} leads nowhere",
                )  # fmt: skip


def _ends_the_item(id: str, subject: Subject) -> bool:
    """Whether the node stands in a frame and all that follows it comes back to it: what is open is the way out."""
    if subject.node(id).parent is None:
        return False
    ways = [edge for edge in subject.flow.edges_out_of(id) if edge.outcome not in (EACH, ERROR)]
    return all(edge.target == id or subject.flow.reaches(edge.target, id) for edge in ways)
