"""Tool calls as the actions of a search: asked for by a schema made of the tools, and carried out.

The schema holds each call to one tool and its own parameters, for a small model asked for "arguments"
writes whatever comes to mind.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, Union

from pydantic import BaseModel, Field, create_model

from nodes.contract import NodeError, Tool

_PYTHON: Final[Mapping[str, Any]] = {"string": str, "integer": int, "number": float, "boolean": bool}


def calls_schema(tools: Sequence[Tool], width: int) -> type[BaseModel]:
    """``{"steps": [{"tool": name, "arguments": {...}}]}``, at most ``width`` of them."""
    each: Any = Union[tuple(_call(tool) for tool in tools)]  # noqa: UP007 - of as many as there are tools
    steps = Field(description="One tool call each.", json_schema_extra={"minItems": 1, "maxItems": width})
    calls: Any = list[each]  # pyright: ignore[reportInvalidTypeForm] - made when it runs
    return create_model("Calls", steps=(calls, steps))


def _call(tool: Tool) -> type[BaseModel]:
    required = tool.parameters.get("required", [])
    fields = {
        name: _field(name, schema, name in required) for name, schema in tool.parameters.get("properties", {}).items()
    }
    only_this: Any = Literal[tool.name]  # pyright: ignore[reportInvalidTypeForm] - a name known when it runs
    inner: Any = create_model(f"Arguments_{tool.name}", **fields)
    named: dict[str, Any] = {"tool": (only_this, ...), "arguments": (inner, ...)}
    return create_model(f"Call_{tool.name}", **named)


def _field(name: str, schema: Mapping[str, Any], required: bool) -> Any:
    kind = _PYTHON.get(str(schema.get("type")), Any)
    about = str(schema.get("description", name))
    return (kind, Field(description=about)) if required else (kind | None, Field(None, description=about))


def calls_of(answer: Any) -> list[dict[str, Any]]:
    """The calls of an answer, arguments that were left out left out."""
    return [call.model_dump(mode="json", exclude_none=True) for call in answer.steps]


def listed(tools: Sequence[Tool]) -> str:
    """The tools for a prompt, a line each."""
    return "\n".join(f"- {tool.name}: {tool.description}" for tool in tools)


def tool_of(action: Any, tools: Sequence[Tool]) -> tuple[Tool, dict[str, Any]]:
    """The attached tool an action names, and its arguments. Raises NodeError for anything else."""
    record: Mapping[str, Any] = action if isinstance(action, Mapping) else {}
    tool = next((each for each in tools if each.name == record.get("tool")), None)
    arguments = record.get("arguments", {})
    if tool is None or not isinstance(arguments, Mapping):
        known = ", ".join(each.name for each in tools)
        raise NodeError(
            f"{action!r} is not a call of an attached tool",
            mend=f"Propose records {{'tool': name, 'arguments': {{...}}}}; attached are: {known}.",
        )
    return tool, dict(arguments)


def written(tool: Tool, arguments: Mapping[str, Any], result: str) -> str:
    """One line of what was done: ``search(q="tax") -> 19 %``."""
    inside = ", ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in arguments.items())
    return f"{tool.name}({inside}) -> {result.strip()}"
