"""Turn a loop while a condition holds.

Use it at the head or the foot of a cycle: ``again`` leads into the loop, whose end leads back here;
``done`` leads on once the condition is false, ``exhausted`` once it turned ``max_turns`` times. The CEL
condition reads ``value`` and ``other`` (what is wired in), ``state`` (the state variables) and ``turn``
(1 at the first visit). A loop is drawn with edges: this node is only its condition. For every item of a
list, use "For each".

Source: Nodeloom; conditions are CEL (https://cel.dev); the structured loop, WCP-21 of Russell et al. 2006,
Workflow Control-Flow Patterns: A Revised View.
"""

from typing import Any

from pydantic import Field

from nodes.conditions import Condition, holds
from nodes.contract import Config, Context, Inputs, Port, Route, node


class WhileConfig(Config):
    """The condition and the bound."""

    condition: Condition = Field(
        default="value != true", title="While", description="CEL over value, other, state and turn; true: again.",
        max_length=2_000, json_schema_extra={"widget": "cel"},
    )  # fmt: skip
    max_turns: int = Field(
        default=10, ge=1, le=1_000, title="Turns", description="How often the loop may turn in one run.",
        json_schema_extra={"unit": "turns"},
    )  # fmt: skip


@node(
    kind="control.while", family="control", title="While", summary="Turn a loop while a condition holds",
    config=WhileConfig,
    inputs=(
        Port("value", "any", "What the condition tests, as `value`; null where nothing came yet.", required=False),
        Port("other", "any", "A second value to test, as `other`.", required=False),
    ),
    outputs=(Port("turn", "number", "1 the first time, then 2, ..."),),
    outcomes=("again", "done", "exhausted"), bounds_loop=True, source="Nodeloom; Russell et al. 2006, WCP-21",
    icon="repeat",
)  # fmt: skip
async def while_loop(inputs: Inputs, config: WhileConfig, ctx: Context) -> Route:
    """``again`` while it holds and turns are left."""
    values: dict[str, Any] = {"value": None, "other": None, "state": {}, **inputs, "turn": ctx.visit}
    if not holds(config.condition, values):
        return Route("done", {"turn": ctx.visit})
    return Route("again" if ctx.visit <= config.max_turns else "exhausted", {"turn": ctx.visit})
