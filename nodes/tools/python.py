"""Runs a Python snippet in a process of its own, without files and without network.

Attach it where a model should compute instead of guess: counting, sorting, dates, small simulations. Code reads
what is given as ``values`` (name -> value), so that "Call a tool" hands it wired values as they are. The
snippet runs in Monty, an interpreter of Python's core made for this: it can import math, re, json,
datetime, collections and a few more, and nothing that reaches outside. Time, memory and output are bounded.

Source: Gao et al. 2023, PAL: Program-aided Language Models (https://arxiv.org/abs/2211.10435). We deviate:
the model chooses when to write a program, and may write several.
"""

from keyword import iskeyword
from typing import Any, Final

from pydantic import BaseModel, Field

from nodes.contract import NodeSpec, Services, Tool, ToolResult
from nodes.snippet_text import clipped, plain, shown, without_fence
from nodes.snippets import Bounds, SnippetResult, run_snippet
from nodes.tools.tool import ToolConfig, built, failure

DESCRIPTION: Final = "Run Python code and get what it prints and the value of its last line. No files, no network."
MAX_VALUES: Final = 50


class PythonConfig(ToolConfig):
    """How much a snippet may use."""

    seconds: float = Field(
        default=5,
        gt=0,
        le=60,
        title="Time",
        description="Longest time a snippet may run.",
        json_schema_extra={"unit": "s"},
    )
    memory_mb: int = Field(
        default=64,
        ge=8,
        le=1_024,
        title="Memory",
        description="The most a snippet may hold.",
        json_schema_extra={"unit": "MB"},
    )
    max_output: int = Field(
        default=8_000, ge=100, le=100_000, title="Longest output",
        description="What it prints and returns is cut there.",
        json_schema_extra={"unit": "characters", "advanced": True},
    )  # fmt: skip


class PythonArguments(BaseModel):
    """What the model sends."""

    code: str = Field(description="Python code; put the result on the last line", min_length=1, max_length=20_000)
    values: dict[str, Any] = Field(
        default_factory=dict, description="Values the code reads by name, instead of writing them into it",
        max_length=MAX_VALUES,
    )  # fmt: skip


def make_python(config: Any, services: Services) -> Tool:
    """The tool."""

    async def work(arguments: PythonArguments) -> ToolResult:
        unfit = next((name for name in arguments.values if not name.isidentifier() or iskeyword(name)), None)
        if unfit is not None:
            return failure(f"The value {unfit!r} cannot be read in Python: name it in letters, digits and _.")
        result = await run_snippet(
            without_fence(arguments.code), seconds=config.seconds, memory_mb=config.memory_mb, inputs=arguments.values,
            bounds=Bounds(wait_seconds=config.seconds, output=config.max_output),
        )  # fmt: skip
        text = _told(result, config.max_output)
        return ToolResult(text=text, data=plain(result.value)) if result.ok else failure(text)

    return built(config, "python", DESCRIPTION, PythonArguments, work)


def _told(result: SnippetResult, limit: int) -> str:
    """What it printed, then its value or its error."""
    last = shown(result.value) if result.ok else result.error
    parts = (result.printed.rstrip("\n"), clipped(last, limit))
    return "\n".join(part for part in parts if part) or "It printed nothing and has no value."


python = NodeSpec(
    kind="tool.python", family="resources", title="Python", summary="Runs a Python snippet, sealed off",
    config=PythonConfig, outcomes=(), provides="tool", make_tool=make_python, icon="code", doc=__doc__ or "",
    source="Gao et al. 2023, PAL, https://arxiv.org/abs/2211.10435",
)  # fmt: skip
