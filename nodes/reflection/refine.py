"""Rewrite a draft by a critique.

Use it after ``critique.revise`` when the node that wrote the draft should not start anew. Lead it back to
the critique for another round.

Source: Madaan et al. 2023, Self-Refine (https://arxiv.org/abs/2303.17651), its refine step. We deviate:
only the last feedback is shown, not the history of all rounds, to stay short for small models.
"""

from typing import Final

from pydantic import Field

from nodes.contract import Attach, ChatModel, Config, Context, Inputs, NodeError, Outputs, Port, node
from nodes.templating import Template, as_text, render
from nodes.views import refinement_view

SYSTEM: Final = """You improve drafts. Change what the feedback asks for and keep the rest.
Answer with the improved draft itself: no remarks about it, no headings before it."""
REFINE: Final = "{task}Draft:\n{draft}\n\nFeedback:\n{feedback}\n\nWrite the improved draft."
TASK: Final = "Task:\n{task}\n\n"


class RefineConfig(Config):
    """How the draft is rewritten."""

    advice: Template = Field(
        default="", title="Advice", description="What to mind besides the feedback; {{name}} makes an input.",
        max_length=10_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    temperature: float | None = Field(
        default=None, ge=0, le=2, title="Temperature", description="0: the same each time; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


@node(
    kind="reflection.refine", family="reflection", title="Refine", summary="Rewrite a draft by a critique",
    config=RefineConfig,
    inputs=(
        Port("draft", "any", "What is rewritten."),
        Port("feedback", "text", "What to change."),
        Port("task", "any", "What the draft is to do.", required=False),
    ),
    outputs=(Port("draft", "text", "The improved draft."),),
    attaches=(Attach("model", "model"),), template_fields=("advice",), model_calls="1", icon="redo",
    source="Madaan et al. 2023, Self-Refine, https://arxiv.org/abs/2303.17651",
)  # fmt: skip
async def refine(inputs: Inputs, config: RefineConfig, ctx: Context) -> Outputs:
    """One call: draft and feedback in, better draft out."""
    draft, feedback = as_text(inputs["draft"]), inputs["feedback"]
    advice = render(config.advice, inputs).strip()
    improved = await rewrite(ctx.model, draft, feedback, as_text(inputs.get("task")), advice, config.temperature)
    ctx.show(refinement_view([{"draft": draft, "critique": feedback}, {"draft": improved, "critique": ""}]))
    return {"draft": improved}


async def rewrite(
    model: ChatModel, draft: str, feedback: str, task: str, advice: str, temperature: float | None
) -> str:
    """The draft as the feedback wants it; one call. Raises NodeError when the model gives nothing back."""
    user = REFINE.format(task=TASK.format(task=task) if task else "", draft=draft, feedback=feedback)
    system = f"{SYSTEM}\n{advice}" if advice else SYSTEM
    messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
    reply = await model.chat(messages, temperature=temperature)
    if not reply.text.strip():
        raise NodeError(
            "The model gave an empty draft back", mend="Try again, or use a stronger model.", retryable=True
        )
    return reply.text.strip()
