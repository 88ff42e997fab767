"""Joins: a node that waits for the branches that can still reach it.

LangGraph's own fan-in, an edge from a list of nodes, waits for branches that will never come. So a join looks at
which nodes run beside it in this step - the targets of the nodes that ended in the last one - and looks again
in the next step while one of them can still reach it. In mode ``any`` it goes on at the first arrival, follows the
branches that were alive then, and ignores their arrivals.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from langgraph.graph import END

from graphs.export.runtime.state import AT, OPEN, RESULTS, Result, State, superstep
from graphs.export.runtime.step import Step

OWED: Final = "owed"
"""Key of a join's result: the branches whose arrival it ignores."""
WAITING: Final = "waiting"
ENDED: Final = "ended"

Flow = Mapping[str, Mapping[str, Sequence[str]]]
"""Node -> outcome -> the nodes it leads to."""


class Join(Step):
    """A meeting point: ``builder.add_conditional_edges(id, join.way, [...])``."""

    def __init__(
        self,
        id: str,
        *given: Any,
        flow: Flow,
        onward: Sequence[str],
        named: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        """``flow``: of every node from which flow can come to this one; ``onward``: where it leads.

        ``named``: ids whose name in the graph is another.
        """
        super().__init__(id, *given, **more)
        self.named = named or {}
        self.mode: str = getattr(self.config, "mode", "all")
        self.upstream = frozenset(flow)
        self.flow = {**flow, id: {"done": onward, WAITING: (id,)}}

    async def __call__(self, state: dict[str, Any]) -> dict[str, Any]:
        none: Result = {"visit": 0, "step": 0, "outputs": {}}
        result: Result = (state.get(RESULTS) or {}).get(self.id) or none
        decision, owed = self._decide(self._moves(state), frozenset(result.get(OWED, ())))
        if decision == "go":
            update = await super().__call__(state)
            update[RESULTS][self.id][OWED] = owed
            return update
        return {RESULTS: {self.id: {**result, AT: superstep(), OWED: owed, "outcome": decision}}}

    def way(self, state: dict[str, Any]) -> list[str]:
        """Where flow goes from here: on, to itself while it waits, or nowhere."""
        targets = self._targets(self.id, state[RESULTS][self.id])
        return [self.named.get(each, each) for each in targets] or [END]

    def _moves(self, state: State) -> dict[str, Collection[str]]:
        """Nodes that ended in the last step, and for-eachs at work -> where their flow is now."""
        last = superstep() - 1
        return {
            node: (node,) if OPEN in result else self._targets(node, result)
            for node, result in (state.get(RESULTS) or {}).items()
            if node in self.flow and (OPEN in result or result.get(AT) == last)
        }

    def _targets(self, node: str, result: Mapping[str, Any]) -> tuple[str, ...]:
        onward = tuple(self.flow[node].get(result["outcome"], ()))
        return onward if not result.get(OWED) or node in onward else (*onward, node)

    def _decide(self, moves: Mapping[str, Collection[str]], owed: frozenset[str]) -> tuple[str, list[str]]:
        """What to do in this step, and the debt of mode ``any`` after it."""
        here = {target for targets in moves.values() for target in targets} - {self.id}
        if self.mode == "all":
            return (WAITING if here & self.upstream else "go"), []
        if any(self.id in targets and node not in owed | {self.id} for node, targets in moves.items()):
            return "go", sorted(here & self.upstream)
        followed = {target for node, targets in moves.items() if node in owed for target in targets}
        left = sorted(followed & self.upstream)
        return (WAITING if left else ENDED), left
