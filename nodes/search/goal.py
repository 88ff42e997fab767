"""A domain with a goal: an attached test, else a condition over the node."""

from collections.abc import Sequence
from typing import TypeVar

from nodes.conditions import holds, names
from nodes.search.domain import Domain
from nodes.search.settings import GoalConfig
from nodes.search.sockets import wrong
from nodes.search.tree import SearchNode

Settings = TypeVar("Settings", bound=GoalConfig)


class GoalDomain(Domain[Settings]):
    """One problem with the means to search it and to know when it is solved."""

    def needs_values(self) -> bool:
        """Whether the goal test reads them."""
        return self.ctx.subworkflow("goal") is None and "value" in names(self.config.goal)

    async def reached(self, node: SearchNode) -> bool:
        """Whether ``node`` solves the problem; it is marked then."""
        part = self.ctx.subworkflow("goal")
        if part is not None:
            reached = (await part.run(self.place(node))).get("reached")
            if not isinstance(reached, bool):
                raise wrong("goal", "reached", reached, "true or false")
        else:
            values = {**self.place(node), "value": node.value, "action": node.action, "depth": node.depth}
            reached = holds(self.config.goal, {**values, "cost": node.cost})
        if reached:
            node.status = "solution"
        return reached

    async def first_reached(self, nodes: Sequence[SearchNode]) -> SearchNode | None:
        """The first of ``nodes`` that solves the problem."""
        for node in nodes:
            if await self.reached(node):
                return node
        return None
