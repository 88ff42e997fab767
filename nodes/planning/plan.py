"""Break a goal into numbered steps.

Use it before "Work through a plan", or put its steps into an agent's prompt. Tools attached here are
named to the planner, so that it plans with what there is; it does not call them.

Source: Wang et al. 2023, Plan-and-Solve Prompting (https://arxiv.org/abs/2305.04091). We deviate: the
paper plans and solves in one answer; here the plan is an answer of its own, held by schema to a list of
steps, so that it can be shown, checked, and worked through step by step.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel, Field, create_model

from nodes.answers import ask_for
from nodes.contract import Attach, Config, Context, Inputs, NodeError, Outputs, Port, Tool, node
from nodes.planning.tool_list import tools_known
from nodes.templating import Template, as_text, render
from nodes.views import plan_view

SYSTEM: Final = """You make plans. First understand the goal, then list the steps that reach it.
Each step is one short sentence that says what to do. Later steps may use the results of earlier ones.
Use as few steps as are needed, at most {max_steps}. Do not carry the steps out."""
GOAL: Final = "{context}Goal: {goal}\n\nList the steps."
CONTEXT: Final = "What is known:\n{context}\n\n"
NUMBERED: Final = re.compile(r"^(?:step\s+)?\d{1,2}[.):]\s+", re.IGNORECASE)
"""Small models number the steps although the list does."""


class PlanConfig(Config):
    """How long the plan may be, and what to mind."""

    max_steps: int = Field(
        default=5,
        ge=1,
        le=20,
        title="Steps",
        description="The most a plan may have.",
        json_schema_extra={"unit": "steps"},
    )
    advice: Template = Field(
        default="", title="Advice", description="What the planner shall mind; {{name}} makes an input.",
        max_length=10_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    temperature: float | None = Field(
        default=0, ge=0, le=2, title="Temperature", description="0: the same each time; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


@node(
    kind="planning.plan", family="planning", title="Plan", summary="Break a goal into numbered steps",
    config=PlanConfig,
    inputs=(
        Port("goal", "text", "What is to be reached."),
        Port("context", "any", "What is known: recalled memories, documents, ...", required=False),
    ),
    outputs=(Port("plan", "plan", "The steps, all open."), Port("steps", "text", "The steps as a numbered list.")),
    attaches=(
        Attach("model", "model"), Attach("tools", "tool", many=True), Attach("policies", "policy", many=True),
    ),
    template_fields=("advice",), model_calls="1", icon="list", source="Wang et al. 2023, Plan-and-Solve Prompting, https://arxiv.org/abs/2305.04091",
)  # fmt: skip
async def plan(inputs: Inputs, config: PlanConfig, ctx: Context) -> Outputs:
    """Ask for the steps and number them."""
    goal = inputs["goal"].strip()
    if not goal:
        raise NodeError("The goal is empty", mend="Wire a text that says what is to be reached.")
    context = as_text(inputs.get("context"))
    user = GOAL.format(context=CONTEXT.format(context=context) if context else "", goal=goal)
    system = planner_system(config.max_steps, ctx.tools, render(config.advice, inputs))
    messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
    made = new_plan(goal, await ask_steps(messages, config.max_steps, config.temperature, ctx))
    ctx.show(plan_view(made))
    return {"plan": made, "steps": as_text(made)}


def planner_system(max_steps: int, tools: Sequence[Tool], advice: str = "") -> str:
    """The planner's system turn: how to plan, the tools there are, and the designer's advice."""
    known = SYSTEM.format(max_steps=max_steps) + tools_known(tools)
    return known + (f"\n\n{advice.strip()}" if advice.strip() else "")


async def ask_steps(
    messages: list[dict[str, Any]], max_steps: int, temperature: float | None, ctx: Context
) -> list[str]:
    """The titles of the steps, at most ``max_steps``. Raises NodeError when there are none."""
    answer: Any = await ask_for(ctx.model, messages, steps_schema(max_steps), temperature=temperature)
    titles = [title for step in answer.steps if (title := NUMBERED.sub("", step.strip()))][:max_steps]
    if not titles:
        raise NodeError(
            "The model made a plan without steps", mend="Say the goal more concretely, or use a stronger model."
        )
    return titles


def new_plan(goal: str, titles: Sequence[str], *, first: int = 1) -> dict[str, Any]:
    """A plan whose steps are all open, with ids from ``first``."""
    steps = [
        {"id": str(number), "title": title, "status": "open", "result": None}
        for number, title in enumerate(titles, start=first)
    ]
    return {"goal": goal, "steps": steps}


@lru_cache(maxsize=64)
def steps_schema(max_steps: int) -> type[BaseModel]:
    """``{"steps": [...]}``. The bound guides the grammar; a longer list is cut, not refused."""
    steps = Field(description="The steps in order.", json_schema_extra={"minItems": 1, "maxItems": max_steps})
    return create_model("Steps", steps=(list[str], steps))
