"""FLW106 join-never-fires: a join waits only for branches that come after itself.

Nothing can arrive before it has gone on, and it goes on only when something arrives.

Wrong: ``flow: [start -> work, join -> check, check.revise -> join]``
Right: ``flow: [start -> work, work -> join, join -> check, check.revise -> join]``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Place, finding
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    for id in stuck_joins(subject):
        branches = ", ".join(edge.source for edge in subject.flow.edges_into(id))
        yield finding(
            "FLW106", f"{id} can never go on: it waits for {branches}, which comes after it",
            f"Lead a branch from before into {id}.", place=Place(node=id), short="can never go on",
        )  # fmt: skip


def stuck_joins(subject: Subject) -> list[str]:
    """The joins all of whose branches come after them."""
    flow = subject.flow
    return [
        id
        for id in flow.flow.joins
        if id not in flow.reachable
        and (edges := flow.edges_into(id))
        and all(flow.reaches(id, edge.source) for edge in edges)
    ]
