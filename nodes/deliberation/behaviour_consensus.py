"""Of several programs, take the one that behaves most like the others.

Use it to choose among programs without tests: several candidates run on the same calls, and the one whose
results agree most with the others' wins. Candidates that are wired in are compared as they are; else the
model writes ``samples`` of them. Calls that are not wired in are written by the model as well. Programs
run in Monty, an interpreter of Python's core without files and without network.

Source: Chen et al. 2024, Divide-and-Conquer Meets Consensus: Unleashing the Power of Functions in Code
Generation (FunCoder, https://arxiv.org/abs/2405.20092), functional consensus. We deviate: a call that
fails agrees with nothing, not even with the same failure.
"""

import ast
from collections.abc import Sequence
from typing import Any, Final

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.bounded import together
from nodes.contract import Attach, Config, Context, Inputs, NodeError, Outputs, Port, node
from nodes.snippet_text import code_in
from nodes.snippets import run_snippet
from nodes.teams.members import user
from nodes.templating import Template, as_text, render
from nodes.views import table_view

PROMPT: Final = """{{task}}

Write the whole Python function, with its imports. Answer with one Python code block and nothing else."""
CASES: Final = """{task}

Write {count} different calls of this function to try it with, each one line of Python like f([1, 2], 3).
Use plain values as arguments, edge cases too. Do not write results."""
FAILED: Final = "failed: "
MEMORY_MB: Final = 128


class BehaviourConfig(Config):
    """How many programs are written, and on how many calls they are compared."""

    prompt: Template = Field(
        default=PROMPT, title="Prompt", description="Asks for a program; {{name}} makes an input.",
        max_length=50_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    samples: int = Field(
        default=5, ge=2, le=20, title="Samples", description="Programs the model writes where none are wired in.",
        json_schema_extra={"unit": "programs"},
    )  # fmt: skip
    cases: int = Field(
        default=6, ge=1, le=30, title="Calls", description="Calls the model writes where none are wired in.",
        json_schema_extra={"unit": "calls"},
    )  # fmt: skip
    seconds: float = Field(
        default=3, gt=0, le=60, title="Time", description="The longest one call may take.",
        json_schema_extra={"unit": "s"},
    )  # fmt: skip
    temperature: float = Field(
        default=0.8, ge=0, le=2, title="Temperature", description="Of the programs; 0 makes all of them the same."
    )


class Calls(BaseModel):
    """Calls to compare the programs on."""

    calls: list[str] = Field(description="One call of the function each, as Python.")


@node(
    kind="deliberation.behaviour_consensus", family="deliberation", title="Behaviour consensus",
    summary="Of several programs, the one that behaves like most", config=BehaviourConfig,
    inputs=(
        Port("task", "any", "What the function is to do: signature and description."),
        Port("programs", "list[text]", "The candidates; the model's where none are wired.", required=False),
        Port("calls", "list[text]", "Calls to compare them on, as Python; else the model's.", required=False),
    ),
    outputs=(
        Port("program", "text", "The winner; of equals the one that ran more calls, then the first."),
        Port("agreement", "number", "Mean share of calls on which it agrees with another program, 0 to 1."),
        Port("results", "list[record]", "Each program: program, similarity, results (one for each call)."),
    ),
    attaches=(Attach("model", "model"),), template_fields=("prompt",),
    model_calls="samples + 1; 1 less where calls are wired, 0 where programs are too", icon="square-function",
    source="Chen et al. 2024, FunCoder, https://arxiv.org/abs/2405.20092",
)  # fmt: skip
async def behaviour_consensus(inputs: Inputs, config: BehaviourConfig, ctx: Context) -> Outputs:
    """Get programs and calls, run each on each, take the one most like the others."""
    programs = [code_in(each) or each for each in inputs.get("programs") or await _written(inputs, config, ctx)]
    calls = _calls(inputs.get("calls") or await _tried(as_text(inputs["task"]), config, ctx))
    if not programs:
        raise NodeError("There is no program to compare", mend="Wire in programs, or leave the port open.")
    results = await together(lambda program: _run(program, calls, config), programs, limit=2)
    scores = [_similarity(i, results) for i in range(len(programs))]
    best = max(range(len(programs)), key=lambda i: (scores[i], _ran(results[i])))
    _show(calls, results, scores, best, ctx)
    return {
        "program": programs[best], "agreement": scores[best],
        "results": [
            {"program": program, "similarity": score, "results": result}
            for program, score, result in zip(programs, scores, results, strict=True)
        ],
    }  # fmt: skip


async def _written(inputs: Inputs, config: BehaviourConfig, ctx: Context) -> list[str]:
    """Programs by the model, in the order they were asked for."""
    if not as_text(inputs["task"]).strip():
        raise NodeError("The task is empty", mend="Wire in what the function is to do.")
    prompt = render(config.prompt, inputs)

    async def program(number: int) -> str:
        reply = await ctx.model.chat([user(prompt)], temperature=config.temperature, stream=False)
        ctx.progress(f"program {number} of {config.samples} is written")
        return reply.text

    return await together(program, range(1, config.samples + 1))


async def _tried(task: str, config: BehaviourConfig, ctx: Context) -> list[str]:
    asked = CASES.format(task=task, count=config.cases)
    return (await ask_for(ctx.model, [user(asked)], Calls, temperature=0.3)).calls[: config.cases]


def _calls(written: Sequence[str]) -> list[str]:
    """Those that are one Python expression, each once. Raises NodeError where none is."""
    calls = list(dict.fromkeys(each.strip() for each in written if _is_expression(each)))
    if not calls:
        raise NodeError(
            f"None of the calls is a Python expression: {[each[:60] for each in written][:5]}",
            mend="Wire calls like f(1, 2), or use a stronger model.",
        )
    return calls


def _is_expression(text: str) -> bool:
    try:
        return bool(ast.parse(text.strip(), mode="eval"))
    except (SyntaxError, ValueError, RecursionError):
        return False


async def _run(program: str, calls: Sequence[str], config: BehaviourConfig) -> list[str]:
    """The result of each call as Python writes it, or why it failed; each call in a process of its own."""
    found: list[str] = []
    for call in calls:
        result = await run_snippet(f"{program}\n\nrepr({call})", seconds=config.seconds, memory_mb=MEMORY_MB)
        found.append(str(result.value) if result.ok else f"{FAILED}{result.error[:300]}")
    return found


def _similarity(i: int, results: Sequence[Sequence[str]]) -> float:
    """Mean share of calls on which program ``i`` gives the same result as another."""
    mine = results[i]
    others = [other for j, other in enumerate(results) if j != i]
    shares = [sum(_same(a, b) for a, b in zip(mine, other, strict=True)) / len(mine) for other in others]
    return sum(shares) / len(shares) if shares else _ran(mine)


def _same(one: str, other: str) -> bool:
    return one == other and not one.startswith(FAILED)


def _ran(result: Sequence[str]) -> float:
    return sum(not each.startswith(FAILED) for each in result) / len(result)


def _show(
    calls: Sequence[str], results: Sequence[Sequence[str]], scores: Sequence[float], best: int, ctx: Context
) -> None:
    columns = ["call", *(f"program {i + 1}{' (wins)' if i == best else ''}" for i in range(len(results)))]
    rows: list[list[Any]] = [[call, *(result[n][:80] for result in results)] for n, call in enumerate(calls)]
    rows.append(["similarity", *(round(score, 2) for score in scores)])
    ctx.show(table_view(columns, rows, title="What the programs give"))
    ctx.progress(f"program {best + 1} agrees on {scores[best]:.0%} of the calls")
