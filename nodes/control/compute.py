"""Work a value out of others by an expression.

Use it between nodes where a number, a part or another form of a value is needed: a difference of two scores, the
texts of a list of records, the first of a list. The expression is CEL and reads ``value`` and ``other`` (what is
wired in), ``state`` (the state variables) and ``visit`` (1 the first time this node runs, then 2, ...). CEL does
not mix whole numbers with decimals: write 1.0 beside a score. For a choice of ways use "Route", to sort or filter
by a score "Rank and pick", for programs "Run code". Calls no model.

Source: Nodeloom; expressions are CEL, the Common Expression Language (https://cel.dev).
"""

from typing import Any, Literal

from pydantic import Field

from nodes.conditions import Condition, evaluate
from nodes.contract import Config, Context, Inputs, NodeError, Outputs, Port, node
from nodes.types import conforms

ResultType = Literal[
    "any", "text", "number", "boolean", "list[any]", "list[text]", "list[number]", "list[record]", "record"
]


class ComputeConfig(Config):
    """The expression and what comes out of it."""

    expression: Condition = Field(
        default="value", title="Expression", max_length=2_000, json_schema_extra={"widget": "cel"},
        description="CEL over value, other, state and visit: value.score - other, value.map(each, each.text).",
    )  # fmt: skip
    result_type: ResultType = Field(
        default="any", title="Type", description="What the result must be; its port has this type."
    )


@node(
    kind="control.compute", family="control", title="Compute", summary="A value worked out by an expression",
    config=ComputeConfig,
    inputs=(
        Port("value", "any", "What the expression reads as `value`.", required=False),
        Port("other", "any", "A second value, as `other`.", required=False),
    ),
    outputs=(Port("result", "any", "What comes out of it."),),
    typed_by={"result": "result_type"}, source="Nodeloom", icon="sigma",
)  # fmt: skip
async def compute(inputs: Inputs, config: ComputeConfig, ctx: Context) -> Outputs:
    """Evaluate, hold it to its type."""
    values: dict[str, Any] = {"value": None, "other": None, "state": {}, **inputs, "visit": ctx.visit}
    result = evaluate(config.expression, values)
    if not conforms(result, config.result_type):
        raise NodeError(
            f"{config.expression!r} is {result!r:.200}, which is no {config.result_type}",
            mend="Change the expression, or the type under 'Type'.",
        )
    return {"result": result}
