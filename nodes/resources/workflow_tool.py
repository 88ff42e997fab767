"""A saved workflow as a tool.

Attach it to an agent, so that its model can have a whole workflow done: its inputs are the tool's arguments, its
outputs the result. It runs inside this run, its trace below the node, its spending on the same bill; it may hold
no question to a person.

A call costs what the workflow costs.

Source: Nodeloom.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import Field

from nodes.contract import Attached, NodeError, NodeSpec, Tool, ToolResult, Workshop
from nodes.templating import as_text
from nodes.tools.tool import ToolConfig, failure

_JSON: Final[dict[str, dict[str, Any]]] = {
    "text": {"type": "string"}, "number": {"type": "number"}, "boolean": {"type": "boolean"},
    "record": {"type": "object"},
}  # fmt: skip


class WorkflowToolConfig(ToolConfig):
    """Which workflow."""

    workflow: str = Field(
        default="", title="Workflow", description="Id or title of a saved workflow.", max_length=200,
        json_schema_extra={"widget": "workflow"},
    )  # fmt: skip
    max_steps: int = Field(
        default=100, ge=1, le=10_000, title="At most", description="Node runs of a call; then it fails.",
        json_schema_extra={"unit": "steps", "advanced": True},
    )  # fmt: skip


@dataclass(frozen=True)
class WorkflowTool:
    """A workflow's face as a tool."""

    name: str
    description: str
    parameters: dict[str, Any]
    document: Mapping[str, Any]
    workshop: Workshop
    max_steps: int

    async def call(self, arguments: Mapping[str, Any]) -> ToolResult:
        """Run it; what went wrong is said in the result."""
        try:
            result = await self.workshop.run(self.document, arguments, max_steps=self.max_steps)
        except NodeError as error:
            return failure(f"{error.what}. {error.mend}".strip())
        if result.status != "done":
            return failure(f"The workflow ended as {result.status}: {result.error}")
        values = result.outputs
        text = as_text(next(iter(values.values()))) if len(values) == 1 else json.dumps(values, ensure_ascii=False)
        return ToolResult(text, data=values)


def make_workflow_tool(config: Any, attached: Attached) -> Tool:
    """The tool, with the arguments of the workflow as it is saved now. Raises NodeError where there is none."""
    if not config.workflow:
        raise NodeError("The workflow tool names no workflow", mend="Choose one in its settings.")
    document = attached.workshop.load(config.workflow)
    title = str(document.get("title") or config.workflow)
    said = str(document.get("summary") or f"Runs the workflow {title}.")
    return WorkflowTool(
        name=config.tool_name or tool_name(title),
        description=f"{said} {config.hint}".strip(),
        parameters=parameters(document.get("inputs", {})),
        document=document,
        workshop=attached.workshop,
        max_steps=config.max_steps,
    )


def tool_name(title: str) -> str:
    """A title as models write names of tools: ``Daily digest!`` -> ``daily_digest``."""
    name = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:40].rstrip("_")
    return name if name[:1].isalpha() else f"workflow_{name}"[:40].rstrip("_")


def parameters(inputs: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """JSON Schema of a workflow's inputs."""
    properties = {
        name: {**_JSON.get(str(spec.get("type", "text")), {}), **_described(spec)} for name, spec in inputs.items()
    }
    required = [name for name, spec in inputs.items() if spec.get("required", True) and spec.get("default") is None]
    return {"type": "object", "properties": properties, "required": required}


def _described(spec: Mapping[str, Any]) -> dict[str, str]:
    said = str(spec.get("description") or spec.get("title") or "")
    return {"description": said} if said else {}


workflow_tool = NodeSpec(
    kind="tool.workflow", family="resources", title="Workflow as a tool", summary="A saved workflow for agents to call",
    config=WorkflowToolConfig, outcomes=(), provides="tool", make_tool=make_workflow_tool, side_effects=True,
    source="Nodeloom", doc=__doc__ or "", icon="square-function",
)  # fmt: skip
