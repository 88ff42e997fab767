"""Work through a plan, step by step.

Use it after "Plan". Each step is done by the model, with the attached tools, knowing the goal and the
results so far; when all are done, the answer is written from the results. When a step cannot be done,
the rest of the plan is made anew, at most ``max_replans`` times; after that the node fails.

Source: Wang et al. 2023, Plan-and-Solve Prompting (https://arxiv.org/abs/2305.04091), in the
plan-and-execute form of LangChain 2023 (https://blog.langchain.com/planning-agents/). We deviate: a new
plan is made only after a step failed, not after every step, which saves one call a step.
"""

from typing import Final

from pydantic import Field

from nodes.contract import Attach, Context, Inputs, NodeError, Outputs, Port, node
from nodes.planning.carry_out import ACT, KNOWN, StepConfig, Surroundings, carry_out
from nodes.planning.plan import ask_steps, new_plan, planner_system
from nodes.planning.steps import Step, results_of
from nodes.templating import as_text
from nodes.views import plan_view

ANSWER: Final = """{context}Goal: {goal}

Results of the steps:
{done}

Give the final answer to the goal. Use only these results."""
REPLAN: Final = """Goal: {goal}

Done so far:
{done}

This step could not be done: {step}
Why: {why}

List the steps that still lead to the goal in another way."""


class ExecuteConfig(StepConfig):
    """How much may be spent, and what happens when a step fails."""

    max_replans: int = Field(
        default=1, ge=0, le=5, title="New plans", description="How often the rest is planned anew after a step failed.",
        json_schema_extra={"unit": "times"},
    )  # fmt: skip
    max_steps: int = Field(
        default=10, ge=1, le=50, title="Steps", description="The most that are tried, new plans included.",
        json_schema_extra={"unit": "steps", "advanced": True},
    )  # fmt: skip


@node(
    kind="planning.execute", family="planning", title="Work through a plan",
    summary="Do the steps of a plan one by one", config=ExecuteConfig,
    inputs=(
        Port("plan", "plan", "The plan to work through; steps already done are kept."),
        Port("context", "any", "What is known beside it.", required=False),
    ),
    outputs=(
        Port("answer", "text", "The answer to the goal."),
        Port("plan", "plan", "The plan with the status and result of each step."),
    ),
    attaches=(
        Attach("model", "model"), Attach("tools", "tool", many=True), Attach("policies", "policy", many=True), ACT,
    ),
    model_calls="1 for each step + 1; with tools up to max_calls + 1 for each step", icon="list-checks",
    source="Wang et al. 2023, Plan-and-Solve Prompting, https://arxiv.org/abs/2305.04091",
)  # fmt: skip
async def execute(inputs: Inputs, config: ExecuteConfig, ctx: Context) -> Outputs:
    """Do each open step; plan the rest anew where one fails; answer from the results."""
    goal, context = inputs["plan"].get("goal", ""), as_text(inputs.get("context"))
    done = [step for step in inputs["plan"]["steps"] if step.get("status") == "done"]
    todo = [step for step in inputs["plan"]["steps"] if step.get("status") != "done"]
    replans = 0
    while todo:
        _within(config, len(done))
        step, *todo = todo
        _show(goal, [*done, {**step, "status": "running"}, *todo], ctx)
        ctx.progress(f"step {len(done) + 1}: {step['title']}")
        result = await carry_out(step, Surroundings(goal, context, results_of(done)), config, ctx)
        done = [*done, result]
        if result["status"] == "failed":
            replans += 1
            _show(goal, done, ctx)
            todo = await _replan(goal, done, replans, config, ctx)
    _show(goal, done, ctx)
    return {"answer": await write_answer(goal, context, done, config, ctx), "plan": {"goal": goal, "steps": done}}


async def write_answer(goal: str, context: str, done: list[Step], config: StepConfig, ctx: Context) -> str:
    """The answer to the goal from the results of the steps."""
    known = KNOWN.format(context=context) if context else ""
    user = ANSWER.format(context=known, goal=goal, done=results_of(done))
    return (await ctx.model.chat([{"role": "user", "content": user}], temperature=config.temperature)).text


def _show(goal: str, steps: list[Step], ctx: Context) -> None:
    ctx.show(plan_view({"goal": goal, "steps": steps}))


def _within(config: ExecuteConfig, tried: int) -> None:
    if tried >= config.max_steps:
        raise NodeError(
            f"{tried} steps were tried and the plan is not done", mend="Raise 'Steps', or plan fewer of them."
        )


async def _replan(goal: str, done: list[Step], replans: int, config: ExecuteConfig, ctx: Context) -> list[Step]:
    failed = done[-1]
    if replans > config.max_replans:
        raise NodeError(
            f"Step {len(done)} ({failed['title']!r}) could not be done: {failed['result']}",
            mend="Give the node the tools or facts it lacks, raise 'New plans', or lead its error somewhere.",
        )
    ctx.progress(f"step {len(done)} could not be done; planning the rest anew ({replans} of {config.max_replans})")
    left = max(config.max_steps - len(done), 1)
    user = REPLAN.format(goal=goal, done=results_of(done[:-1]), step=failed["title"], why=failed["result"])
    messages = [{"role": "system", "content": planner_system(left, ctx.tools)}, {"role": "user", "content": user}]
    return new_plan(goal, await ask_steps(messages, left, config.temperature, ctx), first=len(done) + 1)["steps"]
