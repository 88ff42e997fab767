"""Follow a fixed routine: a table of tool calls with named parameters, run exactly as it is written.

Use it for a procedure that is known (a standard operating procedure): no model decides anything. Each step
calls one attached tool; its arguments are templates over the routine's parameters and the results of earlier
steps by their names, and one that is nothing but ``{{name}}`` hands the value over as it is. A step with a
condition is skipped where that is false. A call that fails ends the routine ``failed``, unless the step may
fail; then its result is empty. Names in templates are checked when the settings are written.

Source: Zeng et al. 2025, Routine: A Structural Planning Framework for LLM Agent System in Enterprise. We
deviate: the paper's executor is a model that follows the routine; here it is followed by rule, since the
parameters of each step are written out.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, StringConstraints, model_validator

from nodes.conditions import Condition, holds
from nodes.contract import Attach, Config, Context, Inputs, NodeError, Port, Route, Tool, ToolResult, node
from nodes.filling import argument
from nodes.planning.steps import Step, new_step
from nodes.templating import Template, variables
from nodes.views import plan_view

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class Parameter(Config):
    """Something the routine is run with."""

    name: Name = Field(title="Name", description="Lower-case letters, digits and _.")
    description: str = Field(default="", title="Description", description="What it means.", max_length=400)
    default: str | None = Field(
        default=None, title="Default", description="Its value when none is wired in; empty: it is required."
    )


class RoutineStep(Config):
    """One row of the table."""

    name: Name = Field(title="Name", description="Name of the step and of its result: lower-case letters, digits, _.")
    says: str = Field(default="", title="Says", description="What the step is for; the name if empty.", max_length=400)
    tool: str = Field(title="Tool", description="Name of an attached tool.", min_length=1, max_length=100)
    arguments: dict[str, Template] = Field(
        default_factory=dict, title="Arguments", description="Argument -> template over parameters and results.",
        max_length=20,
    )  # fmt: skip
    when: Condition | None = Field(
        default=None, title="When", description="CEL over parameters and results; false: skipped. Empty: always.",
        max_length=2_000, json_schema_extra={"widget": "cel"},
    )  # fmt: skip
    may_fail: bool = Field(default=False, title="May fail", description="Whether it goes on after a failed call.")


class RoutineConfig(Config):
    """The table."""

    parameters: tuple[Parameter, ...] = Field(
        default=(), title="Parameters", description="What the routine is run with.", max_length=30
    )
    steps: tuple[RoutineStep, ...] = Field(
        default=(), title="Steps", description="The calls, in order.", max_length=50
    )  # fmt: skip

    @model_validator(mode="after")
    def _known_names(self) -> "RoutineConfig":
        known = ["state"]
        for parameter in self.parameters:
            _once(parameter.name, known)
        for step in self.steps:
            for name in [name for each in step.arguments.values() for name, _ in variables(each)]:
                if name not in known:
                    raise ValueError(
                        f"step {step.name!r} reads {name!r}, which is no parameter and no earlier step;"
                        f" known there: {', '.join(known)}"
                    )
            _once(step.name, known)
        return self


def _once(name: str, known: list[str]) -> None:
    if name in known:
        raise ValueError(f"the name {name!r} is used twice; give each parameter and step its own")
    known.append(name)


@node(
    kind="planning.routine", family="planning", title="Routine", summary="Follow a table of tool calls exactly",
    config=RoutineConfig,
    inputs=(Port("parameters", "record", "Parameter -> value.", required=False),),
    outputs=(
        Port("result", "any", "What the last step that ran came to."),
        Port("results", "record", "Step -> what it came to; only those that ran."),
        Port("plan", "plan", "The steps with status and result."),
    ),
    outcomes=("done", "failed"),
    attaches=(
        Attach("tools", "tool", required=True, many=True), Attach("policies", "policy", many=True),
    ),
    icon="table-properties", source="Zeng et al. 2025, Routine",
)  # fmt: skip
async def routine(inputs: Inputs, config: RoutineConfig, ctx: Context) -> Route:
    """Step by step: is it due, fill in the arguments, call."""
    values = {"state": inputs.get("state", {}), **_parameters(config, inputs.get("parameters", {}))}
    tools = _tools(config, ctx)
    plan: list[Step] = [new_step(step.name, step.says or step.name) for step in config.steps]
    results: dict[str, Any] = {}
    for at, step in enumerate(config.steps):
        if step.when and not holds(step.when, values):
            values[step.name] = ""
            _note(plan, at, "skipped", "", ctx)
            continue
        _note(plan, at, "running", "", ctx)
        arguments = {
            name: argument(template, tools[step.tool].parameters.get("properties", {}).get(name, {}), values)
            for name, template in step.arguments.items()
        }
        result = await ctx.call_tool(tools[step.tool], arguments)
        _note(plan, at, "failed" if result.failed else "done", result.text, ctx)
        values[step.name] = results[step.name] = _value(result)
        if result.failed and not step.may_fail:
            for later in range(at + 1, len(plan)):
                _note(plan, later, "skipped", "", ctx)
            return _end("failed", results, plan)
    return _end("done", results, plan)


def _parameters(config: RoutineConfig, given: Mapping[str, Any]) -> dict[str, Any]:
    """Parameter -> value. Raises NodeError for each that is missing or unknown."""
    known = {parameter.name: parameter.default for parameter in config.parameters}
    missing = [name for name, default in known.items() if default is None and name not in given]
    unknown = [name for name in given if name not in known]
    if missing or unknown:
        wrong = [f"{name!r} is missing" for name in missing] + [f"{name!r} is none of them" for name in unknown]
        raise NodeError(
            f"The parameters do not fit: {', '.join(wrong)}",
            mend=f"Wire in a record of: {', '.join(known) or 'nothing, the routine has no parameters'}.",
        )
    return {**known, **given}


def _tools(config: RoutineConfig, ctx: Context) -> dict[str, Tool]:
    """Name -> tool. Raises NodeError where the table is empty or names a tool that is not attached."""
    if not config.steps:
        raise NodeError("The routine has no steps", mend="Write at least one under 'Steps'.")
    attached = {tool.name: tool for tool in ctx.tools}
    absent = sorted({step.tool for step in config.steps} - set(attached))
    if absent:
        raise NodeError(
            f"The routine calls {', '.join(absent)}, which is not attached",
            mend=f"Attach it below the node. Attached are: {', '.join(attached) or 'none'}.",
        )
    return attached


def _value(result: ToolResult) -> Any:
    if result.failed:
        return ""
    return result.text if result.data is None else result.data


def _note(plan: list[Step], at: int, status: str, result: str, ctx: Context) -> None:
    plan[at] = {**plan[at], "status": status, "result": result or None}
    ctx.show(plan_view({"goal": "", "steps": plan}))
    if status == "running":
        ctx.progress(f"step {at + 1}: {plan[at]['title']}")


def _end(outcome: str, results: Mapping[str, Any], plan: list[Step]) -> Route:
    last = next(reversed(list(results.values())), None)
    return Route(outcome, {"result": last, "results": dict(results), "plan": {"goal": "", "steps": plan}})
