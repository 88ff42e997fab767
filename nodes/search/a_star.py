"""Find the cheapest way: always go on where cost so far plus estimated cost to go is least.

Use it when actions have costs, above all over tool calls: with tools attached the model proposes calls, each
is made, and its result belongs to the situation. What is attached at ``value`` gives the cost still to go,
less than 0 where there is no way; the model estimates steps otherwise. As long as that never exceeds the true
cost, the first solution is a cheapest one: the goal is tested when a situation is taken from the frontier.
Ties go to the smaller estimate, then to what was found first. Every proposed call is really made: attach
tools that look things up, not tools that change things.

Source: Zhuang et al. 2024, ToolChain* (https://arxiv.org/abs/2310.13227), on Hart, Nilsson, Raphael 1968. We
deviate: both costs are one number each, given or estimated, instead of the paper's mixture of memory,
self-consistency and imagined plans; calls are made as they are proposed, so that estimates rest on results.
"""

from collections.abc import Mapping
from dataclasses import replace
from heapq import heappop, heappush
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.conditions import Condition
from nodes.contract import Attach, Context, Inputs, Port, Route, node
from nodes.search.domain import ASK_ACTIONS, ASK_VALUE, Outcome, told
from nodes.search.goal import GoalDomain
from nodes.search.run import finish, new_tree, problem_of, show
from nodes.search.settings import BEST, EXPANDED, INPUTS, OUTCOMES, SearchConfig
from nodes.search.sockets import ACT, GOAL, PROPOSE, VALUE, number
from nodes.search.tool_calls import calls_of, calls_schema, listed, tool_of, written
from nodes.search.tree import SearchNode, Tree
from nodes.templating import as_text

ESTIMATING: Final = """You estimate how far a problem is from being solved. First say in one sentence what is known and
what is still missing. Then give the least number of steps still needed: 0 when what is known answers the
problem, -1 when it cannot be solved from here."""
TOOLS: Final = "\n\nEach step is a call of one of these tools:\n{tools}"
ESTIMATE: Final = replace(
    VALUE, description="Estimates the cost to go; else the model does.",
    gives=(Port("cost", "number", "Cost still to go, 0 at the goal; less than 0: the goal cannot be reached."),),
)  # fmt: skip


class AStarConfig(SearchConfig):
    """What calls cost, and how the rest is estimated."""

    goal: Condition = Field(
        default="value == 0.0", title="Goal", max_length=2_000, json_schema_extra={"widget": "cel"},
        description="CEL over value (the estimate), situation, action, actions, depth, cost and problem.",
    )  # fmt: skip
    costs: dict[str, Annotated[float, Field(ge=0, le=1_000_000)]] = Field(
        default_factory=dict, title="Costs", description="Tool -> cost of a call; 1 for a tool not named.",
        max_length=50,
    )  # fmt: skip
    judging: str = Field(
        default=ESTIMATING, title="How to estimate", description="What the model is told when nothing is at `value`.",
        max_length=20_000, json_schema_extra={"widget": "textarea", "advanced": True},
    )  # fmt: skip


class Estimate(BaseModel):
    """The reason comes first, so that the number can follow from it."""

    reason: str = Field(description="One sentence.")
    steps: int = Field(ge=-1, le=50, description="Steps still needed; 0 solved, -1 impossible.")


class _CostDomain(GoalDomain[AStarConfig]):
    """Estimates instead of values, and tool calls as actions where tools are attached."""

    has_costs = True

    async def by_model(self, node: SearchNode, feedback: str) -> list[Any]:
        if not self.ctx.tools:
            return await super().by_model(node, feedback)
        system = self.config.proposing + TOOLS.format(tools=listed(self.ctx.tools))
        user = ASK_ACTIONS.format(
            problem=self.problem, situation=told(node.situation), notes="", count=self.config.width
        )  # fmt: skip
        messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
        schema = calls_schema(self.ctx.tools, self.config.width)
        return calls_of(await ask_for(self.ctx.model, messages, schema, temperature=self.config.temperature))

    async def do(self, node: SearchNode, action: Any, cost: float) -> Outcome:
        if not self.ctx.tools:
            return await super().do(node, action, cost)
        tool, arguments = tool_of(action, self.ctx.tools)
        result = await self.ctx.call_tool(tool, arguments)
        cost = self.config.costs.get(tool.name, cost)
        if result.failed:
            return Outcome(action, None, cost, failed=result.text or "it failed")
        line = written(tool, arguments, result.text)
        return Outcome(action, "\n".join(filter(None, (as_text(node.situation), line))), cost)

    async def judge(self, node: SearchNode) -> None:
        """Set the estimate; a node without a way to the goal is closed."""
        part = self.ctx.subworkflow("value")
        if part is not None:
            given: Mapping[str, Any] = await part.run(self.place(node))
            node.value = number(given.get("cost"), "value", "cost", least=float("-inf"))
        else:
            user = ASK_VALUE.format(problem=self.problem, situation=told(node.situation))
            messages = [{"role": "system", "content": self.config.judging}, {"role": "user", "content": user}]
            said = await ask_for(self.ctx.model, messages, Estimate, temperature=0)
            node.value, node.feedback = float(said.steps), said.reason.strip()
        if node.value < 0:
            node.status = "pruned"


@node(
    kind="search.a_star", family="search", title="A* search", summary="Find the cheapest way, over tool calls or steps",
    config=AStarConfig, inputs=INPUTS,
    outputs=(*BEST, Port("cost", "number", "What the way there costs."), EXPANDED),
    outcomes=OUTCOMES,
    attaches=(
        Attach("model", "model"), Attach("tools", "tool", many=True), Attach("policies", "policy", many=True),
        PROPOSE, ACT, ESTIMATE, GOAL,
    ),
    model_calls="up to expansions x (1 + width)", icon="route",
    source="Zhuang et al. 2024, ToolChain*, https://arxiv.org/abs/2310.13227",
)  # fmt: skip
async def a_star(inputs: Inputs, config: AStarConfig, ctx: Context) -> Route:
    """Take what is cheapest in all; done when that is the goal."""
    domain, tree = _CostDomain(problem_of(inputs), config, ctx), new_tree(inputs)
    frontier: list[tuple[float, float, int, SearchNode]] = [(0.0, 0.0, 0, tree.root)]
    while frontier:
        current = heappop(frontier)[-1]
        if current.status != "open":
            continue  # the same situation was reached more cheaply meanwhile
        if current is not tree.root and await domain.reached(current):
            return _finish(tree, ctx, current)
        if tree.expanded == config.expansions:
            break
        if current.depth < config.depth:
            for child in await domain.expand(tree, current):
                estimate = child.value or 0.0
                if child.status == "open":
                    heappush(frontier, (child.cost + estimate, estimate, child.number, child))
            show(tree, ctx)
    return _finish(tree, ctx, None)


def _finish(tree: Tree, ctx: Context, solution: SearchNode | None) -> Route:
    """Where nothing solves it, the best is what seems to be the least far from the goal."""
    near = [each for each in tree.nodes if each.value is not None and each.value >= 0 and each.status != "failed"]
    best = solution or min(near, key=lambda each: (each.value or 0.0, each.number), default=tree.root)
    route = finish(tree, ctx, solution, best)
    outputs = {name: value for name, value in route.outputs.items() if name != "value"}
    return Route(route.outcome, {**outputs, "cost": best.cost})
