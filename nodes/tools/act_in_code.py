"""An agent that acts by writing Python: it writes a program, sees what comes of it, and writes the next.

Use it for tasks that need computing, or several tools worked together: one program can call a tool for each
item of a list and combine what comes back. The attached tools are functions of the program, which runs
sealed off, without files and without network. Names live on from program to program. It ends with
``final_answer(...)``, with an answer without a program, with the same program written twice, or after
``max_turns`` with what the last program printed.

Source: Wang et al. 2024, Executable Code Actions Elicit Better LLM Agents (CodeAct,
https://arxiv.org/abs/2402.01030). We deviate: programs run in Monty, a sealed subset of Python; a program's
output can be the answer, since small models forget to say it; and a program that gives the name of a tool
another meaning is refused, since its calls would look like the tool's and never reach it.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import Field

from nodes.contract import Attach, Config, Context, Inputs, NodeError, Outputs, Port, node
from nodes.snippet_text import clipped, plain, program_in, shown, up_to_code
from nodes.snippets import Bounds, SnippetFunction, SnippetResult, SnippetSession
from nodes.templating import Template, as_text, render
from nodes.tools.as_functions import functions_of, signatures
from nodes.tools.prompt import messages_of
from nodes.views import chat_view

SYSTEM: Final = """You solve tasks by writing Python. Write one short program like this:
```python
total = sum(n * n for n in range(1, 11))
final_answer(total)
```
It is run and you are shown what it prints. Call final_answer(...) with the answer once you have computed it."""
FUNCTIONS: Final = "\n\nYour program can also call these functions:\n{functions}"
SEEN: Final = "Output:\n{text}\n\nIf this solves the task, say the answer in words. If not, write the next program."
FAILED: Final = "{text}\n\nWrite the program again without this mistake."
NOTHING: Final = "It printed nothing. Call final_answer(...) with the answer, or print(...) what you need to know."
FORGOT: Final = " Names from earlier programs are gone."
EMPTY: Final = "Write a program in a ```python block, or say the answer."


class ActInCodeConfig(Config):
    """The task, and what programs may use."""

    prompt: Template = Field(
        default="{{task}}", title="Task", description="What is to be done; {{name}} makes an input.",
        max_length=100_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    max_turns: int = Field(
        default=6, ge=1, le=30, title="Turns", description="The most programs or answers it may write.",
        json_schema_extra={"unit": "turns"},
    )  # fmt: skip
    output_is_answer: bool = Field(
        default=False, title="Output is the answer",
        description="End with the first program that prints something and makes no mistake.",
    )  # fmt: skip
    system: Template = Field(
        default=SYSTEM, title="System", description="How programs are to be written; the tools are added.",
        max_length=20_000, json_schema_extra={"widget": "prompt", "advanced": True},
    )  # fmt: skip
    seconds: float = Field(
        default=5, gt=0, le=60, title="Time", description="Longest time a program may compute.",
        json_schema_extra={"unit": "s", "advanced": True},
    )  # fmt: skip
    wait_seconds: float = Field(
        default=60, gt=0, le=600, title="Waiting", description="Longest time a program may wait for its tools, in all.",
        json_schema_extra={"unit": "s", "advanced": True},
    )  # fmt: skip
    memory_mb: int = Field(
        default=64, ge=8, le=1_024, title="Memory", description="The most a program may hold.",
        json_schema_extra={"unit": "MB", "advanced": True},
    )  # fmt: skip
    max_calls: int = Field(
        default=30, ge=1, le=1_000, title="Tool calls", description="The most one program may make.",
        json_schema_extra={"unit": "calls", "advanced": True},
    )  # fmt: skip
    max_output: int = Field(
        default=2_000, ge=100, le=50_000, title="Longest output", description="What a program prints is cut there.",
        json_schema_extra={"unit": "characters", "advanced": True},
    )  # fmt: skip
    temperature: float | None = Field(
        default=0, ge=0, le=2, title="Temperature", description="0: the same each time; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


class _Answered(Exception):
    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


async def final_answer(*values: Any) -> None:
    """What a program calls to end the work with one value, or several as a list."""
    raise _Answered(values[0] if len(values) == 1 else list(values))


@dataclass
class _Work:
    """What was said and run so far."""

    messages: list[dict[str, Any]]
    said: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    programs: list[str] = field(default_factory=list[str])
    printed: str = ""
    """Of the last program, where it made no mistake."""

    def add(self, speaker: str, text: str, ctx: Context) -> None:
        self.messages.append({"role": "assistant" if speaker == "model" else "user", "content": text})
        self.said.append({"speaker": speaker, "text": text})
        ctx.show(chat_view(self.said))


@node(
    kind="tools.act_in_code", family="tools", title="Act in code", summary="Work by writing and running programs",
    config=ActInCodeConfig,
    outputs=(
        Port("answer", "text", "The answer as text."),
        Port("value", "any", "The answer as the program gave it; the same text where it was said in words."),
        Port("code", "text", "The last program; empty where none was needed."),
        Port("messages", "messages", "Everything that was said, with what the programs printed."),
    ),
    attaches=(Attach("model", "model"), Attach("tools", "tool", many=True), Attach("policies", "policy", many=True)),
    template_fields=("prompt", "system"), model_calls="1 to max_turns", icon="square-code",
    source="Wang et al. 2024, Executable Code Actions Elicit Better LLM Agents, https://arxiv.org/abs/2402.01030",
)  # fmt: skip
async def act_in_code(inputs: Inputs, config: ActInCodeConfig, ctx: Context) -> Outputs:
    """Think, write a program, run it, look at what came of it; until there is an answer."""
    task = render(config.prompt, inputs)
    if not task.strip():
        raise NodeError("The task is empty once its values are written in", mend="Write a task, or wire its inputs.")
    work = _Work(messages_of(_system(config, inputs, ctx), task))
    functions: dict[str, SnippetFunction] = {**functions_of(ctx.tools, ctx), "final_answer": final_answer}
    bounds = Bounds(wait_seconds=config.wait_seconds, calls=config.max_calls, output=config.max_output)
    async with SnippetSession(
        seconds=config.seconds, memory_mb=config.memory_mb, functions=functions, bounds=bounds
    ) as session:
        for turn in range(1, config.max_turns + 1):
            answer = await _turn(turn, work, session, config, ctx)
            if answer is not None:
                return _outputs(answer, work)
    if not work.printed:
        raise NodeError(
            f"No answer after {config.max_turns} turns; the last program: {clipped(work.messages[-1]['content'], 300)}",
            mend="Raise 'Turns', make the task smaller, or use a stronger model.",
        )
    return _outputs(work.printed, work)


def _system(config: ActInCodeConfig, inputs: Inputs, ctx: Context) -> str:
    system = render(config.system, inputs)
    return system + FUNCTIONS.format(functions=signatures(ctx.tools)) if ctx.tools else system


async def _turn(turn: int, work: _Work, session: SnippetSession, config: ActInCodeConfig, ctx: Context) -> Any:
    """The answer, or None where another turn is needed."""
    reply = (await ctx.model.chat(work.messages, temperature=config.temperature)).text.strip()
    work.add("model", up_to_code(reply), ctx)
    code = program_in(reply)
    if code is None:
        if not reply:
            work.add("program", EMPTY, ctx)
        return reply or None
    if code in work.programs and work.printed:
        return work.printed
    work.programs.append(code)
    ctx.progress(f"turn {turn}: a program of {len(code.splitlines())} lines")
    try:
        result = await session.run(code)
    except _Answered as answered:
        return "" if answered.value is None else plain(answered.value)
    return _seen(result, session.forgot, work, config, ctx)


def _seen(result: SnippetResult, forgot: bool, work: _Work, config: ActInCodeConfig, ctx: Context) -> str | None:
    """What the model is shown of a program; the answer, where its output is one."""
    parts = (result.printed.strip("\n"), clipped(shown(result.value), config.max_output))
    printed = "\n".join(part for part in parts if part)
    work.printed = printed if result.ok else ""
    if result.ok and printed and config.output_is_answer:
        work.add("program", printed, ctx)
        return printed
    if result.ok:
        work.add("program", SEEN.format(text=printed) if printed else NOTHING, ctx)
        return None
    where = f"Error on line {result.line}" if result.line else "Error"
    text = f"{printed}\n{where}: {result.error}{FORGOT if forgot else ''}".strip()
    work.add("program", FAILED.format(text=text), ctx)
    return None


def _outputs(value: Any, work: _Work) -> Outputs:
    code = work.programs[-1] if work.programs else ""
    return {"answer": as_text(value), "value": value, "code": code, "messages": work.messages}
