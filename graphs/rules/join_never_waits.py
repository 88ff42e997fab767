"""FLW112 join-never-waits: the branches of a join exclude each other, or there is only one.

Only one of them ever arrives, so there is nothing to wait for. Branches run side by side only when one
outcome leads to several nodes; the outcomes of a Route are one or the other.

Wrong: ``flow: [route.yes -> a, route.otherwise -> b, a -> join, b -> join, join -> finish]``
Right: ``flow: [route.yes -> a, route.otherwise -> b, a -> finish, b -> finish]``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Place, finding
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    flow = subject.flow
    for id in flow.flow.joins:
        into = [at for at in flow.into.get(id, ()) if flow.flow.edges[at].source in flow.reachable]
        if not into or any(flow.concurrent_edges(a, b) for a in into for b in into if a < b):
            continue
        names = " and ".join(dict.fromkeys(flow.flow.edges[at].source for at in into))
        why = f"{names} exclude each other" if len(into) > 1 else f"only {names} leads to it"
        yield finding(
            "FLW112", f"{id} has nothing to wait for: {why}",
            "Lead one outcome to several nodes to run branches side by side, or remove the join.",
            place=Place(node=id), short="nothing to wait for",
        )  # fmt: skip
