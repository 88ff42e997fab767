"""Ask first whether a tool is needed at all.

Use it before an agent: what the model knows by itself takes the short way, what needs a fact of today, a
document or an exact computation takes the way with tools. The model says what it knows of the task and what it
lacks, then decides. With ``trials`` it is put to the test instead of being believed: it answers several times
without tools, and only answers that agree count as known.

Source: Qian et al. 2025, SMART: Self-Aware Agent for Tool Overuse Mitigation (https://arxiv.org/abs/2502.11435).
We deviate: the paper trains models to know their boundary; here it is asked for, and agreement tests it (Wang et
al. 2022, Self-Consistency, https://arxiv.org/abs/2203.11171).
"""

import asyncio
import re
from collections import Counter
from typing import Final, Literal

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.contract import Attach, Config, Context, Inputs, NodeError, Port, Route, node
from nodes.templating import Template, render
from nodes.views import ballots_view

ASK: Final = """Task:
{task}
{tools}
A tool is needed for facts that change or are recent, for documents and data of the user, and for long exact
computation. It is not needed for common knowledge, writing, translating, or sums a child can do.

Say in one sentence each what of the task you know for certain and what you lack ("nothing" where you lack nothing).
Then decide."""
TOOLS: Final = "\nTools at hand:\n{tools}\n"
ANSWER: Final = "{task}\n\nAnswer in as few words as possible, without explanation."
_WORD: Final = re.compile(r"\w+(?:\.\d+)?")


class GateConfig(Config):
    """The task, and whether the model is believed or tested."""

    prompt: Template = Field(
        default="{{task}}", title="Task", description="What is to be done; {{name}} makes an input.",
        max_length=100_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    trials: int = Field(
        default=0, ge=0, le=10, title="Trials",
        description="Answers without tools that are compared before no tool is judged to be needed; 0: none.",
        json_schema_extra={"unit": "answers"},
    )  # fmt: skip
    agreement: float = Field(
        default=0.7, ge=0.1, le=1, title="Agreement", description="Share of the trials that must say the same.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    temperature: float = Field(
        default=0.8, ge=0, le=2, title="Temperature", description="Of the trials; at 0 they would all be the same.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


class Boundary(BaseModel):
    """Where the model's knowledge ends."""

    known: str = Field(description="what of the task you know for certain")
    lacking: str = Field(description='what you lack, or "nothing"')
    decision: Literal["tool needed", "no tool needed"]


@node(
    kind="tools.gate", family="tools", title="Is a tool needed?", summary="Tell what needs a tool from what does not",
    config=GateConfig,
    outputs=(
        Port("reason", "text", "Why, in a sentence."),
        Port("known", "text", "What the model says it knows."),
        Port("lacking", "text", "What it says it lacks."),
        Port("task", "text", "The task as asked, for the way that is taken."),
        Port("answer", "text", "What the trials agree on; empty without trials, or where a tool is needed."),
    ),
    outcomes=("needed", "not_needed"),
    attaches=(Attach("model", "model"), Attach("tools", "tool", many=True)), template_fields=("prompt",),
    model_calls="1 to 1 + trials", icon="shield-question-mark",
    source="Qian et al. 2025, SMART, https://arxiv.org/abs/2502.11435",
)  # fmt: skip
async def gate(inputs: Inputs, config: GateConfig, ctx: Context) -> Route:
    """Ask for the boundary; put "no tool needed" to the test where there are trials."""
    task = render(config.prompt, inputs)
    if not task.strip():
        raise NodeError("The task is empty once its values are written in", mend="Write a task, or wire its inputs.")
    lines = "\n".join(f"- {tool.name}: {' '.join(tool.description.split())[:200]}" for tool in ctx.tools)
    prompt = ASK.format(task=task, tools=TOOLS.format(tools=lines) if lines else "")
    boundary = await ask_for(ctx.model, [{"role": "user", "content": prompt}], Boundary, temperature=0)
    needed, answer = boundary.decision == "tool needed", ""
    reason = f"It lacks: {boundary.lacking}" if needed else f"It knows: {boundary.known}"
    if not needed and config.trials:
        answer, share = await _tried(task, config, ctx)
        needed = share < config.agreement
        reason = f"{share:.0%} of {config.trials} answers without tools agree ({answer!r})"
    ctx.progress(f"{'a tool is needed' if needed else 'no tool is needed'}: {reason}")
    return Route("needed" if needed else "not_needed", {
        "reason": reason, "known": boundary.known, "lacking": boundary.lacking, "task": task,
        "answer": "" if needed else answer,
    })  # fmt: skip


async def _tried(task: str, config: GateConfig, ctx: Context) -> tuple[str, float]:
    """``(the answer most trials give, their share)``; the first of equals."""
    messages = [{"role": "user", "content": ANSWER.format(task=task)}]
    replies = await asyncio.gather(*(
        ctx.model.chat(messages, temperature=config.temperature, stream=False) for _ in range(config.trials)
    ))  # fmt: skip
    keys = [_key(reply.text) for reply in replies]
    winner, votes = Counter(keys).most_common(1)[0]
    answer = replies[keys.index(winner)].text.strip()
    ballots = [{"voter": f"trial {n}", "choice": reply.text.strip()} for n, reply in enumerate(replies, start=1)]
    ctx.show(ballots_view(ballots, winner=answer))
    return answer, votes / len(keys)


def _key(answer: str) -> str:
    """What is the same answer in other dress: case, punctuation and articles do not count."""
    return " ".join(word for word in _WORD.findall(answer.lower()) if word not in ("the", "a", "an", "is", "it", "s"))
