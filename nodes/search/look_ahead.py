"""Imagine what each action would lead to before one is taken.

Use it before an action that cannot be taken back: candidates are proposed (or wired in), a world model says
what each would change, the imagined outcomes are valued, and the best action goes out by ``act`` without
having been done. When none is worth ``least``, it ends ``none``. With a ``horizon`` over 1 it imagines further
along the likeliest next action. What is wired as ``knowledge`` (recalled tutorials, learned rules of the
world) grounds the imagining; a world model of your own, rules as code even, goes to the socket ``act``.

Costs 1 proposal, and for each candidate one imagined outcome a step of the horizon and one judgement.

Source: Chae et al. 2025, Web Agents with World Models, WMA (https://arxiv.org/abs/2410.13232); Mei et al.
2025, R-WoM; Zhou et al. 2025, WALL-E 2.0. We deviate: the world model is prompted, not trained, and rules
are text or an attached workflow, learned elsewhere.
"""

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from pydantic import Field

from nodes.bounded import together
from nodes.contract import Attach, Context, Inputs, NodeError, Port, Route, node
from nodes.search.domain import Domain, Outcome, told
from nodes.search.run import problem_of
from nodes.search.settings import DomainConfig
from nodes.search.sockets import ACT, PROPOSE, VALUE
from nodes.search.tree import SearchNode, Tree
from nodes.templating import as_text

IMAGINE: Final = """You predict what an action changes, and nothing else. Do not judge it and do not go on from there.
Say in one or two sentences what is different afterwards, unwanted effects and what can no longer be undone
included. When the action is not possible, begin with IMPOSSIBLE: and say why."""
ASK: Final = "{knowledge}Situation:\n{situation}\n\nAction: {action}\n\nWhat does it change?"
KNOWLEDGE: Final = "What is known of how things behave:\n{knowledge}\n\n"
PROPOSING: Final = """You propose the next action towards a goal. Each proposal is one action that is possible in the
situation, in one short sentence, and the proposals differ from each other. Do not carry them out."""
JUDGING: Final = """You judge what an action led to. First say in one or two sentences whether it brings the goal
nearer and what harm it does. Then give a score from 1 to 10: 10 when the goal is reached without harm, 5 when nothing
is won, 1 when it does harm that cannot be undone."""
IMPOSSIBLE: Final = "IMPOSSIBLE:"
WORLD: Final = replace(ACT, description="The world model: says what an action would lead to; else the model does.")


class LookAheadConfig(DomainConfig):
    """How much is imagined, and what is worth doing."""

    horizon: int = Field(
        default=1, ge=1, le=5, title="Horizon", description="Actions imagined one after another.",
        json_schema_extra={"unit": "actions"},
    )  # fmt: skip
    least: float = Field(
        default=0.3, ge=0, le=1, title="Least", description="Value (0 to 1) below which no action is taken."
    )
    imagining: str = Field(
        default=IMAGINE, title="How to imagine", description="What the model is told when nothing is at `act`.",
        max_length=20_000, json_schema_extra={"widget": "textarea", "advanced": True},
    )  # fmt: skip
    proposing: str = Field(
        default=PROPOSING, title="How to propose", description="What the model is told when nothing is at `propose`.",
        max_length=20_000, json_schema_extra={"widget": "textarea", "advanced": True},
    )  # fmt: skip
    judging: str = Field(
        default=JUDGING, title="How to judge", description="What the model is told when nothing is at `value`.",
        max_length=20_000, json_schema_extra={"widget": "textarea", "advanced": True},
    )  # fmt: skip


