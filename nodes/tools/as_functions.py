"""Attached tools as functions of a snippet: their names, their signatures, and the call behind each."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from nodes.contract import Context, Tool
from nodes.snippets import CallRefused, SnippetFunction

_PYTHON: Final = {
    "string": "str", "integer": "int", "number": "float", "boolean": "bool", "array": "list", "object": "dict",
}  # fmt: skip


def named(tools: Sequence[Tool]) -> dict[str, Tool]:
    """Function name -> tool: the tool's name as Python allows it, numbered where two would be the same."""
    found: dict[str, Tool] = {}
    for tool in tools:
        name = re.sub(r"\W", "_", tool.name)
        found[name if name not in found else f"{name}_{len(found) + 1}"] = tool
    return found


def functions_of(tools: Sequence[Tool], ctx: Context) -> dict[str, SnippetFunction]:
    """The tools as functions of a snippet. A call gives the tool's data, else its text; a failed one is an
    error the snippet can catch.
    """
    return {name: _function(name, tool, ctx) for name, tool in named(tools).items()}


def signatures(tools: Sequence[Tool]) -> str:
    """A line for each: ``search(query: str, limit: int = 3) - what it does``."""
    return "\n".join(
        f"{name}({', '.join(_parameters(tool))}) - {' '.join(tool.description.split())}"
        for name, tool in named(tools).items()
    )


def _parameters(tool: Tool) -> list[str]:
    required = tool.parameters.get("required", [])
    return [
        f"{name}: {_PYTHON.get(str(entry.get('type')), 'str')}"
        + ("" if name in required else f" = {entry['default']!r}" if "default" in entry else " = ...")
        for name, entry in _ordered(tool).items()
    ]


def _ordered(tool: Tool) -> dict[str, Mapping[str, Any]]:
    """The arguments as Python would have them: those that must be given stand first."""
    known: dict[str, Mapping[str, Any]] = tool.parameters.get("properties", {})
    required = tool.parameters.get("required", [])
    return {name: known[name] for name in sorted(known, key=lambda name: name not in required)}


def arguments_of(name: str, tool: Tool, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """A call's arguments by name: those given by position are taken in the order of the signature."""
    order = list(_ordered(tool))
    if len(args) > len(order):
        raise CallRefused(f"{name}() takes {len(order)} arguments ({', '.join(order)}), not {len(args)}")
    return {**dict(zip(order, args, strict=False)), **kwargs}


def _function(name: str, tool: Tool, ctx: Context) -> SnippetFunction:
    async def call(*args: Any, **kwargs: Any) -> Any:
        result = await ctx.call_tool(tool, arguments_of(name, tool, args, kwargs))
        if result.failed:
            raise CallRefused(result.text)
        return result.text if result.data is None else result.data

    return call
