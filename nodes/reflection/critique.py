"""Judge a draft: accept it, or send it back with what to change.

Use it in a loop: ``revise`` leads back to the node that wrote the draft, with ``feedback`` wired into its
prompt; ``accept`` leads on. After ``max_revisions`` the draft is accepted as it is, and ``verdict`` still
says what the judge thought.

Source: Madaan et al. 2023, Self-Refine (https://arxiv.org/abs/2303.17651), and Kim et al. 2023, RCI
(https://arxiv.org/abs/2303.17491). We deviate: the judge thinks in prose first and its verdict is drawn
from that by schema in a second call, since the built-in model judges worse when it has to write JSON at
once; it solves the task itself before it compares, since shown a draft first it agrees with it (the
built-in model then accepted 17 + 26 = 45); and the critique does not see its earlier rounds.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.contract import Attach, ChatModel, Config, Context, Inputs, NodeError, Port, Route, node
from nodes.templating import Template, as_text, render
from nodes.views import refinement_view

SYSTEM: Final = """You check drafts. You do not trust them: they often contain mistakes.
First work out yourself what the task asks, step by step, every number anew. Then hold the draft against
your own result and the criteria. Say what is wrong and how to mend it, but do not rewrite the draft."""
DRAFT: Final = """{task}Criteria: {rubric}

Draft:
{draft}

Work it out yourself first, then compare. End with one sentence: whether the draft can stay or must be revised."""
TASK: Final = "Task:\n{task}\n\n"
VERDICT: Final = (
    "Put your judgement into the form: accept when the draft can stay as it is, revise when it has to be changed."
)
RUBRIC: Final = "Is it correct, complete and clear? Does it answer what was asked?"


class CritiqueConfig(Config):
    """The criteria, and how often a draft may be sent back."""

    rubric: Template = Field(
        default=RUBRIC, title="Criteria", description="What the draft is held against; {{name}} makes an input.",
        max_length=10_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    max_revisions: int = Field(
        default=2, ge=0, le=20, title="Revisions", description="How often a draft is sent back at most.",
        json_schema_extra={"unit": "times"},
    )  # fmt: skip
    temperature: float | None = Field(
        default=0, ge=0, le=2, title="Temperature", description="0: the same each time; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


class Verdict(BaseModel):
    """What is drawn from the judge's prose."""

    verdict: Literal["accept", "revise"] = Field(description="accept or revise")
    score: int = Field(ge=1, le=10, description="How good the draft is: 1 useless, 10 perfect.")


@node(
    kind="reflection.critique", family="reflection", title="Critique",
    summary="Judge a draft: accept it or send it back", config=CritiqueConfig,
    inputs=(
        Port("draft", "any", "What is judged."),
        Port("task", "any", "What the draft was to do.", required=False),
    ),
    outputs=(
        Port("feedback", "text", "The judgement in prose: what is wrong and how to mend it."),
        Port("verdict", "text", "accept or revise, as the judge said."),
        Port("score", "number", "1 useless to 10 perfect."),
    ),
    outcomes=("accept", "revise"), attaches=(Attach("model", "model"),), template_fields=("rubric",),
    bounds_loop=True, model_calls="2", icon="check",
    source="Madaan et al. 2023, Self-Refine, https://arxiv.org/abs/2303.17651",
)  # fmt: skip
async def critique(inputs: Inputs, config: CritiqueConfig, ctx: Context) -> Route:
    """Think in prose, draw the verdict from it, bound the loop."""
    draft = as_text(inputs["draft"])
    if not draft.strip():
        raise NodeError("The draft is empty", mend="Wire in what is to be judged.")
    said = await judge(ctx.model, draft, as_text(inputs.get("task")), render(config.rubric, inputs), config.temperature)
    ctx.show(refinement_view([{"draft": draft, "critique": said.feedback, "score": said.score}]))
    outputs = {"feedback": said.feedback, "verdict": said.verdict, "score": said.score}
    if said.verdict == "revise" and ctx.visit > config.max_revisions:
        ctx.progress(f"would be revised, but has been {config.max_revisions} times: it stays as it is")
        return Route("accept", outputs)
    return Route(said.verdict, outputs)


@dataclass(frozen=True)
class Judgement:
    """What a judge made of a draft."""

    feedback: str
    verdict: Literal["accept", "revise"]
    score: int
    """1 useless to 10 perfect."""


async def judge(model: ChatModel, draft: str, task: str, rubric: str, temperature: float | None) -> Judgement:
    """Two calls: the judgement in prose, and the verdict drawn from it by schema."""
    messages = _judge_messages(draft, rubric, task)
    thought = await model.chat(messages, temperature=temperature)
    asked = [*messages, {"role": "assistant", "content": thought.text}, {"role": "user", "content": VERDICT}]
    said = await ask_for(model, asked, Verdict, temperature=0)
    return Judgement(thought.text.strip(), said.verdict, said.score)


def _judge_messages(draft: str, rubric: str, task: str) -> list[dict[str, Any]]:
    user = DRAFT.format(task=TASK.format(task=task) if task else "", rubric=rubric, draft=draft)
    return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": user}]