@dataclass
class _World(Domain[LookAheadConfig]):
    """Actions are imagined instead of done."""

    knowledge: str = ""
    candidates: list[Any] = field(default_factory=list[Any])
    """What was wired in to choose from."""

    async def propose(self, node: SearchNode) -> list[Any]:
        if node.parent is None and self.candidates:
            return self.candidates
        return await super().propose(node)

    async def do(self, node: SearchNode, action: Any, cost: float) -> Outcome:
        known = KNOWLEDGE.format(knowledge=self.knowledge) if self.knowledge else ""
        user = ASK.format(knowledge=known, situation=told(node.situation), action=as_text(action))
        messages = [{"role": "system", "content": self.config.imagining}, {"role": "user", "content": user}]
        text = (await self.ctx.model.chat(messages, temperature=0)).text.strip()
        if text.upper().startswith(IMPOSSIBLE):
            return Outcome(action, None, failed=text[len(IMPOSSIBLE) :].strip() or "impossible")
        after = f"{as_text(node.situation)}\nAfter this action: {as_text(action)}\n{text}"
        return Outcome(action, after.strip())


@node(
    kind="search.look_ahead", family="search", title="Look ahead",
    summary="Imagine each action's outcome, take the best", config=LookAheadConfig,
    inputs=(
        Port("problem", "text", "The goal."),
        Port("situation", "any", "How things are now."),
        Port("candidates", "list[any]", "Actions to choose from; else they are proposed.", required=False),
        Port("knowledge", "any", "How things behave: rules, tutorials, memories.", required=False),
    ),
    outputs=(
        Port("action", "any", "The best action; '' where none is worth doing."),
        Port("outcome", "any", "What it is expected to lead to."),
        Port("value", "number", "How good that is, 0 to 1."),
        Port("ranking", "list[record]", "Each candidate with outcome, value and reason, the best first."),
    ),
    outcomes=("act", "none"), attaches=(Attach("model", "model"), PROPOSE, WORLD, VALUE),
    model_calls="1 + width x (2 x horizon)", icon="telescope",
    source="Chae et al. 2025, WMA, https://arxiv.org/abs/2410.13232",
)  # fmt: skip
async def look_ahead(inputs: Inputs, config: LookAheadConfig, ctx: Context) -> Route:
    """Propose, imagine as far as the horizon, value the ends, choose."""
    world = _World(
        problem_of(inputs), config, ctx, knowledge=as_text(inputs.get("knowledge")),
        candidates=list(inputs.get("candidates", [])),
    )  # fmt: skip
    tree = Tree(inputs["situation"])
    ends = {child: child for child in await world.expand(tree, tree.root, valued=False)}
    if not tree.root.children:
        raise NodeError("No action was proposed", mend="Wire in candidates, or say the goal more concretely.")
    for _ in range(config.horizon - 1):
        outcomes = await together(partial(_next, world), list(ends.values()), limit=config.parallel)
        for (first, last), outcome in zip(list(ends.items()), outcomes, strict=True):
            if outcome and not outcome.failed:
                ends[first] = tree.add(last, outcome.action, outcome.situation) or last
        ctx.show(tree.view())
    await together(world.judge, list(dict.fromkeys(ends.values())), limit=config.parallel)
    for first, last in ends.items():
        first.value, first.feedback = last.value, last.feedback
    ranked = sorted(ends, key=lambda child: (-(child.value or 0.0), child.number))
    return _chosen(ranked, tree, config, ctx)


async def _next(world: _World, last: SearchNode) -> Outcome | None:
    """What the likeliest next action would lead to; None where there is none."""
    proposals = await world.propose(last)
    return await world.act(last, proposals[0]) if proposals else None


def _chosen(ranked: list[SearchNode], tree: Tree, config: LookAheadConfig, ctx: Context) -> Route:
    ranking = [
        {"action": child.action, "outcome": child.situation, "value": child.value, "reason": child.feedback}
        for child in ranked
    ]
    best = ranked[0] if ranked and (ranked[0].value or 0.0) >= config.least else None
    if best:
        best.status = "solution"
    ctx.show(tree.view(best, summary=f"{len(ranked)} of {len(tree.root.children)} actions can be done"))
    ctx.progress(f"chosen: {as_text(best.action)[:80]}" if best else "no action is worth it")
    if best is None:
        return Route("none", {"action": "", "outcome": "", "value": 0.0, "ranking": ranking})
    outputs = {"action": best.action, "outcome": best.situation, "value": best.value, "ranking": ranking}
    return Route("act", outputs)
