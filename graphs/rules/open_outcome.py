"""FLW111 open-outcome: a node that decides has an outcome that leads nowhere.

Where it ends that way, its branch ends. That can be meant, and is easily overlooked.

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
        for name in ways:
            if name not in used:
                yield finding(
                    "FLW111", f"when {id} ends with {name!r}, its branch ends there",
                    f"Lead {id}.{name} to the node that runs then, if one should.",
                    place=Place(node=id, port=name), short=f"{name} leads nowhere",
                )  # fmt: skip
