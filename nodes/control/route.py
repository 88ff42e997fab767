"""Go one way or another by conditions.

Use it when the choice follows from values: a score, a count, a yes or no. The routes are tried in
order; the first whose CEL condition is true is taken, and ``otherwise`` when none is. A condition reads
``value`` and ``other`` (what is wired in), ``state`` (the state variables) and ``visit`` (1 the first
time this node runs, then 2, ...). Where the choice needs judgement, use "Route by model".

Source: Nodeloom; conditions are CEL, the Common Expression Language (https://cel.dev).
"""

from typing import Any

from pydantic import Field, model_validator

from nodes.conditions import Condition, holds
from nodes.contract import Config, Context, Inputs, Port, Route, node
from nodes.control.outcomes import OutcomeName, distinct


class Branch(Config):
    """One route."""

    name: OutcomeName = Field(title="Name", description="Name of the outcome: lower-case letters, digits and _.")
    when: Condition = Field(
        title="When", description="CEL condition over value, other, state and visit.", max_length=2_000,
        json_schema_extra={"widget": "cel"},
    )  # fmt: skip


def _default_routes() -> tuple[Branch, ...]:
    # Not validated, for that would import the CEL library (0.5 s) for every list of the kinds.
    return (Branch.model_construct(name="yes", when="value == true"),)


class RouteConfig(Config):
    """The routes in the order they are tried."""

    routes: tuple[Branch, ...] = Field(
        default_factory=_default_routes, title="Routes", description="Tried in order; the first that is true is taken.",
        min_length=1, max_length=20, json_schema_extra={"default": [{"name": "yes", "when": "value == true"}]},
    )  # fmt: skip

    @model_validator(mode="after")
    def _names(self) -> "RouteConfig":
        distinct([branch.name for branch in self.routes], taken=["otherwise"])
        return self


@node(
    kind="control.route", family="control", title="Route", summary="Go one way or another by conditions",
    config=RouteConfig,
    inputs=(
        Port("value", "any", "What the conditions test, as `value`."),
        Port("other", "any", "A second value to test, as `other`.", required=False),
    ),
    outputs=(Port("route", "text", "Name of the outcome that was taken."),),
    outcomes=("otherwise",), outcomes_field="routes", source="Nodeloom", icon="split",
)  # fmt: skip
async def route(inputs: Inputs, config: RouteConfig, ctx: Context) -> Route:
    """The first route whose condition holds."""
    values: dict[str, Any] = {"other": None, "state": {}, **inputs, "visit": ctx.visit}
    taken = next((branch.name for branch in config.routes if holds(branch.when, values)), "otherwise")
    return Route(taken, {"route": taken})
