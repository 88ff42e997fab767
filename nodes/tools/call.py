"""Call one attached tool with arguments of your own.

Use it when it is known which tool is needed: no model has to choose it. Each argument is a template; one
that is nothing but ``{{name}}`` hands the wired value over as it is, any other is written as text and
read as the type the tool asks for. A call that fails ends the node, by ``error`` where that is joined.

Source: Nodeloom.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from nodes.contract import Attach, Config, Context, Inputs, NodeError, Outputs, Port, Tool, node
from nodes.filling import argument
from nodes.templating import Template


class CallConfig(Config):
    """The arguments."""

    arguments: dict[str, Template] = Field(
        default_factory=dict, title="Arguments", description="Argument name -> template; {{name}} makes an input.",
        max_length=20, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip


@node(
    kind="tools.call", family="tools", title="Call a tool", summary="Call one tool with arguments of your own",
    config=CallConfig,
    outputs=(
        Port("result", "text", "What the tool said."),
        Port("data", "any", "The same as a value, where there is one."),
    ),
    attaches=(Attach("tool", "tool", required=True), Attach("policies", "policy", many=True)),
    template_fields=("arguments",),
    source="Nodeloom", icon="terminal",
)  # fmt: skip
async def call(inputs: Inputs, config: CallConfig, ctx: Context) -> Outputs:
    """Write the arguments, call, return what came back."""
    if not ctx.tools:
        raise NodeError("No tool is attached", mend="Attach a tool below this node.")
    tool = ctx.tools[0]
    arguments = _arguments(tool, config.arguments, inputs)
    result = await ctx.call_tool(tool, arguments)
    if result.failed:
        raise NodeError(
            f"{tool.name} failed: {result.text}", mend="Check its arguments, or lead the node's error somewhere."
        )
    return {"result": result.text, "data": result.text if result.data is None else result.data}


def _arguments(tool: Tool, templates: Mapping[str, str], inputs: Inputs) -> dict[str, Any]:
    known: dict[str, Any] = tool.parameters.get("properties", {})
    unknown = [name for name in templates if name not in known]
    missing = [name for name in tool.parameters.get("required", []) if name not in templates]
    if unknown or missing:
        wrong = [f"has no argument {name!r}" for name in unknown] + [f"needs {name!r}" for name in missing]
        raise NodeError(f"{tool.name} {', '.join(wrong)}", mend=f"Its arguments are: {', '.join(known) or 'none'}.")
    return {name: argument(template, known[name], inputs) for name, template in templates.items()}
