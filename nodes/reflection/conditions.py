"""Act on a value between conditions: what must hold before, what must hold after, and back where it does not.

Use it around a step that may spoil what it works on. Attach the step at ``act``; it is run only when every
pre-condition holds, and tried again on the value kept before, at most ``max_tries`` times, until every
post-condition holds. When none of the tries does, the value kept before goes on by ``rolled_back``. Without a
sub-workflow the result of an earlier node is wired into ``after`` and held against the same conditions. Conditions
are CEL over ``before``, ``after``, ``state`` and ``visit``. Calls no model itself.

Source: MAPLE: A Mobile Agent with Persistent Finite State Machines for Structured Task Reasoning, 2025, which
verifies pre- and post-conditions of each action and rolls back to the last stable state. We deviate: the state is
a value of the workflow, not a screen; effects outside the workflow are not undone.
"""

from typing import Any, Final

from pydantic import Field

from nodes.conditions import Condition
from nodes.contract import Attach, Config, Context, Inputs, NodeError, Port, Route, node
from nodes.reflection.verify_by_condition import problem
from nodes.templating import as_text
from nodes.views import refinement_view

_SHOWN: Final = 2_000  # characters of a value in the view


def _conditions(title: str, description: str, default: tuple[str, ...] = ()) -> Any:
    return Field(
        default=default, title=title, description=description, max_length=20, json_schema_extra={"widget": "cel"}
    )


class ConditionsConfig(Config):
    """The conditions, and how often the step is tried."""

    before: tuple[Condition, ...] = _conditions("Before", "CEL over before, state and visit; all must hold to act.")
    after: tuple[Condition, ...] = _conditions(
        "After", "CEL over before, after, state and visit; all must hold to go on.", ("after != before",)
    )
    max_tries: int = Field(
        default=2, ge=1, le=20, title="Tries", description="How often the step is run at most.",
        json_schema_extra={"unit": "tries"},
    )  # fmt: skip
    variables: tuple[str, ...] = Field(
        default=(), title="Keep in", description="State variables that are given the value that stands in the end.",
        max_length=5, json_schema_extra={"widget": "state", "advanced": True},
    )  # fmt: skip


@node(
    kind="reflection.conditions", family="reflection", title="Pre- and postconditions",
    summary="Act between conditions, roll back where they fail", config=ConditionsConfig,
    inputs=(
        Port("before", "any", "The value as it is; kept, and put back when the step spoils it."),
        Port("after", "any", "Where nothing is attached: the value after the step.", required=False),
    ),
    outputs=(
        Port("value", "any", "The value that stands: the new one, or the one kept before."),
        Port("report", "text", "The conditions that failed, as bullets; empty when all hold."),
        Port("tries", "number", "How often the step was run."),
    ),
    outcomes=("held", "rolled_back", "not_ready"),
    attaches=(
        Attach(
            "act", "workflow", description="The step.",
            takes=(Port("value", "any", "The value kept before."), Port("report", "text", "What failed last time.")),
            gives=(Port("value", "any", "The value after the step."),),
        ),
    ),
    state_fields=("variables",), icon="undo-2",
    source="MAPLE: A Mobile Agent with Persistent Finite State Machines, 2025",
)  # fmt: skip
async def conditions(inputs: Inputs, config: ConditionsConfig, ctx: Context) -> Route:
    """Check, act, check, go on or back."""
    before: Any = inputs["before"]
    known: dict[str, Any] = {"state": inputs.get("state", {}), "visit": ctx.visit, "before": before}
    report = _failed(config.before, known)
    if report:
        ctx.progress("the step is not run: a pre-condition fails")
        return Route("not_ready", _outputs(before, report, 0, config))
    versions = [{"draft": as_text(before)[:_SHOWN], "critique": ""}]
    step = ctx.subworkflow("act")
    for number in range(1, (config.max_tries if step else 1) + 1):
        if step:
            after: Any = (await step.run({"value": before, "report": report}))["value"]
        else:
            after = _wired(inputs)
        report = _failed(config.after, {**known, "after": after})
        versions.append({"draft": as_text(after)[:_SHOWN], "critique": report or "All conditions hold."})
        ctx.show(refinement_view(versions))
        ctx.progress(f"try {number}: {'a post-condition fails' if report else 'all conditions hold'}")
        if not report:
            return Route("held", _outputs(after, "", number if step else 0, config))
    return Route("rolled_back", _outputs(before, report, config.max_tries if step else 0, config))


def _wired(inputs: Inputs) -> Any:
    if "after" not in inputs:
        raise NodeError(
            "No step is attached at 'act', and nothing is wired into 'after'",
            mend="Attach a sub-workflow that acts, or wire in the value after an earlier node.",
        )
    return inputs["after"]


def _failed(checks: tuple[str, ...], values: dict[str, Any]) -> str:
    found = [problem(condition, values) for condition in checks]
    return "\n".join(f"- {why}" for why in found if why)


def _outputs(value: Any, report: str, tries: int, config: ConditionsConfig) -> dict[str, Any]:
    kept = {f"state.{name}": value for name in config.variables}
    return {"value": value, "report": report, "tries": tries, **kept}
