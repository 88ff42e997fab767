"""The tools that were made and kept in a memory space, as one tool.

Attach it to an agent, and attach the memory space in which "Create a tool" keeps what it makes. Called without
a name it lists the tools there are, called with one it runs that tool. Each runs sealed off: without files,
without network, for a bounded time.

Source: Qiu et al. 2025, Alita: Generalist Agent Enabling Scalable Agentic Reasoning with Minimal Predefinition
and Maximal Self-Evolution (https://arxiv.org/abs/2505.20286). We deviate: a kept tool is a snippet in a memory
space, not a server of its own; and one tool stands for all, so that a prompt does not grow with each one made.
"""

import difflib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from pydantic import BaseModel, Field

from nodes.contract import Attach, Attached, NodeError, NodeSpec, Tool, ToolResult
from nodes.tools.as_functions import signatures
from nodes.tools.snippet_tool import SnippetTool, kept_tools
from nodes.tools.tool import ToolConfig, built, failure

DESCRIPTION: Final = "Use a tool made earlier. Without a name it lists them; then call it with name and arguments."


class KeptConfig(ToolConfig):
    """Which of them, and what they may use."""

    only_trusted: bool = Field(
        default=True, title="Only approved", description="Leave out tools that wait for approval in the memory."
    )
    seconds: float = Field(
        default=5, gt=0, le=60, title="Time", description="Longest time a call may compute.",
        json_schema_extra={"unit": "s", "advanced": True},
    )  # fmt: skip
    memory_mb: int = Field(
        default=64, ge=8, le=1_024, title="Memory", description="The most a call may hold.",
        json_schema_extra={"unit": "MB", "advanced": True},
    )  # fmt: skip


class KeptArguments(BaseModel):
    """What the model sends."""

    name: str = Field(default="", description="which tool; empty: list them", max_length=100)
    arguments: dict[str, Any] = Field(default_factory=dict, description="its arguments by name")


def make_kept(config: Any, attached: Attached) -> Tool:
    """The tool. Raises NodeError where no memory space is attached."""
    memory = attached.memory
    if memory is None:
        raise NodeError("The kept tools have no memory space", mend="Attach the space in which they are kept.")

    async def work(arguments: KeptArguments) -> ToolResult:
        tools = await kept_tools(memory, only_trusted=config.only_trusted)
        if not arguments.name:
            return _listed(tools)
        tool = next((each for each in tools if each.name == arguments.name), None)
        if tool is None:
            return failure(_unknown(arguments.name, tools))
        return await replace(tool, seconds=config.seconds, memory_mb=config.memory_mb).call(arguments.arguments)

    return built(config, "kept_tools", DESCRIPTION, KeptArguments, work)


def _listed(tools: Sequence[SnippetTool]) -> ToolResult:
    return ToolResult(signatures(tools) or "No tool has been kept yet.", [tool.name for tool in tools])


def _unknown(name: str, tools: Sequence[SnippetTool]) -> str:
    names = [tool.name for tool in tools]
    near = difflib.get_close_matches(name, names, n=1)
    return f"There is no tool {name!r}; {f'did you mean {near[0]!r}?' if near else 'call without a name to list them'}"


kept = NodeSpec(
    kind="tool.kept", family="resources", title="Kept tools", summary="Offers the tools kept in a memory space",
    config=KeptConfig, outcomes=(), provides="tool", make_tool=make_kept,
    attaches=(Attach("memory", "memory", required=True),), icon="toolbox", doc=__doc__ or "",
    source="Qiu et al. 2025, Alita, https://arxiv.org/abs/2505.20286",
)  # fmt: skip
