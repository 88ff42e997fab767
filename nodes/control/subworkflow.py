"""Run a saved workflow as one step of this one.

Use it to build large workflows of small ones that are tried out alone. Its inputs are templates, as a tool's
arguments are: one that is nothing but ``{{name}}`` hands the wired value over as it is. It runs inside this
run: its trace stands below the node, its tokens and time count here, and it may hold no question to a person.
It is looked up when the node runs, so that its latest version counts. When it fails, so does the node.

It costs what the workflow costs.

Source: Nodeloom.
"""

from typing import Any

from pydantic import Field

from nodes.contract import Config, Context, Inputs, NodeError, Outputs, Port, node
from nodes.filling import filled
from nodes.templating import Template, as_text


class SubworkflowConfig(Config):
    """Which workflow, with what."""

    workflow: str = Field(
        default="", title="Workflow", description="Id or title of a saved workflow.", max_length=200,
        json_schema_extra={"widget": "workflow"},
    )  # fmt: skip
    inputs: dict[str, Template] = Field(
        default_factory=dict, title="Inputs", description="Input of it -> template; {{name}} makes an input here.",
        max_length=30, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    max_steps: int = Field(
        default=100, ge=1, le=10_000, title="At most", description="Node runs of it; then this node fails.",
        json_schema_extra={"unit": "steps", "advanced": True},
    )  # fmt: skip


@node(
    kind="control.subworkflow", family="control", title="Saved workflow", summary="A saved workflow as one step",
    config=SubworkflowConfig,
    outputs=(
        Port("outputs", "record", "Its outputs by name."),
        Port("answer", "text", "Its first output as text."),
    ),
    template_fields=("inputs",), side_effects=True, source="Nodeloom",
    icon="square-play",
)  # fmt: skip
async def subworkflow(inputs: Inputs, config: SubworkflowConfig, ctx: Context) -> Outputs:
    """Look it up, fill its inputs, run it."""
    if not config.workflow:
        raise NodeError("No workflow is chosen", mend="Choose one in the node's settings.")
    document = ctx.workshop.load(config.workflow)
    declared: dict[str, Any] = document.get("inputs", {})
    given = {name: filled(template, inputs)[0] for name, template in config.inputs.items()}
    given = {name: _typed(value, declared.get(name, {})) for name, value in given.items()}
    ctx.progress(f"running {document.get('title', config.workflow)}")
    result = await ctx.workshop.run(document, given, max_steps=config.max_steps)
    if result.status != "done":
        raise NodeError(
            f"The workflow {config.workflow!r} ended as {result.status}: {result.error}",
            mend="Run it alone to see where, or lead this node's error somewhere.",
        )
    first = next((name for name in document.get("outputs", {}) if name in result.outputs), None)
    return {"outputs": result.outputs, "answer": as_text(result.outputs[first]) if first else ""}


def _typed(value: Any, declared: dict[str, Any]) -> Any:
    """A number or yes/no written as text, as the input wants it; the engine says what does not fit."""
    text = value.strip() if isinstance(value, str) else None
    if text is None:
        return value
    if declared.get("type") == "number":
        try:
            return float(text) if not text.lstrip("+-").isdigit() else int(text)
        except ValueError:
            return value
    if declared.get("type") == "boolean" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    return value
