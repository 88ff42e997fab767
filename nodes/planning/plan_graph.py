"""Break a goal into steps and say which step needs which.

Use it before "Work through a graph" when parts of the work do not depend on each other: those then run at
the same time. What the model says is checked: a step may need only steps there are, and none may wait for
itself by a detour. A plan with such a fault is sent back once with the faults named; where the second has one
too, only needs of earlier steps are kept, since the steps were asked for in order, and the progress says so.

Source: Lin et al. 2024, Graph-enhanced Large Language Models in Asynchronous Plan Reasoning, PLaG
(https://arxiv.org/abs/2402.02805). We deviate: the graph is the plan itself, held by schema, where the paper
puts a graph into the prompt and asks for the answer; and it bears no durations.
"""

from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel, Field, create_model

from nodes.answers import ask_for
from nodes.contract import Attach, Context, Inputs, NodeError, Outputs, Port, node
from nodes.planning.plan import NUMBERED, PlanConfig, planner_system
from nodes.planning.steps import Step, new_step, problems_of
from nodes.templating import as_text, render
from nodes.views import plan_view

ASK: Final = """{context}Goal: {goal}

List the steps. Number them from 1. For each step give "needs": the numbers of the steps whose results it uses.
Steps that can be done at once need nothing of each other. Example: 1 boil water, needs []; 2 find a cup,
needs []; 3 make tea, needs [1, 2]."""
CONTEXT: Final = "What is known:\n{context}\n\n"
AGAIN: Final = "This plan cannot be followed: {problems}. Give the whole plan again, mended."


class GraphStep(BaseModel):
    """One step as the model writes it."""

    title: str = Field(description="One short sentence that says what to do.")
    needs: list[int] = Field(description="Numbers of the steps whose results it uses; [] for none.")


@node(
    kind="planning.plan_graph", family="planning", title="Plan as a graph",
    summary="Steps, and which step needs which", config=PlanConfig,
    inputs=(
        Port("goal", "text", "What is to be reached."),
        Port("context", "any", "What is known: recalled memories, documents, ...", required=False),
    ),
    outputs=(
        Port("plan", "plan", "The steps, all open, each with what it needs."),
        Port("steps", "text", "The steps as a numbered list, with what they need."),
    ),
    attaches=(
        Attach("model", "model"), Attach("tools", "tool", many=True), Attach("policies", "policy", many=True),
    ),
    template_fields=("advice",), model_calls="1 to 2", icon="network",
    source="Lin et al. 2024, PLaG, https://arxiv.org/abs/2402.02805",
)  # fmt: skip
async def plan_graph(inputs: Inputs, config: PlanConfig, ctx: Context) -> Outputs:
    """Ask for the graph; once more where it cannot be followed."""
    goal, context = inputs["goal"].strip(), as_text(inputs.get("context"))
    if not goal:
        raise NodeError("The goal is empty", mend="Wire a text that says what is to be reached.")
    user = ASK.format(context=CONTEXT.format(context=context) if context else "", goal=goal)
    system = planner_system(config.max_steps, ctx.tools, render(config.advice, inputs))
    messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
    plan = {"goal": goal, "steps": await _ask(messages, config, ctx)}
    if problems := problems_of(plan):
        ctx.progress(f"asked again: {'; '.join(problems)}")
        again = {"role": "user", "content": AGAIN.format(problems="; ".join(problems))}
        said = {"role": "assistant", "content": _lines(plan["steps"])}
        plan["steps"] = await _ask([*messages, said, again], config, ctx)
    if problems := problems_of(plan):
        ctx.progress(f"needs of no earlier step left out: {'; '.join(problems)}")
        plan["steps"] = _in_order(plan["steps"])
    if problems := problems_of(plan):
        raise NodeError(
            f"The model's plan cannot be followed: {'; '.join(problems)}",
            mend="Say the goal more concretely, ask for fewer steps, or use a stronger model.",
        )
    ctx.show(plan_view(plan))
    return {"plan": plan, "steps": _lines(plan["steps"])}


async def _ask(messages: list[dict[str, Any]], config: PlanConfig, ctx: Context) -> list[Step]:
    """The steps as the model says them, cut to as many as are allowed."""
    answer: Any = await ask_for(ctx.model, messages, graph_schema(config.max_steps), temperature=config.temperature)
    said: list[GraphStep] = answer.steps[: config.max_steps]
    return [
        new_step(str(number), NUMBERED.sub("", step.title.strip()), needs=[str(need) for need in step.needs])
        for number, step in enumerate(said, start=1)
    ]


def _in_order(steps: list[Step]) -> list[Step]:
    """The steps, each with what it needs of those before it."""
    before = [{each["id"] for each in steps[:at]} for at in range(len(steps))]
    return [
        {**step, "needs": [need for need in step["needs"] if need in known]}
        for step, known in zip(steps, before, strict=True)
    ]


def _lines(steps: list[Step]) -> str:
    return "\n".join(
        f"{step['id']}. {step['title']}" + (f" (needs {', '.join(step['needs'])})" if step["needs"] else "")
        for step in steps
    )


@lru_cache(maxsize=64)
def graph_schema(max_steps: int) -> type[BaseModel]:
    """``{"steps": [{"title", "needs"}]}``. The bound guides the grammar; a longer list is cut."""
    steps = Field(description="The steps in order.", json_schema_extra={"minItems": 1, "maxItems": max_steps})
    return create_model("Graph", steps=(list[GraphStep], steps))
