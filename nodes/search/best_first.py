"""Always look next into the most promising situation found so far, wherever in the tree it is.

Use it when steps can be valued and a wrong turn should be left again: it goes back by itself, since the
frontier holds every situation not yet looked into. The search ends ``solved`` when a situation reaches the
goal, ``unsolved`` with the best one when the frontier is empty or the expansions are spent.

Each expansion costs one proposal and one judgement for each new situation. The start is not tested.

Source: Koh et al. 2024, Tree Search for Language Model Agents (https://arxiv.org/abs/2407.01476). We
deviate: a situation is not replayed from the start but kept as data, equal situations are looked into once,
and the goal is a condition or a test of its own instead of a threshold alone.
"""

from heapq import heappop, heappush

from nodes.contract import Attach, Context, Inputs, Route, node
from nodes.search.goal import GoalDomain
from nodes.search.run import finish, new_tree, problem_of, show
from nodes.search.settings import INPUTS, OUTCOMES, OUTPUTS, PrunedConfig
from nodes.search.sockets import ACT, GOAL, PROPOSE, VALUE
from nodes.search.tree import SearchNode, onward


@node(
    kind="search.best_first", family="search", title="Best-first search",
    summary="Look into the most promising situation next", config=PrunedConfig, inputs=INPUTS, outputs=OUTPUTS,
    outcomes=OUTCOMES, attaches=(Attach("model", "model"), PROPOSE, ACT, VALUE, GOAL),
    model_calls="up to expansions x (1 + width)", icon="target",
    source="Koh et al. 2024, Tree Search for Language Model Agents, https://arxiv.org/abs/2407.01476",
)  # fmt: skip
async def best_first(inputs: Inputs, config: PrunedConfig, ctx: Context) -> Route:
    """Take the best of the frontier, expand it, test its children, put them on the frontier."""
    domain, tree = GoalDomain(problem_of(inputs), config, ctx), new_tree(inputs)
    frontier: list[tuple[float, int, SearchNode]] = [(0.0, 0, tree.root)]
    while frontier and tree.expanded < config.expansions:
        current = heappop(frontier)[-1]
        if current.status != "open":
            continue  # the same situation was reached on a shorter way meanwhile
        children = await domain.expand(tree, current)
        if solution := await domain.first_reached(children):
            return finish(tree, ctx, solution)
        for child in onward(children, depth=config.depth, prune=config.prune):
            heappush(frontier, (-(child.value or 0.0), child.number, child))
        show(tree, ctx)
    return finish(tree, ctx, None)
