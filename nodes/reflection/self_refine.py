"""Draft, criticise, improve: the whole loop inside one node.

Use it where one answer should be better than the model's first, and the steps between need no nodes of
their own; with "Critique" and "Refine" the same loop is drawn on the canvas, with other models or a person
in it. A draft that is wired in takes the place of the first answer. The loop stops at the first draft the
judge accepts, or after ``max_rounds``; a draft written in the last round is given out unjudged.

Source: Kim et al. 2023, Language Models can Solve Computer Tasks, RCI (https://arxiv.org/abs/2303.17491),
and Madaan et al. 2023, Self-Refine (https://arxiv.org/abs/2303.17651). We deviate: the critique does not
see earlier rounds, and its verdict is drawn from its prose by schema, as in "Critique".
"""

from typing import Any

from pydantic import Field

from nodes.contract import Attach, Config, Context, Inputs, NodeError, Outputs, Port, node
from nodes.reflection.critique import RUBRIC, judge
from nodes.reflection.refine import rewrite
from nodes.templating import Template, as_text, render
from nodes.views import refinement_view


class SelfRefineConfig(Config):
    """How the first draft is written, what it is held against, and how often it is improved."""

    system: str = Field(
        default="", title="System", description="How the first draft is to be written; empty: the task alone is sent.",
        max_length=20_000, json_schema_extra={"widget": "textarea"},
    )  # fmt: skip
    rubric: Template = Field(
        default=RUBRIC, title="Criteria", description="What a draft is held against; {{name}} makes an input.",
        max_length=10_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    max_rounds: int = Field(
        default=2, ge=1, le=20, title="Rounds", description="How often a draft is criticised and improved at most.",
        json_schema_extra={"unit": "rounds"},
    )  # fmt: skip
    temperature: float | None = Field(
        default=None, ge=0, le=2, title="Temperature", description="Of drafts; 0: the same each time; empty: its own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


@node(
    kind="reflection.self_refine", family="reflection", title="Self-refine",
    summary="Draft, criticise and improve in rounds", config=SelfRefineConfig,
    inputs=(
        Port("task", "any", "What is to be answered or written."),
        Port("draft", "any", "A first draft, when there is one already.", required=False),
    ),
    outputs=(
        Port("answer", "text", "The last draft."),
        Port("critique", "text", "What the judge said last."),
        Port("accepted", "boolean", "Whether the judge accepted the answer; an unjudged one is not."),
        Port("rounds", "number", "How often a draft was criticised."),
    ),
    attaches=(Attach("model", "model"),), template_fields=("rubric",), model_calls="1 + 2 to 3 x max_rounds",
    icon="refresh-cw", source="Kim et al. 2023, RCI, https://arxiv.org/abs/2303.17491",
)  # fmt: skip
async def self_refine(inputs: Inputs, config: SelfRefineConfig, ctx: Context) -> Outputs:
    """Write a draft; criticise and rewrite it until it is accepted or the rounds are over."""
    task, rubric = as_text(inputs["task"]), render(config.rubric, inputs)
    if not task.strip():
        raise NodeError("The task is empty", mend="Wire in what is to be answered or written.")
    versions = [{"draft": await _first(task, as_text(inputs.get("draft")), config, ctx), "critique": ""}]
    rounds, accepted = 0, False
    while rounds < config.max_rounds and not accepted:
        rounds += 1
        accepted = await _round(versions, task, rubric, config, ctx)
        ctx.progress(f"round {rounds} of {config.max_rounds}: {'accepted' if accepted else 'revised'}")
    critique = versions[rounds - 1]["critique"]
    return {"answer": versions[-1]["draft"], "critique": critique, "accepted": accepted, "rounds": rounds}


async def _first(task: str, draft: str, config: SelfRefineConfig, ctx: Context) -> str:
    if draft.strip():
        return draft
    system = [{"role": "system", "content": config.system}] if config.system.strip() else []
    reply = await ctx.model.chat([*system, {"role": "user", "content": task}], temperature=config.temperature)
    if not reply.text.strip():
        raise NodeError("The model wrote an empty draft", mend="Try again, or use a stronger model.", retryable=True)
    return reply.text.strip()


async def _round(
    versions: list[dict[str, Any]], task: str, rubric: str, config: SelfRefineConfig, ctx: Context
) -> bool:
    """Judge the last version and, unless it is accepted, append a better one; whether it was accepted."""
    ctx.show(refinement_view(versions))
    draft = versions[-1]["draft"]
    said = await judge(ctx.model, draft, task, rubric, temperature=0)
    versions[-1] |= {"critique": said.feedback, "score": said.score}
    ctx.show(refinement_view(versions))
    if said.verdict == "accept":
        return True
    better = await rewrite(ctx.model, draft, said.feedback, task, "", config.temperature)
    versions.append({"draft": better, "critique": ""})
    ctx.show(refinement_view(versions))
    return False
