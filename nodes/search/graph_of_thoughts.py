"""Generate thoughts, merge the best of them, mend what came of it: a graph, where one thought has many sources.

Use it when parts of several attempts are worth joining, which a tree cannot: writing, sorting, merging,
designs. With the policy ``schedule`` each round generates, keeps the best, aggregates those, and refines the
best of all. With ``model`` a policy model looks at the graph each round and chooses one transformation, or
stops. Thoughts are valued as they come; it ends ``solved`` when one reaches the goal.

Source: Besta et al. 2024, Graph of Thoughts (https://arxiv.org/abs/2308.09687), for the schedule; Gimenes et
al. 2025, ARIES: Autonomous Reasoning with LLMs on Interactive Thought Graph Environments, for the model as
policy. We deviate: the problem is not split by the node itself (attach at ``propose`` what does), and what
was made is never removed from the graph, only no longer kept.
"""

from typing import Final, Literal

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.contract import Attach, Context, Inputs, Port, Route, node
from nodes.search.run import problem_of
from nodes.search.settings import EXPANDED, OUTCOMES
from nodes.search.sockets import GOAL, PROPOSE, VALUE
from nodes.search.thoughts import AGGREGATE, REFINE, Thoughts, ThoughtsConfig
from nodes.search.tree import SearchNode
from nodes.templating import as_text

POLICY: Final = """You steer the work on a problem. Thoughts are solutions with a value from 0 to 1. Choose what to
do next: generate (new thoughts, when there are few or all are bad), aggregate (make one of the best, when several have
different strengths), refine (mend the best, when it is nearly right), stop (when no more is to be gained)."""
STANDING: Final = "Problem:\n{problem}\n\nThoughts, the best first:\n{thoughts}\n\nWhat next?"
Move = Literal["generate", "aggregate", "refine", "stop"]


class GraphOfThoughtsConfig(ThoughtsConfig):
    """Who steers, and how long."""

    policy: Literal["schedule", "model"] = Field(
        default="schedule", title="Policy", description="Who chooses the transformations: a schedule, or the model."
    )
    rounds: int = Field(
        default=2, ge=1, le=50, title="Rounds", description="Rounds of the schedule, or choices of the model.",
        json_schema_extra={"unit": "rounds"},
    )  # fmt: skip
    keep: int = Field(
        default=3, ge=1, le=20, title="Keep", description="The best thoughts, which are aggregated.",
        json_schema_extra={"unit": "thoughts"},
    )  # fmt: skip
    steering: str = Field(
        default=POLICY, title="How to steer", description="What the policy model is told.", max_length=20_000,
        json_schema_extra={"widget": "textarea", "advanced": True},
    )  # fmt: skip


class Choice(BaseModel):
    """The reason comes first, so that the choice can follow from it."""

    reason: str = Field(description="One sentence.")
    move: Move = Field(description="What to do next.")


@node(
    kind="search.graph_of_thoughts", family="search", title="Graph of thoughts",
    summary="Generate, merge the best, refine", config=GraphOfThoughtsConfig,
    inputs=(Port("problem", "text", "What is to be solved."),),
    outputs=(
        Port("best", "any", "The best thought."),
        Port("value", "number", "Its value: 0 (hopeless) to 1 (the goal)."),
        Port("thoughts", "list[any]", "Every thought, the best first."),
        EXPANDED,
    ),
    outcomes=OUTCOMES, attaches=(Attach("model", "model"), PROPOSE, AGGREGATE, REFINE, VALUE, GOAL),
    model_calls="up to rounds x (5 + width), or rounds x (2 + width) by model", icon="waypoints",
    source="Besta et al. 2024, Graph of Thoughts, https://arxiv.org/abs/2308.09687",
)  # fmt: skip
async def graph_of_thoughts(inputs: Inputs, config: GraphOfThoughtsConfig, ctx: Context) -> Route:
    """Transform, value, test, until the goal, the last round, or the policy stops."""
    thoughts = Thoughts(problem_of(inputs), config, ctx)
    for number in range(1, config.rounds + 1):
        moves: list[Move] = ["generate", "aggregate", "refine"]
        if config.policy == "model":
            moves = [await _choice(thoughts, config, ctx)]
        if moves == ["stop"]:
            break
        for move in moves:
            made = await _apply(move, thoughts, config)
            ctx.progress(f"round {number}: {move}, {len(made)} new")
            ctx.show(thoughts.view(thoughts.rated()[: config.keep], title=f"Round {number}: {move}"))
            if solution := await thoughts.first_reached(made):
                return _end(solution, thoughts, ctx)
    return _end(None, thoughts, ctx)


async def _choice(thoughts: Thoughts, config: GraphOfThoughtsConfig, ctx: Context) -> Move:
    """What the policy model chooses; with nothing there yet that can only be to generate."""
    standing = thoughts.rated()
    if not standing:
        return "generate"
    listed = "\n".join(
        f"- {each.value or 0.0:.2f} ({each.action}): {as_text(each.situation)[:300]}" for each in standing
    )
    user = STANDING.format(problem=thoughts.problem, thoughts=listed)
    messages = [{"role": "system", "content": config.steering}, {"role": "user", "content": user}]
    return (await ask_for(ctx.model, messages, Choice, temperature=0)).move


async def _apply(move: Move, thoughts: Thoughts, config: GraphOfThoughtsConfig) -> list[SearchNode]:
    """The new thoughts; none where there is too little to transform."""
    standing = thoughts.rated()
    if move == "generate":
        return await thoughts.generate()
    if move == "aggregate":
        return await thoughts.aggregate(standing[: config.keep]) if len(standing[: config.keep]) > 1 else []
    return await thoughts.refine(standing[0]) if standing else []


def _end(solution: SearchNode | None, thoughts: Thoughts, ctx: Context) -> Route:
    standing = thoughts.rated()
    best = solution or (standing[0] if standing else thoughts.tree.root)
    ctx.show(thoughts.view([best], title=f"{len(standing)} thoughts"))
    outputs = {
        "best": best.situation, "value": best.value or 0.0, "thoughts": [each.situation for each in standing],
        "expanded": thoughts.tree.expanded,
    }  # fmt: skip
    return Route("solved" if solution else "unsolved", outputs)
