"""Look into every situation of a depth before any of the next.

Use it as the baseline, or where the shortest way is wanted and there are few ways: it finds a solution of
the fewest actions if there is one, and nothing guides it. Situations are valued only where the goal reads
their value; with a goal of another kind (a condition over the situation, or an attached test) no model
judges anything. "Beam search" is the same with the best of each depth kept.

Each expansion costs one proposal, and one judgement for each new situation where the goal reads values.

Source: Yao et al. 2023, Tree of Thoughts (https://arxiv.org/abs/2305.10601), its breadth-first form. We
deviate: nothing is dropped between depths, which is what the paper's beam does, and equal situations are
looked into once.
"""

from collections import deque

from nodes.contract import Attach, Context, Inputs, Route, node
from nodes.search.goal import GoalDomain
from nodes.search.run import finish, new_tree, problem_of, show
from nodes.search.settings import INPUTS, OUTCOMES, OUTPUTS, SearchConfig
from nodes.search.sockets import ACT, GOAL, PROPOSE, VALUE
from nodes.search.tree import onward


@node(
    kind="search.breadth_first", family="search", title="Breadth-first search",
    summary="Look into everything, depth by depth", config=SearchConfig, inputs=INPUTS, outputs=OUTPUTS,
    outcomes=OUTCOMES, attaches=(Attach("model", "model"), PROPOSE, ACT, VALUE, GOAL),
    model_calls="up to expansions x (1 + width)", icon="layers",
    source="Yao et al. 2023, Tree of Thoughts, https://arxiv.org/abs/2305.10601",
)  # fmt: skip
async def breadth_first(inputs: Inputs, config: SearchConfig, ctx: Context) -> Route:
    """First in, first out."""
    domain, tree = GoalDomain(problem_of(inputs), config, ctx), new_tree(inputs)
    valued, frontier = domain.needs_values(), deque([tree.root])
    while frontier and tree.expanded < config.expansions:
        current = frontier.popleft()
        children = await domain.expand(tree, current, valued=valued)
        if solution := await domain.first_reached(children):
            return finish(tree, ctx, solution)
        frontier.extend(onward(children, depth=config.depth))
        show(tree, ctx)
    return finish(tree, ctx, None)
