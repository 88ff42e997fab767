"""A tool call between its policies: asked before it, and shown its result; shared by the engine and exported programs.

A policy that breaks counts as a refusal, and a tool that breaks has failed: neither ends the node.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphs.limit_reached import LimitReached
from nodes.contract import Context, Decision, NodeError, Policy, Tool, ToolResult


@dataclass(frozen=True)
class WrappedTool:
    """The face of another tool."""

    tool: Tool

    @property
    def name(self) -> str:
        return self.tool.name

    @property
    def description(self) -> str:
        return self.tool.description

    @property
    def parameters(self) -> dict[str, Any]:
        return self.tool.parameters


@dataclass(frozen=True)
class RoleTool(WrappedTool):
    """A tool that belongs to a role: its calls are the role's, and pass the role's policies too."""

    role: str
    policies: tuple[Policy, ...]

    async def call(self, arguments: Mapping[str, Any]) -> ToolResult:
        return await self.tool.call(arguments)


async def decision_of(policy: Policy, tool: str, arguments: Mapping[str, Any], ctx: Context) -> Decision:
    """What the policy says of the call. Raises LimitReached."""
    try:
        return await policy.before(tool, arguments, ctx)
    except LimitReached:
        raise
    except Exception as error:  # a policy that cannot decide must not let the call pass
        return Decision(False, f"the policy could not decide: {error}")


def refused(policy: str, tool: str, reason: str, fallback: str | None = None) -> ToolResult:
    """What a call comes to that the policy does not let pass; ``fallback`` stands for its result."""
    text = f"The policy {policy!r} does not allow this call of {tool}{': ' + reason if reason else '.'}"
    return ToolResult(text, failed=True) if fallback is None else ToolResult(fallback)


async def called(tool: Tool, arguments: Mapping[str, Any]) -> ToolResult:
    """Run the tool; what it breaks with is a failed result. Raises LimitReached."""
    try:
        return await tool.call(arguments)
    except (asyncio.CancelledError, LimitReached):
        raise
    except NodeError as error:
        return ToolResult(f"{error.what}. {error.mend}".strip(), failed=True)
    except Exception as error:  # a tool is foreign code: its fault must not end the node
        return ToolResult(f"{tool.name} broke: {type(error).__name__}: {error}", failed=True)


async def passed_on(policy: Policy, tool: str, result: ToolResult, ctx: Context) -> ToolResult:
    """The result as the policy lets it pass, changed or not. Raises LimitReached."""
    try:
        return await policy.after(tool, result, ctx)
    except LimitReached:
        raise
    except Exception as error:  # nor may one that cannot check a result hand it on
        text = f"The policy {policy.name!r} withheld the result of {tool}: the policy could not check the result"
        return ToolResult(f"{text}: {error}", failed=True)
