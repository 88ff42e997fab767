"""Lead on by what the run has spent so far.

Use it in front of the costly part of a workflow, or in a loop: ``within`` while there is money and time,
``over`` once a limit is reached, for instance to answer with what is there. A run's own limits end it;
this gate lets it end well. It is over when any limit is met, or when the CEL condition is true; that
reads ``spent`` (steps, seconds, tokens, usd), ``value`` (what is wired in) and ``state``.

Source: Nodeloom.
"""

from typing import Final

from pydantic import Field

from nodes.conditions import Condition, holds
from nodes.contract import Config, Context, Inputs, Port, Route, node

NEVER: Final = "false"
_UNITS: Final = ("tokens", "usd", "seconds", "steps")


class BudgetGateConfig(Config):
    """From where on it is over; empty: no such limit."""

    tokens: int | None = Field(
        default=20_000, ge=1, title="Tokens", description="Model tokens, in and out; empty: not looked at.",
        json_schema_extra={"unit": "tok"},
    )  # fmt: skip
    usd: float | None = Field(
        default=None, gt=0, title="Cost", description="US dollars by list prices; empty: not looked at.",
        json_schema_extra={"unit": "usd"},
    )  # fmt: skip
    seconds: float | None = Field(
        default=None, gt=0, title="Time", description="Time spent running, waits for people not counted; empty: none.",
        json_schema_extra={"unit": "s"},
    )  # fmt: skip
    steps: int | None = Field(
        default=None, ge=1, title="Steps", description="Node runs; empty: not looked at.",
        json_schema_extra={"unit": "steps"},
    )  # fmt: skip
    over_when: Condition = Field(
        default=NEVER, title="Or over when", description="CEL over spent, value and state; false: only the limits.",
        max_length=2_000, json_schema_extra={"widget": "cel", "advanced": True},
    )  # fmt: skip


@node(
    kind="control.budget_gate", family="control", title="Budget gate", summary="Lead on by what the run has spent",
    config=BudgetGateConfig,
    inputs=(Port("value", "any", "A value for the condition.", required=False),),
    outputs=(
        Port("spent", "record", "steps, seconds, tokens and usd so far."),
        Port("left", "number", "Share of the tightest limit that is left, 0 to 1; 1 where there is none."),
    ),
    outcomes=("within", "over"), source="Nodeloom", icon="wallet",
)  # fmt: skip
async def budget_gate(inputs: Inputs, config: BudgetGateConfig, ctx: Context) -> Route:
    """Hold what was spent against every limit."""
    spent = dict(ctx.spent)
    limits = {unit: limit for unit in _UNITS if (limit := getattr(config, unit)) is not None}
    shares = [1 - spent[unit] / limit for unit, limit in limits.items()]
    left = max(min(shares, default=1.0), 0.0)
    values = {"value": None, "state": {}, **inputs, "spent": spent}
    # "false" is known without the CEL library, which takes 0.5 s to load.
    over = left == 0 or (config.over_when != NEVER and holds(config.over_when, values))
    ctx.progress(", ".join(f"{unit} {spent[unit]:g} of {limit:g}" for unit, limit in limits.items()) or "no limits")
    return Route("over" if over else "within", {"spent": spent, "left": round(left, 4)})
