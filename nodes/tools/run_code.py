"""Run a program on values, without a model: code that was kept, found, or written before.

Use it to apply what a workflow has learned: a kept skill to new data, a rule of the world to an action, a scoring
function to candidates. The code is wired in or stands in the settings; it reads each entry of ``values`` by its
name, and its last line is the result. It runs sealed off in Monty, without files and without network, within time
and memory. ``failed`` is the way on where it makes a mistake. For a model that writes its programs itself, use
"Act in code". Calls no model.

Source: Nodeloom; code as the memory of what was learned as in Zhou et al. 2025, WALL-E 2.0.
"""

from collections.abc import Mapping
from keyword import iskeyword
from typing import Any

from pydantic import Field

from nodes.contract import Config, Context, Inputs, NodeError, Port, Route, node
from nodes.snippet_text import plain, without_fence
from nodes.snippets import Bounds, run_snippet


class RunCodeConfig(Config):
    """The program where none is wired in, and what it may use."""

    code: str = Field(
        default="", title="Code", description="Python whose last line is the result; used where none is wired in.",
        max_length=50_000, json_schema_extra={"widget": "code"},
    )  # fmt: skip
    call: str = Field(
        default="", title="Call", description="Last line put below the code, such as predict(situation, action).",
        max_length=2_000, json_schema_extra={"widget": "code"},
    )  # fmt: skip
    seconds: float = Field(
        default=5, gt=0, le=60, title="Time", description="Longest time it may compute.",
        json_schema_extra={"unit": "s", "advanced": True},
    )  # fmt: skip
    memory_mb: int = Field(
        default=64, ge=8, le=1_024, title="Memory", description="The most it may hold.",
        json_schema_extra={"unit": "MB", "advanced": True},
    )  # fmt: skip


@node(
    kind="tools.run_code", family="tools", title="Run code", summary="Apply a program to values, sealed off",
    config=RunCodeConfig,
    inputs=(
        Port("code", "text", "The program; a Markdown fence around it is taken off.", required=False),
        Port("values", "record", "What it reads by name: name -> value.", required=False),
    ),
    outputs=(
        Port("result", "any", "The value of its last line; null where there is none or it failed."),
        Port("printed", "text", "What it printed."),
        Port("error", "text", "What went wrong, with the line; empty when nothing did."),
    ),
    outcomes=("done", "failed"), source="Nodeloom", icon="square-terminal",
)  # fmt: skip
async def run_code(inputs: Inputs, config: RunCodeConfig, ctx: Context) -> Route:
    """Run it once on the values."""
    code = without_fence(inputs.get("code") or config.code)
    program = "\n".join(part for part in (code, config.call) if part.strip())
    if not program:
        raise NodeError("There is no code to run", mend="Wire in a program, or write one in the settings.")
    values: Mapping[str, Any] = inputs.get("values") or {}
    unfit = next((name for name in values if not name.isidentifier() or iskeyword(name)), None)
    if unfit is not None:
        raise NodeError(f"The value {unfit!r} cannot be read in Python", mend="Name it in letters, digits and _.")
    result = await run_snippet(
        program, seconds=config.seconds, memory_mb=config.memory_mb, inputs=values,
        bounds=Bounds(wait_seconds=config.seconds),
    )  # fmt: skip
    where = f"line {result.line}: " if result.line and result.error else ""
    ctx.progress(f"failed: {result.error[:120]}" if result.error else "ran")
    outputs = {"result": plain(result.value), "printed": result.printed, "error": where + result.error}
    return Route("done" if result.ok else "failed", outputs)
