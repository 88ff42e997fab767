"""Plan a task with the attached tools and try the plan out, with nothing done for real.

Use it before tools that cannot be undone, cost money, or take long: send, pay, delete. The model writes the plan
as a short program that calls the tools; it runs sealed off, and each call is checked against the tool's schema
and answered by a model that plays the tool. What is wrong is told and the plan is written again. A plan that runs
through leaves by ``valid``, with its calls listed for a person or a judge to approve; no tool was called.

Source: Kumar et al. 2024, SwissNYF: Tool Grounded LLM Agents for Black Box Setting
(https://arxiv.org/abs/2402.10051), its TOPGUN planner and verifier; tools played as in Ruan et al. 2023, ToolEmu
(https://arxiv.org/abs/2309.15817). We deviate: pseudo-functions are not synthesised as code, they are played.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import Field

from nodes.contract import Attach, Config, Context, Inputs, NodeError, Port, Route, Tool, node
from nodes.snippet_text import clipped, plain, program_in, shown
from nodes.snippets import Bounds, CallRefused, SnippetFunction, SnippetResult, run_snippet
from nodes.templating import Template, render
from nodes.tools.as_functions import arguments_of, named, signatures
from nodes.tools.emulation import emulated
from nodes.views import table_view

PLAN: Final = """Plan this task as a short Python program that calls the functions below; call each as often as needed.
Put the result on the last line. Answer with the program in a ```python block and nothing else.

Functions:
{functions}

Task: {task}"""
AGAIN: Final = "The plan does not work:\n{problems}\n\nWrite the whole program again without these mistakes."
NO_PROGRAM: Final = "there is no program in a ```python block"
NO_CALL: Final = "the program calls none of the functions"


class DryRunConfig(Config):
    """The task, and how hard a plan is sought."""

    prompt: Template = Field(
        default="{{task}}", title="Task", description="What is to be planned; {{name}} makes an input.",
        max_length=100_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    max_attempts: int = Field(
        default=3, ge=1, le=10, title="Attempts", description="How often the plan is written at most.",
        json_schema_extra={"unit": "attempts"},
    )  # fmt: skip
    max_calls: int = Field(
        default=10, ge=1, le=100, title="Tool calls", description="The most one plan may make.",
        json_schema_extra={"unit": "calls"},
    )  # fmt: skip
    seconds: float = Field(
        default=5, gt=0, le=60, title="Time", description="Longest time a plan may compute.",
        json_schema_extra={"unit": "s", "advanced": True},
    )  # fmt: skip
    wait_seconds: float = Field(
        default=300, gt=0, le=3_600, title="Waiting", description="Longest time a plan may wait for the played tools.",
        json_schema_extra={"unit": "s", "advanced": True},
    )  # fmt: skip


@dataclass
class _Trial:
    """One plan and what came of it."""

    code: str
    calls: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    problems: list[str] = field(default_factory=list[str])
    result: str = ""


@node(
    kind="tools.dry_run", family="tools", title="Dry run", summary="Plan tool calls and try them with played tools",
    config=DryRunConfig,
    outputs=(
        Port("calls", "list[record]", "The calls in order: tool, arguments, and the result as it was played."),
        Port("code", "text", "The plan as a program."),
        Port("result", "text", "What the plan came to, with the results as they were played."),
        Port("problems", "list[text]", "What is wrong with the last plan; empty when it is valid."),
    ),
    outcomes=("valid", "invalid"),
    attaches=(Attach("model", "model"), Attach("tools", "tool", required=True, many=True)),
    template_fields=("prompt",), model_calls="1 to max_attempts x (1 + max_calls)", icon="plane-takeoff",
    source="Kumar et al. 2024, SwissNYF, https://arxiv.org/abs/2402.10051",
)  # fmt: skip
async def dry_run(inputs: Inputs, config: DryRunConfig, ctx: Context) -> Route:
    """Write the plan, try it, tell what is wrong; until it works or the attempts are used up."""
    task = render(config.prompt, inputs)
    if not task.strip():
        raise NodeError("The task is empty once its values are written in", mend="Write a task, or wire its inputs.")
    if not ctx.tools:
        raise NodeError("No tool is attached", mend="Attach the tools the plan may use below this node.")
    asked = PLAN.format(functions=signatures(ctx.tools), task=task)
    messages: list[dict[str, Any]] = [{"role": "user", "content": asked}]
    trial = _Trial("")
    for number in range(1, config.max_attempts + 1):
        reply = await ctx.model.chat(messages, temperature=0 if number == 1 else None)
        trial = await _tried(program_in(reply.text), config, ctx)
        ctx.progress(f"plan {number}: {len(trial.calls)} calls, {len(trial.problems)} problems")
        ctx.show(table_view(("tool", "arguments", "played result"), [_row(call) for call in trial.calls], title="Plan"))
        if not trial.problems:
            break
        problems = "\n".join(f"- {problem}" for problem in trial.problems)
        messages += [
            {"role": "assistant", "content": reply.text},
            {"role": "user", "content": AGAIN.format(problems=problems)},
        ]
    return Route("invalid" if trial.problems else "valid", {
        "calls": trial.calls, "code": trial.code, "result": trial.result, "problems": trial.problems,
    })  # fmt: skip


async def _tried(code: str | None, config: DryRunConfig, ctx: Context) -> _Trial:
    trial = _Trial(code or "")
    if code is None:
        trial.problems.append(NO_PROGRAM)
        return trial
    functions = {name: _played(name, tool, trial, ctx) for name, tool in named(ctx.tools).items()}
    bounds = Bounds(wait_seconds=config.wait_seconds, calls=config.max_calls)
    ran = await run_snippet(code, seconds=config.seconds, memory_mb=64, functions=functions, bounds=bounds)
    trial.problems += _problems(ran, trial)
    trial.result = clipped("\n".join(part for part in (ran.printed.strip(), shown(ran.value)) if part), 4_000)
    return trial


def _problems(ran: SnippetResult, trial: _Trial) -> list[str]:
    """A call refused is a problem even where the program caught it; its error is then not told twice."""
    if not ran.ok and not any(problem in ran.error for problem in trial.problems):
        return [f"line {ran.line}: {ran.error}" if ran.line else ran.error]
    return [] if trial.calls or trial.problems else [NO_CALL]


def _played(name: str, tool: Tool, trial: _Trial, ctx: Context) -> SnippetFunction:
    """The tool as a function whose calls are checked and played, never made."""

    async def call(*args: Any, **kwargs: Any) -> Any:
        try:
            arguments = arguments_of(name, tool, args, kwargs)
        except CallRefused as refused:
            trial.problems.append(str(refused))
            raise
        earlier = [(each["arguments"], str(each["result"])) for each in trial.calls if each["tool"] == tool.name]
        result = await emulated(tool, arguments, earlier, ctx.model)
        if result.failed:
            trial.problems.append(result.text)
            raise CallRefused(result.text)
        trial.calls.append({"tool": tool.name, "arguments": plain(arguments), "result": result.text})
        return result.text if result.data is None else result.data

    return call


def _row(call: Mapping[str, Any]) -> tuple[str, str, str]:
    given = ", ".join(f"{name}={value!r}" for name, value in call["arguments"].items())
    return call["tool"], given, clipped(call["result"], 300)
