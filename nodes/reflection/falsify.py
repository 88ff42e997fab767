"""Try to refute a program: find an example on which it fails, and check that it really does.

Use it where tests pass and one still doubts. The model looks for an example, knowing those that failed to refute;
a snippet, not the model, decides: it runs ``check`` on the example, in a sealed interpreter. ``check(...)`` is Python
that calls the program and is true where its result is right: a brute-force solution, a property, a known bound.
Where none is wired in the model writes it from the task first; then a refutation is only as good as that check.

Source: Sinha et al. 2025, Can Language Models Falsify? Evaluating Algorithmic Reasoning with Counterexample Creation,
REFUTE (https://arxiv.org/abs/2502.19414). We deviate: there the examples come from the model as code that writes
an input file; here they are literals, and several rounds are tried.
"""

import ast
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.contract import Attach, Config, Context, Inputs, NodeError, Port, Route, node
from nodes.snippet_tests import memory_field, seconds_field
from nodes.snippet_text import code_in, without_fence
from nodes.snippets import run_snippet
from nodes.templating import as_text
from nodes.views import table_view

CHECK: Final = """Task:
{task}

Program:
{program}

Write a Python function `check` with the same arguments as the program's main function. It calls that function and
returns True where its result is right, False where it is wrong. Do not copy the program: find the right result in
another way, by trying all possibilities or by a property every right result has. Answer with one code block."""
SEARCH: Final = """Task:
{task}

Program:
{program}

The program may be wrong. {tried}Look for an example that it gets wrong: think of empty, single, equal, negative, large
and unordered input, and step through the program by hand. Which example would you try next, and why?"""
TRIED: Final = "It is right on these:\n{examples}\n"
EXAMPLE: Final = """Write the example as the arguments of the function, Python literals separated by commas.
Example: [3, 1, 2], 5"""


class FalsifyConfig(Config):
    """How long it is tried, and what each run may use."""

    max_rounds: int = Field(
        default=4, ge=1, le=50, title="Rounds", description="How many examples are tried at most.",
        json_schema_extra={"unit": "rounds"},
    )  # fmt: skip
    temperature: float | None = Field(
        default=None, ge=0, le=2, title="Temperature", description="0: the same each time; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    seconds: float = seconds_field()
    memory_mb: int = memory_field()


class Example(BaseModel):
    """One input."""

    arguments: str = Field(description="Python literals separated by commas")


@dataclass(frozen=True)
class Trial:
    """An example and what came of it."""

    example: str
    refutes: bool
    why: str


@node(
    kind="reflection.falsify", family="reflection", title="Falsify",
    summary="Find an example that a program gets wrong",
    config=FalsifyConfig,
    inputs=(
        Port("program", "text", "The program; of an answer with a code fence, the code in it."),
        Port("task", "any", "What the program is to do."),
        Port("check", "text", "Python that defines check(...): true where the program is right.", required=False),
    ),
    outputs=(
        Port("example", "text", "The arguments on which it fails; empty when it survived."),
        Port("report", "text", "How it fails, for whoever mends it; empty when it survived."),
        Port("tried", "list[text]", "All examples tried, in order."),
        Port("check", "text", "The check that decided."),
    ),
    outcomes=("survived", "refuted"), attaches=(Attach("model", "model"),),
    model_calls="2 x max_rounds at most; 1 more without a check", icon="bug",
    source="Sinha et al. 2025, REFUTE, https://arxiv.org/abs/2502.19414",
)  # fmt: skip
async def falsify(inputs: Inputs, config: FalsifyConfig, ctx: Context) -> Route:
    """Have a check that runs, then try example after example."""
    program, task = code_in(inputs["program"]) or inputs["program"], as_text(inputs["task"])
    check = without_fence(inputs.get("check", "")).strip() or await _written(program, task, config, ctx)
    await _loads(program, check, config)
    trials: list[Trial] = []
    while len(trials) < config.max_rounds and not (trials and trials[-1].refutes):
        example = await _proposed(program, task, trials, config, ctx)
        trials.append(await _tried(program, check, example, config))
        rows = [(trial.example, trial.refutes, trial.why) for trial in trials]
        ctx.show(table_view(("example", "refutes", "what came of it"), rows, title="Examples tried"))
        ctx.progress(f"round {len(trials)} of {config.max_rounds}: {example[:80]} {trials[-1].why[:80]}")
    last = trials[-1]
    outputs = {"tried": [trial.example for trial in trials], "check": check, "example": "", "report": ""}
    if not last.refutes:
        return Route("survived", outputs)
    report = f"The program fails on {last.example}: {last.why}"
    return Route("refuted", {**outputs, "example": last.example, "report": report})


async def _written(program: str, task: str, config: FalsifyConfig, ctx: Context) -> str:
    asked = CHECK.format(task=task, program=program)
    reply = await ctx.model.chat([{"role": "user", "content": asked}], temperature=config.temperature)
    return code_in(reply.text) or reply.text


async def _loads(program: str, check: str, config: FalsifyConfig) -> None:
    """The two run together and define ``check``; else every example would seem to refute."""
    code = f"{program}\n\n{check}\n\ncheck"
    result = await run_snippet(code, seconds=config.seconds, memory_mb=config.memory_mb)
    if not result.ok:
        raise NodeError(
            f"The program and its check do not run: {result.error}",
            mend="Wire in a program that runs, and a check such as: def check(n): return double(n) == n + n",
        )


async def _proposed(program: str, task: str, trials: list[Trial], config: FalsifyConfig, ctx: Context) -> str:
    """The next example: prose first, then the arguments."""
    known = "\n".join(f"{trial.example} ({trial.why})" for trial in trials)
    asked = SEARCH.format(task=task, program=program, tried=TRIED.format(examples=known) if known else "")
    messages: list[dict[str, Any]] = [{"role": "user", "content": asked}]
    thought = await ctx.model.chat(messages, temperature=config.temperature)
    messages += [{"role": "assistant", "content": thought.text}, {"role": "user", "content": EXAMPLE}]
    return (await ask_for(ctx.model, messages, Example, temperature=0)).arguments.strip()


async def _tried(program: str, check: str, example: str, config: FalsifyConfig) -> Trial:
    """Run the check on the example. What is no literal is no example, and refutes nothing."""
    try:
        ast.literal_eval(f"({example},)" if example else "()")
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return Trial(example, False, "it is not written as Python literals")
    code = f"{program}\n\n{check}\n\ncheck({example})"
    result = await run_snippet(code, seconds=config.seconds, memory_mb=config.memory_mb)
    if not result.ok:
        return Trial(example, True, result.error)
    return Trial(example, not result.value, "the check holds" if result.value else "the check is false")
