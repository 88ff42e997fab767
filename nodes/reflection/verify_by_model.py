"""Verify an answer by a checklist: the model answers each question by itself, then the answers decide.

Use it where no test and no condition can tell: is every claim supported, does it keep to the topic. Each question
is asked alone, so that the answer to one does not colour the next; without questions the model first writes them
for the task. ``failed`` leads back to the writer with ``report``: the questions answered no, and why.

Source: Dhuliawala et al. 2023, Chain-of-Verification (https://arxiv.org/abs/2309.11495), its factored variant. We
deviate: the questions are answered with the draft in view, yes or no, and nothing is rewritten here.
"""

import asyncio
import re
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.contract import Attach, Config, Context, Inputs, NodeError, Port, Route, node
from nodes.templating import as_text
from nodes.views import table_view

MAKE: Final = """Task:
{task}

Somebody answered this task. Write {count} questions that show whether an answer is right and complete. Each can be
answered with yes or no, and yes is good. Example: "Does the total include the tax?\""""
ANSWER: Final = """{task}Answer to check:
{value}

Question: {question}

Work it out step by step, and do not trust the answer. Then write YES or NO on the last line."""
TASK: Final = "Task:\n{task}\n\n"
EXTRACT: Final = "So is the answer to the question yes or no?"
_LAST: Final = re.compile(r"[\s*_#>`]*\b(yes|no)\b\W*\Z", re.IGNORECASE)
_PARALLEL: Final = 4  # questions answered at the same time


class VerifyByModelConfig(Config):
    """The checklist, and how much of it must hold."""

    questions: tuple[str, ...] = Field(
        default=(), title="Questions", description="Each answered yes or no, yes is good; none: the model writes them.",
        max_length=30,
    )  # fmt: skip
    made: int = Field(
        default=3, ge=1, le=10, title="Made", description="How many the model writes where there are none.",
        json_schema_extra={"unit": "questions"},
    )  # fmt: skip
    share: float = Field(
        default=1, gt=0, le=1, title="Share", description="Share of the questions that must be answered yes; 1: all."
    )
    temperature: float | None = Field(
        default=0, ge=0, le=2, title="Temperature", description="0: the same each time; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


class Questions(BaseModel):
    """A checklist."""

    questions: list[str] = Field(description="questions answered with yes or no", min_length=1)


class YesOrNo(BaseModel):
    """What is drawn from an answer that does not end with either."""

    answer: Literal["yes", "no"]


@dataclass(frozen=True)
class Checked:
    """A question and its answer."""

    question: str
    yes: bool
    why: str


@node(
    kind="reflection.verify_by_model", family="reflection", title="Verify by model",
    summary="Verify an answer by a checklist", config=VerifyByModelConfig,
    inputs=(
        Port("value", "any", "The answer to verify."),
        Port("task", "any", "What was asked.", required=False),
    ),
    outputs=(
        Port("report", "text", "The questions answered no, each with why; empty when there are none."),
        Port("score", "number", "Share of the questions answered yes, 0 to 1."),
        Port("answers", "list[record]", "Each with question, yes and why."),
    ),
    outcomes=("passed", "failed"), attaches=(Attach("model", "model"),),
    model_calls="1 to 2 for each question; 1 more to write them", icon="list-checks",
    source="Dhuliawala et al. 2023, Chain-of-Verification, https://arxiv.org/abs/2309.11495",
)  # fmt: skip
async def verify_by_model(inputs: Inputs, config: VerifyByModelConfig, ctx: Context) -> Route:
    """Have the questions, answer each alone, count."""
    value, task = as_text(inputs["value"]), as_text(inputs.get("task")).strip()
    if not value.strip():
        raise NodeError("The answer is empty", mend="Wire in what is to be verified.")
    questions = [text for text in config.questions if text.strip()] or await _made(task, config, ctx)
    gate = asyncio.Semaphore(_PARALLEL)

    async def check(question: str) -> Checked:
        async with gate:
            return await _checked(question, value, task, config, ctx)

    answers = await asyncio.gather(*(check(question) for question in questions))
    ctx.show(table_view(("question", "yes", "why"), [(each.question, each.yes, each.why) for each in answers]))
    score = sum(each.yes for each in answers) / len(answers)
    ctx.progress(f"{sum(each.yes for each in answers)} of {len(answers)} questions answered yes")
    report = "\n\n".join(f"{each.question} No.\n{each.why}" for each in answers if not each.yes)
    listed = [{"question": each.question, "yes": each.yes, "why": each.why} for each in answers]
    outputs = {"report": report, "score": score, "answers": listed}
    return Route("passed" if score >= config.share else "failed", outputs)


async def _made(task: str, config: VerifyByModelConfig, ctx: Context) -> list[str]:
    if not task:
        raise NodeError(
            "There are no questions, and no task to write them for", mend="Write questions, or wire a task."
        )
    asked = MAKE.format(task=task, count=config.made)
    said = await ask_for(ctx.model, [{"role": "user", "content": asked}], Questions, temperature=0)
    return said.questions[: config.made]


async def _checked(question: str, value: str, task: str, config: VerifyByModelConfig, ctx: Context) -> Checked:
    """Prose that ends with yes or no; where it does not, the word is drawn from it."""
    user = ANSWER.format(task=TASK.format(task=task) if task else "", value=value, question=question)
    messages: list[dict[str, Any]] = [{"role": "user", "content": user}]
    reply = await ctx.model.chat(messages, temperature=config.temperature)
    found = _LAST.search(reply.text.strip())
    if found:
        return Checked(question, found[1].lower() == "yes", reply.text.strip()[: found.start()].strip() or found[1])
    messages += [{"role": "assistant", "content": reply.text}, {"role": "user", "content": EXTRACT}]
    said = await ask_for(ctx.model, messages, YesOrNo, temperature=0)
    return Checked(question, said.answer == "yes", reply.text.strip())
