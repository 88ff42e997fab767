"""Keep the best few situations of each depth and go on from those alone.

Use it when the cost must be known beforehand: at most ``beams`` situations are looked into at each depth.
What falls out of the beam is gone, so a solution that looks bad at first is missed; "Best-first search"
goes back instead. Ties are kept in the order they were found.

Costs at most 1 + (depth - 1) x beams expansions, each one proposal and one judgement for each new situation.

Source: Yao et al. 2023, Tree of Thoughts (https://arxiv.org/abs/2305.10601), whose breadth-first search is
this beam. We deviate: a thought is valued once, not as a sum of several votes, and equal situations are
looked into once.
"""

from pydantic import Field

from nodes.contract import Attach, Context, Inputs, Route, node
from nodes.search.goal import GoalDomain
from nodes.search.run import finish, new_tree, problem_of, show
from nodes.search.settings import INPUTS, OUTCOMES, OUTPUTS, PrunedConfig
from nodes.search.sockets import ACT, GOAL, PROPOSE, VALUE
from nodes.search.tree import SearchNode, onward


class BeamConfig(PrunedConfig):
    """How wide the beam is."""

    beams: int = Field(
        default=3, ge=1, le=100, title="Beam", description="Situations kept of each depth.",
        json_schema_extra={"unit": "situations"},
    )  # fmt: skip


@node(
    kind="search.beam", family="search", title="Beam search", summary="Keep the best few of each depth",
    config=BeamConfig, inputs=INPUTS, outputs=OUTPUTS, outcomes=OUTCOMES,
    attaches=(Attach("model", "model"), PROPOSE, ACT, VALUE, GOAL),
    model_calls="up to (1 + (depth - 1) x beams) x (1 + width)", icon="align-vertical-space-around",
    source="Yao et al. 2023, Tree of Thoughts, https://arxiv.org/abs/2305.10601",
)  # fmt: skip
async def beam(inputs: Inputs, config: BeamConfig, ctx: Context) -> Route:
    """Depth by depth: expand what is kept, value what comes, keep the best."""
    domain, tree = GoalDomain(problem_of(inputs), config, ctx), new_tree(inputs)
    kept = [tree.root]
    while kept and tree.expanded < config.expansions:
        found: list[SearchNode] = []
        for current in kept[: config.expansions - tree.expanded]:
            children = await domain.expand(tree, current)
            if solution := await domain.first_reached(children):
                return finish(tree, ctx, solution)
            found += onward(children, depth=config.depth, prune=config.prune)
        kept = _best(found, config.beams)
        show(tree, ctx)
    return finish(tree, ctx, None)


def _best(found: list[SearchNode], beams: int) -> list[SearchNode]:
    """The best ``beams``; the others are marked as dropped. Sorting is stable: earlier ones win ties."""
    ranked = sorted(
        (each for each in found if each.status == "open"), key=lambda each: -(each.value or 0.0)
    )  # fmt: skip
    for dropped in ranked[beams:]:
        dropped.status = "pruned"
    return ranked[:beams]
