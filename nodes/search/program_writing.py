"""Writing programs for the search over them: strategies, first programs, and mended ones."""

from functools import partial
from typing import Any, Final

from pydantic import Field

from nodes.answers import ask_for
from nodes.bounded import together
from nodes.contract import Attach, Config, Context, Port
from nodes.search.domain import proposals_schema
from nodes.search.sockets import wrong
from nodes.search.tree import SearchNode
from nodes.snippet_text import code_in

STRATEGIES: Final = """You plan how a program can be written. Name different ways of solving the task, a short sentence
each: which algorithm, which data. Write no code."""
WRITING: Final = """You write Python programs. Answer with the whole program in one code block and nothing else. Use the
standard library only; define what the task asks for, and do not read input."""
WRITE: Final = "Task:\n{task}\n\nGo about it in this way: {strategy}"
FIX: Final = """Task:
{task}

This program does not pass:
{program}

What went wrong:
{errors}

Write the whole program again, mended. This is attempt {attempt}: go about it differently than the others would."""
PROPOSE: Final = Attach(
    "propose", "workflow", description="Writes programs; else the model does.",
    takes=(
        Port("problem", "text", "The task."),
        Port("program", "text", "The program to mend; '' at first."),
        Port("feedback", "text", "What went wrong with it."),
        Port("count", "number", "How many programs are wanted."),
    ),
    gives=(Port("programs", "list[text]", "Whole programs."),),
)  # fmt: skip


class WritingConfig(Config):
    """How programs are written."""

    writing: str = Field(
        default=WRITING, title="How to write", description="What the model is told when nothing is at `propose`.",
        max_length=20_000, json_schema_extra={"widget": "textarea", "advanced": True},
    )  # fmt: skip
    temperature: float | None = Field(
        default=0.7, ge=0, le=2, title="Temperature", description="Of programs; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


async def written(
    task: str, current: SearchNode, count: int, config: WritingConfig, ctx: Context
) -> list[tuple[str, str]]:
    """``count`` programs below ``current``: how each goes about it, and the program; '' for none."""
    part = ctx.subworkflow("propose")
    if part is not None:
        given = {"problem": task, "program": current.situation, "feedback": current.feedback, "count": count}
        said = (await part.run(given)).get("programs")
        if not isinstance(said, list):
            raise wrong("propose", "programs", said, "a list of programs")
        return [
            (f"program {number}", (code_in(str(program)) or str(program)).strip())
            for number, program in enumerate(said[:count], start=1)
        ]
    first = current.parent is None
    actions = await _strategies(task, count, ctx) if first else [f"fix {n + 1}" for n in range(count)]
    prompts = [
        WRITE.format(task=task, strategy=action) if first
        else FIX.format(task=task, program=current.situation, errors=current.feedback, attempt=number)
        for number, action in enumerate(actions, start=1)
    ]  # fmt: skip
    return list(zip(actions, await together(partial(_write, config, ctx), prompts, limit=2), strict=True))


async def _strategies(task: str, count: int, ctx: Context) -> list[str]:
    if count == 1:
        return ["the plainest way"]
    user = f"Task:\n{task}\n\nName {count} ways."
    messages = [{"role": "system", "content": STRATEGIES}, {"role": "user", "content": user}]
    answer: Any = await ask_for(ctx.model, messages, proposals_schema(count), temperature=0)
    return list(dict.fromkeys(each.strip() for each in answer.steps if each.strip()))[:count]


async def _write(config: WritingConfig, ctx: Context, user: str) -> str:
    messages = [{"role": "system", "content": config.writing}, {"role": "user", "content": user}]
    text = (await ctx.model.chat(messages, temperature=config.temperature)).text
    return (code_in(text) or text).strip()
