"""Check a value against conditions that need no judgement.

Use it after a model answered in a known form: lengths, ranges, required parts, sums that must agree. Each check is
a CEL condition over ``value``, ``other`` (a second value), ``state`` and ``visit``, with a hint that tells the model
what to change; ``failed`` leads back to it with ``report``. A condition that cannot be evaluated, because an entry
is missing, has failed. Calls no model.

Source: Nodeloom; conditions are CEL, the Common Expression Language (https://cel.dev).
"""

from typing import Any

from pydantic import Field

from nodes.conditions import Condition, ConditionError, holds
from nodes.contract import Config, Context, Inputs, Port, Route, node
from nodes.views import table_view


class Check(Config):
    """One condition, and what to say where it does not hold."""

    condition: Condition = Field(
        title="Condition", description="CEL condition over value, other, state and visit that must be true.",
        max_length=2_000, json_schema_extra={"widget": "cel"},
    )  # fmt: skip
    hint: str = Field(
        default="", title="Hint", description="What to change when it fails; empty: the condition itself is told.",
        max_length=1_000,
    )  # fmt: skip


def _default_checks() -> tuple[Check, ...]:
    # Not validated, for that would import the CEL library (0.5 s) for every list of the kinds.
    return (Check.model_construct(condition="size(value) > 0", hint="The value is empty."),)


class VerifyByConditionConfig(Config):
    """The checks, all of which must hold."""

    checks: tuple[Check, ...] = Field(
        default_factory=_default_checks, title="Checks", description="All must hold; each that fails is reported.",
        min_length=1, max_length=50,
        json_schema_extra={"default": [{"condition": "size(value) > 0", "hint": "The value is empty."}]},
    )  # fmt: skip


@node(
    kind="reflection.verify_by_condition", family="reflection", title="Verify by condition",
    summary="Check a value by conditions in CEL", config=VerifyByConditionConfig,
    inputs=(
        Port("value", "any", "What is checked, as `value`."),
        Port("other", "any", "A second value, as `other`: the task, the value before.", required=False),
    ),
    outputs=(
        Port("report", "text", "The hints of the checks that failed, as bullets; empty when all hold."),
        Port("failed", "list[text]", "The conditions that failed."),
        Port("score", "number", "Share of the checks that hold, 0 to 1."),
    ),
    outcomes=("passed", "failed"), source="Nodeloom", icon="ruler",
)  # fmt: skip
async def verify_by_condition(inputs: Inputs, config: VerifyByConditionConfig, ctx: Context) -> Route:
    """Evaluate every check, report those that fail."""
    values: dict[str, Any] = {"other": None, "state": {}, **inputs, "visit": ctx.visit}
    found = [(check, problem(check.condition, values)) for check in config.checks]
    failed = [(check, why) for check, why in found if why]
    ctx.show(table_view(("condition", "holds", "why not"), [(each.condition, not why, why) for each, why in found]))
    ctx.progress(f"{len(found) - len(failed)} of {len(found)} checks hold")
    outputs = {
        "report": "\n".join(f"- {check.hint or why}" for check, why in failed),
        "failed": [check.condition for check, _ in failed], "score": 1 - len(failed) / len(found),
    }  # fmt: skip
    return Route("failed" if failed else "passed", outputs)


def problem(condition: str, values: dict[str, Any]) -> str:
    """Why ``condition`` does not hold over ``values``; '' where it does."""
    try:
        return "" if holds(condition, values) else f"{condition} is false"
    except ConditionError as error:
        return error.what
