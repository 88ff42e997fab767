"""When a join goes on.

LangGraph has no fan-in that works with untaken branches, in loops and nested: an edge list waits for
branches that will never come, single edges run the join once for each arrival, and deferred nodes all
fire together. So in a graph with joins every node writes into one channel which nodes it sends the
flow to (a *move*); the channel holds the moves of the last step only. The targets of all moves are
therefore exactly the nodes of this step. A join that must wait sends the flow to itself and looks again
in the next step.

Mode ``all``: goes on when no node of this step can still reach the join. Two pending joins that can
reach each other (a loop around both) would wait forever; the one further along yields then.

Mode ``any``: goes on at the first arrival. The branches that were alive at that moment are its debt: it
follows them until each has died or arrived, and ignores their arrivals. An arrival that is not owed
belongs to a new turn.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from graphs.intermediate import Graph, JoinMode, Step

MOVES: Final = "~moves"
"""The channel: a list of ``[source, [target, ...]]``."""

Moves = Sequence[tuple[str, Sequence[str]]]
Decision = Literal["go", "wait", "end"]


@dataclass(frozen=True)
class Join:
    """A join and what may still reach it."""

    id: str
    mode: JoinMode
    upstream: frozenset[str]
    """Nodes from which flow can come to the join, for ``all`` without joins that must yield to it."""

    def decide(self, moves: Moves, owed: Iterable[str]) -> tuple[Decision, tuple[str, ...]]:
        """What to do in this step, and which nodes of it are the debt of mode ``any``.

        ``moves`` are those of the last step, ``owed`` the debt after it.
        """
        here = {target for _, targets in moves for target in targets}
        if self.mode == "all":
            return ("wait" if here & self.upstream else "go"), ()
        owing = frozenset(owed)
        arrived = any(self.id in targets and source not in owing | {self.id} for source, targets in moves)
        if arrived:
            return "go", tuple(sorted(here & self.upstream))
        followed = {target for source, targets in moves if source in owing for target in targets}
        left = tuple(sorted(followed & self.upstream))
        return ("wait" if left else "end"), left


def joins_of(graph: Graph) -> dict[str, Join]:
    """The joins of one level."""
    successors = {id: _successors(step) for id, step in graph.steps.items()}
    order = _order(graph.entries, successors)
    reach = {id: _reachable(id, successors) for id in graph.steps}
    return {join.id: _join(join, graph, successors, order, reach) for join in graph.joins}


def _successors(step: Step) -> tuple[str, ...]:
    return tuple(dict.fromkeys(target for targets in step.flow.values() for target in targets))


def _join(
    step: Step,
    graph: Graph,
    successors: Mapping[str, tuple[str, ...]],
    order: Mapping[str, int],
    reach: Mapping[str, frozenset[str]],
) -> Join:
    assert step.join is not None
    yielding = {
        other.id
        for other in graph.joins
        if step.join == "all" and other.id in reach[step.id] and order.get(other.id, 0) > order.get(step.id, 0)
    }
    predecessors: dict[str, list[str]] = {id: [] for id in graph.steps}
    for source, targets in successors.items():
        for target in targets:
            predecessors[target].append(source)
    found: set[str] = set()
    pending = [step.id]
    while pending:
        for source in predecessors[pending.pop()]:
            if source not in found and source not in yielding and source != step.id:
                found.add(source)
                pending.append(source)
    return Join(step.id, step.join, frozenset(found))


def _order(entries: Iterable[str], successors: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Reverse post-order of a depth-first walk from the entries (without recursion)."""
    finished: list[str] = []
    seen: set[str] = set()
    for entry in entries:
        stack: list[tuple[str, bool]] = [(entry, False)]
        while stack:
            id, leaving = stack.pop()
            if leaving:
                finished.append(id)
            elif id not in seen:
                seen.add(id)
                stack.append((id, True))
                stack.extend((target, False) for target in reversed(successors[id]))
    return {id: position for position, id in enumerate(reversed(finished))}


def _reachable(start: str, successors: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    found: set[str] = set()
    pending = [start]
    while pending:
        fresh = set(successors[pending.pop()]) - found
        found |= fresh
        pending.extend(fresh)
    return frozenset(found)
