"""Rate how hard a task is, and lead on by that: low, medium or high.

Use it before branches of different cost: one model call for the easy, a plan for the middling, a team
for the hard. The model names what the task takes before it rates it. What an effort means is yours to
say in the settings.

Source: Zhang et al. 2025, Multi-agent Architecture Search via Agentic Supernet (MaAS), and Kim et al.
2024, MDAgents (https://arxiv.org/abs/2404.15155). We deviate: MaAS learns a sampler over architectures;
here, as in MDAgents, a model is asked, and the branches are drawn by the designer.
"""

from typing import Final, Literal

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.contract import Attach, Config, Context, Inputs, NodeError, Port, Route, node
from nodes.templating import as_text

PROMPT: Final = """How hard is this task? Do not solve it.

low: {low}
medium: {medium}
high: {high}

Task:
{task}"""


class EffortConfig(Config):
    """What the three levels mean."""

    low: str = Field(
        default="one fact or one simple step, such as: capital of Spain? 12 x 3?", title="Low",
        description="What makes a task easy.", max_length=500, json_schema_extra={"widget": "textarea"},
    )  # fmt: skip
    medium: str = Field(
        default="a few steps that build on each other, such as: plan a weekend in Rome", title="Medium",
        description="What makes a task middling.", max_length=500, json_schema_extra={"widget": "textarea"},
    )  # fmt: skip
    high: str = Field(
        default="many steps or several fields at once, such as: design a payment system", title="High",
        description="What makes a task hard.", max_length=500, json_schema_extra={"widget": "textarea"},
    )  # fmt: skip


class Rating(BaseModel):
    """How hard a task is."""

    needs: str = Field(description="In one short sentence: what solving it takes.")
    difficulty: Literal["low", "medium", "high"] = Field(description="low, medium or high")


@node(
    kind="control.effort", family="control", title="Effort", summary="Lead on by how hard the task is",
    config=EffortConfig, inputs=(Port("task", "any", "What is to be rated."),),
    outputs=(
        Port("difficulty", "text", "low, medium or high."),
        Port("needs", "text", "What solving it takes, in a sentence."),
    ),
    outcomes=("low", "medium", "high"), attaches=(Attach("model", "model"),), model_calls="1", icon="gauge",
    source="Kim et al. 2024, MDAgents, https://arxiv.org/abs/2404.15155",
)  # fmt: skip
async def effort(inputs: Inputs, config: EffortConfig, ctx: Context) -> Route:
    """Rate it and go that way."""
    rating = await rate(as_text(inputs["task"]), config, ctx)
    ctx.progress(f"{rating.difficulty}: {rating.needs}")
    return Route(rating.difficulty, {"difficulty": rating.difficulty, "needs": rating.needs})


async def rate(task: str, levels: EffortConfig, ctx: Context) -> Rating:
    """The model's rating of ``task``. Raises NodeError for an empty one."""
    if not task.strip():
        raise NodeError("The task is empty", mend="Wire in what is to be rated.")
    prompt = PROMPT.format(low=levels.low, medium=levels.medium, high=levels.high, task=task)
    return await ask_for(ctx.model, [{"role": "user", "content": prompt}], Rating, temperature=0)
