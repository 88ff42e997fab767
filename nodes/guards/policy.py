"""A policy that lets everything pass: the start of those that look only one way."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from nodes.contract import Context, Decision, ToolResult

ALLOWED: Final = Decision(allowed=True)


@dataclass(frozen=True)
class OpenPolicy:
    """Allows every call and changes no result; a guard overrides the side it looks at."""

    name: str

    async def before(self, tool: str, arguments: Mapping[str, Any], ctx: Context) -> Decision:
        """Allowed."""
        return ALLOWED

    async def after(self, tool: str, result: ToolResult, ctx: Context) -> ToolResult:
        """Unchanged."""
        return result


def withheld(reason: str) -> ToolResult:
    """What the model sees in place of a result it must not see."""
    return ToolResult(f"The result was withheld: {reason}", failed=True)


def texts(value: Any) -> list[str]:
    """Every text in ``value``, keys included."""
    if isinstance(value, Mapping):
        return [text for pair in value.items() for each in pair for text in texts(each)]
    if isinstance(value, list | tuple):
        return [text for each in value for text in texts(each)]
    return [str(value)] if value is not None else []
