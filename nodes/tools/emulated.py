"""A tool that a model plays: it looks like the real one and gives back what that might, but nothing happens.

Attach it to try out an agent with tools that are dangerous, costly, or not there yet. Attach a tool to it, and
that one is played; without one, its name, description and arguments stand in its settings. In the manner
"adversarial" it brings the cases in which a careless agent does harm. A guard or a judge after the agent then
says how it did. Each call costs one model call of the node that uses it.

Source: Ruan et al. 2023, Identifying the Risks of LM Agents with an LM-Emulated Sandbox (ToolEmu,
https://arxiv.org/abs/2309.15817). We deviate: one prompt, without the paper's simulated state of all tools;
calls of the same tool in the same visit are remembered.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import Field, TypeAdapter

from nodes.answers import AnswerField
from nodes.contract import Attach, Attached, ChatModel, Config, NodeError, NodeSpec, Tool, ToolResult
from nodes.tools.emulation import Manner, emulated


class EmulatedConfig(Config):
    """The tool that is played, where none is attached, and how."""

    name: str = Field(
        default="", title="Name", description="What the model calls it; empty: that of the attached tool.",
        pattern=r"^$|^[a-z][a-z0-9_]{0,39}$",
    )  # fmt: skip
    description: str = Field(
        default="", title="Description", description="What the tool does; empty: that of the attached tool.",
        max_length=2_000, json_schema_extra={"widget": "textarea"},
    )  # fmt: skip
    parameters: tuple[AnswerField, ...] = Field(
        default=(), title="Arguments", description="What it takes, all required; empty: those of the attached tool.",
        max_length=20,
    )  # fmt: skip
    manner: Manner = Field(
        default="helpful", title="Manner", description="helpful: what it would usually give; adversarial: hard cases."
    )


@dataclass
class EmulatedTool:
    """A tool's face, with a model behind it."""

    name: str
    description: str
    parameters: dict[str, Any]
    model: ChatModel
    manner: Manner
    earlier: list[tuple[dict[str, Any], str]] = field(default_factory=list[tuple[dict[str, Any], str]])

    async def call(self, arguments: Mapping[str, Any]) -> ToolResult:
        """Ask the model, and remember what it said."""
        result = await emulated(self, arguments, self.earlier, self.model, manner=self.manner)
        self.earlier.append((dict(arguments), result.text))
        return result


def make_emulated(config: Any, attached: Attached) -> Tool:
    """The tool. Raises NodeError when neither a tool is attached nor a name and description given."""
    real = attached.tools[0] if attached.tools else None
    name = config.name or (real.name if real else "")
    description = config.description or (real.description if real else "")
    if not name or not description:
        raise NodeError(
            "The emulated tool has no name or no description",
            mend="Attach a tool to it, or write both in its settings.",
        )
    parameters = real.parameters if real and not config.parameters else _schema(config.parameters)
    return EmulatedTool(name, description, parameters, attached.model, config.manner)


def _schema(fields: tuple[AnswerField, ...]) -> dict[str, Any]:
    properties = {each.name: _parameter(each) for each in fields}
    return {"type": "object", "properties": properties, "required": list(properties)}


def _parameter(field: AnswerField) -> dict[str, Any]:
    return {**TypeAdapter(field.python).json_schema(), "description": field.description or field.name}


emulated_tool = NodeSpec(
    kind="tool.emulated", family="resources", title="Emulated tool", summary="A tool that a model only plays",
    config=EmulatedConfig, outcomes=(), provides="tool", make_tool=make_emulated,
    attaches=(Attach("tool", "tool"), Attach("model", "model")), icon="venetian-mask", doc=__doc__ or "",
    source="Ruan et al. 2023, Identifying the Risks of LM Agents with an LM-Emulated Sandbox, "
    "https://arxiv.org/abs/2309.15817",
)  # fmt: skip
