"""Revise the whole plan after each step, by what the step brought to light.

Use it in a loop: wire "Plan" and this node's own ``plan`` into ``plan``, ``next`` to whoever does ``step``,
and what comes of it into ``observation``. The first visit begins the plan without a call; each later one
notes the observation and lets the model keep, change or end what is left. It ends ``done`` when nothing is
left, ``exhausted`` after ``max_steps`` or where no step is left and the goal is not reached. "Work through a
plan" makes a new plan only after a failure.

Source: Sun et al. 2023, AdaPlanner (https://arxiv.org/abs/2305.16653); Chen et al. 2025, GoalAct: Enhancing
LLM-Based Agents via Global Planning and Hierarchical Execution. We deviate: a step is one sentence, and
which skill does it is left to the nodes of the loop.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field, create_model

from nodes.answers import ask_for
from nodes.contract import Attach, Context, Inputs, Port, Route, node
from nodes.planning.carry_out import KNOWN
from nodes.planning.plan import NUMBERED
from nodes.planning.plan_next import NO_STEP, PlanNextConfig, ended
from nodes.planning.steps import Step, new_step, results_of, steps_of
from nodes.planning.tool_list import tools_known
from nodes.templating import as_text
from nodes.views import plan_view

SYSTEM: Final = """You keep a plan up to date. Look at what the last step brought to light. Keep the steps that are
still right word for word, change or leave out those that are not, add what is now needed. When the results
already reach the goal, no step is left."""
ASK: Final = """{context}Goal: {goal}

Done so far:
{done}

Steps left:
{left}

Which steps are left now?"""


class ReplanConfig(PlanNextConfig):
    """How long it may go on, and how to revise."""

    max_steps: int = Field(
        default=12, ge=1, le=100, title="Steps", description="The most that are done before it gives up.",
        json_schema_extra={"unit": "steps"},
    )  # fmt: skip
    system: str = Field(
        default=SYSTEM, title="System", description="How to revise the plan.", max_length=20_000,
        json_schema_extra={"widget": "textarea", "advanced": True},
    )  # fmt: skip


@node(
    kind="planning.replan", family="planning", title="Revise the plan",
    summary="A whole plan, revised after each step", config=ReplanConfig,
    inputs=(
        Port("plan", "plan", "The plan: at first from a planner, then this node's own, wired back."),
        Port("observation", "any", "What came of the step that is running.", required=False),
        Port("context", "any", "What is known beside it.", required=False),
    ),
    outputs=(
        Port("step", "text", "What to do now; '' at the end."),
        Port("plan", "plan", "The plan as revised; the step to do now is running."),
        Port("results", "text", "What came of the steps so far."),
        Port("changed", "boolean", "Whether what is left was changed."),
    ),
    outcomes=("next", "done", "exhausted"),
    attaches=(
        Attach("model", "model"), Attach("tools", "tool", many=True), Attach("policies", "policy", many=True),
    ),
    bounds_loop=True, model_calls="0 to 2", icon="refresh-cw",
    source="Sun et al. 2023, AdaPlanner, https://arxiv.org/abs/2305.16653",
)  # fmt: skip
async def replan(inputs: Inputs, config: ReplanConfig, ctx: Context) -> Route:
    """Note the observation, revise what is left, begin its first step."""
    plan: Mapping[str, Any] = inputs["plan"]
    before = steps_of(plan)
    steps = ended(before, inputs.get("observation"))
    done = [step for step in steps if step["status"] in ("done", "failed")]
    left = [step for step in steps if step["status"] == "open"]
    goal, fresh = plan.get("goal", ""), left
    if steps != before:
        if len(done) >= config.max_steps:
            return _end("exhausted", goal, done, left, ctx)
        titles = await _revised(goal, done, left, as_text(inputs.get("context")), config, ctx)
        if titles is None:
            ctx.progress("no step is left, and the goal is not reached")
            return _end("exhausted", goal, done, left, ctx)
        fresh = [new_step(str(number), title) for number, title in enumerate(titles, start=len(done) + 1)]
    changed = [step["title"] for step in fresh] != [step["title"] for step in left]
    if changed:
        ctx.progress(f"plan changed after step {len(done)}: {len(fresh)} left")
    if not fresh:
        return _end("done", goal, done, [], ctx, changed=changed)
    now = {**fresh[0], "status": "running"}
    revised = {"goal": goal, "steps": [*done, now, *fresh[1:]]}
    ctx.show(plan_view(revised))
    outputs = {"step": now["title"], "plan": revised, "results": results_of(done), "changed": changed}
    return Route("next", outputs)


async def _revised(
    goal: str, done: list[Step], left: list[Step], context: str, config: ReplanConfig, ctx: Context
) -> list[str] | None:
    """The titles of the steps that are left now; None where it knows none, though the goal is not reached."""
    room = config.max_steps - len(done)
    user = ASK.format(
        context=KNOWN.format(context=context) if context else "", goal=goal, done=results_of(done),
        left="\n".join(f"- {step['title']}" for step in left) or "none",
    )  # fmt: skip
    system = config.system + tools_known(ctx.tools)
    messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
    schema: Any = revision_schema(room)
    for turns in (messages, [*messages, {"role": "user", "content": NO_STEP}]):
        answer = await ask_for(ctx.model, turns, schema, temperature=config.temperature)
        titles = [title for step in answer.steps if (title := NUMBERED.sub("", step.strip()))][:room]
        if answer.reached or titles:
            return [] if answer.reached else titles
    return None


def _end(outcome: str, goal: str, done: list[Step], left: list[Step], ctx: Context, *, changed: bool = False) -> Route:
    plan = {"goal": goal, "steps": [*done, *({**step, "status": "skipped"} for step in left)]}
    ctx.show(plan_view(plan))
    return Route(outcome, {"step": "", "plan": plan, "results": results_of(done), "changed": changed})


@lru_cache(maxsize=64)
def revision_schema(max_steps: int) -> type[BaseModel]:
    """``{"thought", "reached", "steps"}``. The bounds guide the grammar, so that a small model comes to an end.

    A longer list is cut.
    """
    titles: Any = list[Annotated[str, Field(json_schema_extra={"maxLength": 300})]]
    return create_model(
        "Revision",
        thought=(
            str,
            Field(description="One sentence: what the last step changes.", json_schema_extra={"maxLength": 400}),
        ),
        reached=(bool, Field(description="Whether the results already reach the goal.")),
        steps=(titles, Field(description="The steps left, in order.", json_schema_extra={"maxItems": max_steps})),
    )
