"""What all built-in tools share: their names, their settings, and checking what a caller sends."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from nodes.contract import Config, ToolResult


class ToolConfig(Config):
    """Settings every tool has."""

    tool_name: str = Field(
        default="", title="Name for the model", description="What the model calls it; empty: its usual name.",
        pattern=r"^$|^[a-z][a-z0-9_]{0,39}$", json_schema_extra={"advanced": True},
    )  # fmt: skip
    hint: str = Field(
        default="", title="Hint for the model", description="Added to the tool's description: when to use it.",
        max_length=500, json_schema_extra={"widget": "textarea", "advanced": True},
    )  # fmt: skip


@dataclass(frozen=True)
class BuiltinTool:
    """A tool whose arguments are a pydantic model and whose work is one async function."""

    name: str
    description: str
    arguments: type[BaseModel]
    work: Callable[[Any], Awaitable[ToolResult]]

    @property
    def parameters(self) -> dict[str, Any]:
        """JSON Schema of the arguments, without the titles pydantic makes up."""
        return plain_schema(self.arguments.model_json_schema())

    async def call(self, arguments: Mapping[str, Any]) -> ToolResult:
        """Check the arguments and work; what does not fit is said in the result."""
        try:
            checked = self.arguments.model_validate(dict(arguments))
        except ValidationError as error:
            return failure(f"{self.name}: {_problems(error)}")
        return await self.work(checked)


def built(
    config: ToolConfig, name: str, description: str, arguments: type[BaseModel],
    work: Callable[[Any], Awaitable[ToolResult]],
) -> BuiltinTool:  # fmt: skip
    """The tool under its usual name and description, or those the settings give it."""
    said = f"{description} {config.hint}".strip()
    return BuiltinTool(config.tool_name or name, said, arguments, work)


def failure(text: str) -> ToolResult:
    """A result that says what went wrong, for the caller to mend."""
    return ToolResult(text=text, failed=True)


def plain_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema in as few tokens as possible: models read all of it with every call."""
    schema = {key: value for key, value in schema.items() if key not in ("title", "description")}
    properties = {
        name: {key: value for key, value in entry.items() if key != "title"}
        for name, entry in schema.get("properties", {}).items()
    }
    return {**schema, "properties": properties}


def _problems(error: ValidationError) -> str:
    parts = [f"{'.'.join(map(str, each['loc'])) or 'arguments'}: {each['msg']}" for each in error.errors()]
    return "; ".join(parts)
