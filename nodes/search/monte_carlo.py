"""Spend the budget where it promises most, but keep trying what was tried little: Monte Carlo tree search.

Use it when values are unsure: each visit to a way averages in what came of it, so one lucky or unlucky
judgement counts less than in "Best-first search". An iteration selects a leaf by UCT, expands and values it,
goes on greedily for ``rollout`` more actions, and adds the best value seen to every node above. A way that
ends without the goal is reflected on, and every later proposal is told the lesson. Ways searched to their
ends are left; ties go to what was found first.

Source: Zhou et al. 2024, Language Agent Tree Search, LATS (https://arxiv.org/abs/2310.04406); Antoniades et
al. 2024, SWE-Search (https://arxiv.org/abs/2410.20285), whose written critique feeds the next proposals. We
deviate: the value stands in for a rollout to the end, a node's own valuation counts as its first visit, and
SWE-Search's debate over the finalists is left to deliberation nodes.
"""

from math import log, sqrt
from typing import Final

from pydantic import Field

from nodes.contract import Attach, Context, Inputs, Port, Route, node
from nodes.search.domain import told
from nodes.search.goal import GoalDomain
from nodes.search.run import finish, new_tree, problem_of, show
from nodes.search.settings import INPUTS, OUTCOMES, OUTPUTS, PrunedConfig
from nodes.search.sockets import ACT, GOAL, HERE, PROPOSE, VALUE, wrong
from nodes.search.tree import SearchNode, Tree, onward

REFLECT: Final = """Problem:
{problem}

This was tried and did not solve it:
{situation}

Why not? Answer with one sentence that says what to do differently next time."""
LESSON: Final = Attach(
    "reflect", "workflow", description="Reflects on a way that failed; else the model does.", takes=HERE,
    gives=(Port("lesson", "text", "What to do differently; every later proposal is told."),),
)  # fmt: skip


class MonteCarloConfig(PrunedConfig):
    """How much is tried against what is known, and how far each try goes."""

    exploration: float = Field(
        default=1.0, ge=0, le=10, title="Exploration", description="Weight of what was tried little; 0: greedy."
    )
    rollout: int = Field(
        default=0, ge=0, le=20, title="Rollout", description="Actions each try goes on greedily; 0: the value decides.",
        json_schema_extra={"unit": "actions"},
    )  # fmt: skip
    reflections: int = Field(
        default=2, ge=0, le=20, title="Reflections", description="Lessons drawn from failed ways, at most.",
        json_schema_extra={"unit": "lessons"},
    )  # fmt: skip


@node(
    kind="search.monte_carlo", family="search", title="Monte Carlo search",
    summary="Select, expand, value, back up, reflect", config=MonteCarloConfig, inputs=INPUTS, outputs=OUTPUTS,
    outcomes=OUTCOMES, attaches=(Attach("model", "model"), PROPOSE, ACT, VALUE, GOAL, LESSON),
    model_calls="up to expansions x (1 + width) + reflections", icon="dices",
    source="Zhou et al. 2024, LATS, https://arxiv.org/abs/2310.04406",
)  # fmt: skip
async def monte_carlo(inputs: Inputs, config: MonteCarloConfig, ctx: Context) -> Route:
    """Iterate until the goal, the budget, or nothing is left."""
    domain, tree = GoalDomain(problem_of(inputs), config, ctx), new_tree(inputs)
    spent: set[int] = set()
    while tree.root.number not in spent and tree.expanded < config.expansions:
        way = select(tree.root, spent, config.exploration)
        solution, reached = await _simulate(domain, tree, way[-1], spent)
        if solution:
            _back_up(solution.path()[:-1], 1.0)
            return finish(tree, ctx, solution)
        _back_up(reached.path()[:-1], reached.value or 0.0)
        if reached.number in spent and len(domain.lessons) < config.reflections:
            domain.lessons.append(await _lesson(domain, reached))
        show(tree, ctx)
    return finish(tree, ctx, None)


def select(root: SearchNode, spent: set[int], exploration: float) -> list[SearchNode]:
    """From the root to a leaf, at each node to the child of the highest bound."""
    way = [root]
    while way[-1].status == "expanded":
        parent = way[-1]
        live = [child for child in parent.children if child.number not in spent]
        way.append(max(live, key=lambda child: (uct(child, parent, exploration), -child.number)))
    return way


def uct(child: SearchNode, parent: SearchNode, exploration: float) -> float:
    """Upper confidence bound applied to trees (Kocsis, Szepesvari 2006)."""
    return child.total / child.visits + exploration * sqrt(log(max(parent.visits, 1)) / child.visits)


async def _simulate(
    domain: GoalDomain[MonteCarloConfig], tree: Tree, leaf: SearchNode, spent: set[int]
) -> tuple[SearchNode | None, SearchNode]:
    """Expand ``leaf``, then its best child, ...: a solution if one was met, and the last node reached."""
    current = leaf
    for _ in range(1 + domain.config.rollout):
        children = await domain.expand(tree, current)
        for child in children:
            child.visits, child.total = 1, child.value or 0.0
        if solution := await domain.first_reached(children):
            return solution, solution
        going = onward(children, depth=domain.config.depth, prune=domain.config.prune)
        live = {child.number for child in going}
        spent.update(child.number for child in current.children if child.number not in live)
        _close(current, spent)
        current = max(children, key=lambda child: (child.value or 0.0, -child.number), default=current)
        if current.number in spent or tree.expanded == domain.config.expansions:
            break
    return None, current


def _close(current: SearchNode, spent: set[int]) -> None:
    """A node all of whose children are spent is spent, and so upwards."""
    for each in reversed(current.path()):
        if any(child.number not in spent for child in each.children):
            return
        spent.add(each.number)


def _back_up(way: list[SearchNode], reward: float) -> None:
    for each in way:
        each.visits += 1
        each.total += reward


async def _lesson(domain: GoalDomain[MonteCarloConfig], failed: SearchNode) -> str:
    part = domain.ctx.subworkflow("reflect")
    if part is not None:
        lesson = (await part.run({"problem": domain.problem, "situation": failed.situation})).get("lesson")
        if not isinstance(lesson, str):
            raise wrong("reflect", "lesson", lesson, "a text")
        return lesson
    user = REFLECT.format(problem=domain.problem, situation=told(failed.situation))
    reply = await domain.ctx.model.chat([{"role": "user", "content": user}], temperature=0)
    return reply.text.strip()
