"""A calculator for models that are bad at sums.

Attach it to an agent, to "Work through a plan", or to "Call a tool". It reads one arithmetic expression:
``+ - * / // % **``, brackets, sqrt, round, abs, min, max, sum, floor, ceil, pi, e. Percent signs and
thousand separators are understood. Nothing is executed; lengths and sizes are bounded.

Source: Nodeloom; tools for arithmetic as in Schick et al. 2023, Toolformer (https://arxiv.org/abs/2302.04761).
"""

from typing import Any, Final

from pydantic import BaseModel, Field

from nodes.contract import NodeSpec, Services, Tool, ToolResult
from nodes.tools.arithmetic import ArithmeticProblem, calculate, written
from nodes.tools.tool import ToolConfig, built, failure

DESCRIPTION: Final = "Work out an arithmetic expression exactly, such as (12 + 30) * 4 / 7."


class CalculatorConfig(ToolConfig):
    """Nothing but the name and hint for the model."""


class CalculatorArguments(BaseModel):
    """What the model sends."""

    expression: str = Field(description="The expression, numbers only, such as (3 + 4) * 2")


def make_calculator(config: Any, services: Services) -> Tool:
    """The tool."""

    async def work(arguments: CalculatorArguments) -> ToolResult:
        try:
            value = calculate(arguments.expression)
        except ArithmeticProblem as problem:
            return failure(f"Cannot calculate: {problem}")
        return ToolResult(text=written(value), data=value)

    return built(config, "calculator", DESCRIPTION, CalculatorArguments, work)


calculator = NodeSpec(
    kind="tool.calculator", family="resources", title="Calculator", summary="Works out arithmetic exactly",
    config=CalculatorConfig, outcomes=(), provides="tool", make_tool=make_calculator,
    icon="calculator", doc=__doc__ or "",
    source="Nodeloom; Schick et al. 2023, Toolformer, https://arxiv.org/abs/2302.04761",
)  # fmt: skip
