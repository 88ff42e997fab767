"""Plan one step at a time, knowing what came of the steps before.

Use it in a loop with whoever does the step: ``next`` leads to an agent that is given ``step``; its answer
comes back as ``result``, and this node's own ``plan`` is wired back into ``plan``. Compare "Plan", which
plans all steps at once: this one can take what it learns into account, at the price of a call a step. It
ends ``done`` with the answer, or ``exhausted`` after ``max_steps`` or where it knows no next step.

Source: Ruan et al. 2023, TPTU: Task Planning and Tool Usage of Large Language Model-based AI Agents
(https://arxiv.org/abs/2308.03427), its sequential agent. We deviate: the step is done by the nodes of the
loop, not by the planner itself.
"""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.contract import Attach, Config, Context, Inputs, NodeError, Port, Route, node
from nodes.planning.carry_out import CANNOT, KNOWN
from nodes.planning.steps import Step, new_step, results_of
from nodes.planning.tool_list import tools_known
from nodes.templating import as_text
from nodes.views import plan_view

SYSTEM: Final = """You plan one step at a time. Look at the goal and at what was done. When the results answer the goal,
say so and give the answer. Otherwise name the one next step, a short sentence, different from those that failed."""
ASK: Final = """{context}Goal: {goal}

Done so far:
{done}

Is the goal reached? If not, what is the one next step?"""
NO_STEP: Final = "No step is named, and the goal is not reached. Name what is to be done, or say it is reached."


class PlanNextConfig(Config):
    """How long it may go on, and how to plan."""

    max_steps: int = Field(
        default=8, ge=1, le=100, title="Steps", description="The most that are planned before it gives up.",
        json_schema_extra={"unit": "steps"},
    )  # fmt: skip
    system: str = Field(
        default=SYSTEM, title="System", description="How to plan the next step.", max_length=20_000,
        json_schema_extra={"widget": "textarea", "advanced": True},
    )  # fmt: skip
    temperature: float | None = Field(
        default=0, ge=0, le=2, title="Temperature", description="0: the same each time; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


class NextStep(BaseModel):
    """The reason comes first, so that the decision can follow from it."""

    thought: str = Field(description="One sentence: what is known and what is missing.")
    reached: bool = Field(description="Whether the results answer the goal.")
    text: str = Field(description="The answer if the goal is reached, else the one next step.")


@node(
    kind="planning.plan_next", family="planning", title="Plan the next step",
    summary="One step at a time, from what came of the last", config=PlanNextConfig,
    inputs=(
        Port("goal", "text", "What is to be reached."),
        Port("result", "any", "What came of the last step.", required=False),
        Port("plan", "plan", "The steps so far: this node's own output, wired back.", required=False),
        Port("context", "any", "What is known beside it.", required=False),
    ),
    outputs=(
        Port("step", "text", "What to do now; '' at the end."),
        Port("plan", "plan", "The steps so far; the one to do now is running."),
        Port("answer", "text", "The answer when the goal is reached, else ''."),
    ),
    outcomes=("next", "done", "exhausted"),
    attaches=(
        Attach("model", "model"), Attach("tools", "tool", many=True), Attach("policies", "policy", many=True),
    ),
    bounds_loop=True, model_calls="1 to 2", icon="step-forward",
    source="Ruan et al. 2023, TPTU, https://arxiv.org/abs/2308.03427",
)  # fmt: skip
async def plan_next(inputs: Inputs, config: PlanNextConfig, ctx: Context) -> Route:
    """Note what came of the last step, then ask for the answer or the next one."""
    goal = inputs["goal"].strip()
    if not goal:
        raise NodeError("The goal is empty", mend="Wire a text that says what is to be reached.")
    done = ended(running_steps(inputs.get("plan"), goal), inputs.get("result"))
    if len(done) >= config.max_steps:
        return _end("exhausted", goal, done, "", ctx)
    context = as_text(inputs.get("context"))
    known = KNOWN.format(context=context) if context else ""
    user = ASK.format(context=known, goal=goal, done=results_of(done))
    system = config.system + tools_known(ctx.tools)
    messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
    for turns in (messages, [*messages, {"role": "user", "content": NO_STEP}]):
        said = await ask_for(ctx.model, turns, NextStep, temperature=config.temperature)
        text = said.text.strip()
        if said.reached:
            return _end("done", goal, done, text, ctx)
        if text:
            break
    else:
        ctx.progress("no next step is known, and the goal is not reached")
        return _end("exhausted", goal, done, "", ctx)
    plan = {"goal": goal, "steps": [*done, {**new_step(str(len(done) + 1), text), "status": "running"}]}
    ctx.show(plan_view(plan))
    ctx.progress(f"step {len(done) + 1}: {text}")
    return Route("next", {"step": text, "plan": plan, "answer": ""})


def running_steps(plan: Mapping[str, Any] | None, goal: str) -> list[Step]:
    """The steps of a plan for ``goal`` one of which is being done; [] for another goal or a plan that ended."""
    steps = [dict(step) for step in (plan or {}).get("steps", [])]
    ours = plan is not None and plan.get("goal") == goal and any(step["status"] == "running" for step in steps)
    return steps if ours else []


def ended(steps: list[Step], result: Any) -> list[Step]:
    """``steps`` with ``result`` as what came of the running one: failed where it says CANNOT or nothing."""
    text = as_text(result).strip()
    failed = not text or text.upper().startswith(CANNOT)
    said = text[len(CANNOT) :].strip() if failed else text
    outcome = {"status": "failed" if failed else "done", "result": said or "nothing came back"}
    return [{**step, **outcome} if step["status"] == "running" else step for step in steps]


def _end(outcome: str, goal: str, done: list[Step], answer: str, ctx: Context) -> Route:
    plan = {"goal": goal, "steps": done}
    ctx.show(plan_view(plan))
    return Route(outcome, {"step": "", "plan": plan, "answer": answer})
