"""Runs a Python snippet in a process of its own, without files and without network.

Attach it where a model should compute instead of guess: counting, sorting, dates, small simulations. The
snippet runs in Monty, an interpreter of Python's core made for this: it can import math, re, json,
datetime, collections and a few more, and nothing that reaches outside. Time, memory and output are bounded.

Source: Gao et al. 2023, PAL: Program-aided Language Models (https://arxiv.org/abs/2211.10435). We deviate:
the model chooses when to write a program, and may write several.
"""

import asyncio
from typing import Any, Final

from pydantic import BaseModel, Field

from nodes.contract import NodeSpec, Services, Tool, ToolResult
from nodes.tools.tool import ToolConfig, built, failure

DESCRIPTION: Final = "Run Python code and get what it prints and the value of its last line. No files, no network."


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


def make_python(config: Any, services: Services) -> Tool:
    """The tool."""

    async def work(arguments: PythonArguments) -> ToolResult:
        # In a thread: Monty's async client aborts the interpreter at exit (7 of 25 runs of version 1.4.0),
        # its blocking one does not (0 of 25). The thread ends with the snippet's time.
        return await asyncio.to_thread(run_snippet, arguments.code, config)

    return built(config, "python", DESCRIPTION, PythonArguments, work)


def run_snippet(code: str, config: PythonConfig) -> ToolResult:
    """What ``code`` prints and the value of its last line; what stops it is said in the result. Blocks."""
    # Loads a native library, and only this tool needs it.
    from pydantic_monty import CollectString, Monty, MontyCrashedError, MontyError, ResourceLimits

    limits = ResourceLimits(
        max_feed_duration_secs=config.seconds,
        max_memory=config.memory_mb * 2**20,
        max_total_sleep_secs=config.seconds,
    )
    printed = CollectString(max_bytes=4 * config.max_output + 65_536)
    try:
        # A pool of one for each snippet: 3 ms, and nothing is left over for the next one.
        with (
            Monty(max_processes=1, request_timeout=2 * config.seconds + 2) as pool,
            pool.checkout(limits=limits) as session,
        ):
            value = session.feed_run(_without_fence(code), print_callback=printed)
    except MontyCrashedError as error:
        return failure(_told(printed.output, f"The snippet was stopped: {error}", config))
    except MontyError as error:
        return failure(_told(printed.output, _explained(error, config), config))
    shown = "" if value is None else _shown(value)
    text = _told(printed.output, shown, config) or "It printed nothing and has no value."
    return ToolResult(text=text, data=_data(value))


def _explained(error: Exception, config: PythonConfig) -> str:
    text = str(error)
    if text.startswith("TimeoutError"):
        return f"The snippet took longer than {config.seconds:g} s and was stopped ({text})"
    if text.startswith("MemoryError"):
        return f"The snippet held more than {config.memory_mb} MB, or printed too much, and was stopped ({text})"
    return text


def _told(printed: str, last: str, config: PythonConfig) -> str:
    text = "\n".join(part for part in (printed.rstrip("\n"), last) if part)
    cut = text[: config.max_output]
    return cut if len(cut) == len(text) else f"{cut}\n[cut: {len(text):,} characters in all]"


def _without_fence(code: str) -> str:
    """Small models wrap code in a Markdown fence even in an argument."""
    lines = code.strip().splitlines()
    return "\n".join(lines[1:-1]) if len(lines) > 2 and lines[0].startswith("```") and lines[-1] == "```" else code


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else repr(value)


def _data(value: Any) -> Any:
    """The value as JSON-like data: tuples and sets become lists, what has no JSON form its text."""
    if isinstance(value, dict):
        return {str(key): _data(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_data(item) for item in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


python = NodeSpec(
    kind="tool.python", family="resources", title="Python", summary="Runs a Python snippet, sealed off",
    config=PythonConfig, outcomes=(), provides="tool", make_tool=make_python, icon="code", doc=__doc__ or "",
    source="Gao et al. 2023, PAL, https://arxiv.org/abs/2211.10435",
)  # fmt: skip
