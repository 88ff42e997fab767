"""Work through a plan, step by step.

Use it after "Plan". Each step is done by the model, with the attached tools, knowing the goal and the
results so far; when all are done, the answer is written from the results. When a step cannot be done,
the rest of the plan is made anew, at most ``max_replans`` times; after that the node fails.

Source: Wang et al. 2023, Plan-and-Solve Prompting (https://arxiv.org/abs/2305.04091), in the
plan-and-execute form of LangChain 2023 (https://blog.langchain.com/planning-agents/). We deviate: a new
plan is made only after a step failed, not after every step, which saves one call a step.
"""

from typing import Any, Final

from pydantic import Field

from nodes.contract import Attach, Config, Context, Inputs, NodeError, Outputs, Port, node
from nodes.planning.plan import ask_steps, new_plan, planner_system
from nodes.templating import as_text

SYSTEM: Final = """You carry out one step of a plan. Do this step only, and say its result in as few words as it needs.
Use a tool when it helps. If the step cannot be done, answer with one line that begins with CANNOT: and says why."""
STEP: Final = """{context}Goal: {goal}

Done so far:
{done}

Do this step now: {step}"""
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
CANNOT: Final = "CANNOT:"


class ExecuteConfig(Config):
    """How much may be spent on a step, and what happens when one fails."""

    max_calls: int = Field(
        default=4, ge=1, le=50, title="Tool calls a step", description="The most one step may make.",
        json_schema_extra={"unit": "calls"},
    )  # fmt: skip
    max_replans: int = Field(
        default=1, ge=0, le=5, title="New plans", description="How often the rest is planned anew after a step failed.",
        json_schema_extra={"unit": "times"},
    )  # fmt: skip
    max_steps: int = Field(
        default=10, ge=1, le=50, title="Steps", description="The most that are tried, new plans included.",
        json_schema_extra={"unit": "steps", "advanced": True},
    )  # fmt: skip
    system: str = Field(
        default=SYSTEM, title="System", description="How a step is to be done.", max_length=20_000,
        json_schema_extra={"widget": "textarea", "advanced": True},
    )  # fmt: skip
    temperature: float | None = Field(
        default=None, ge=0, le=2, title="Temperature", description="0: the same each time; empty: the model's own.",
        json_schema_extra={"advanced": True},
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
    attaches=(Attach("model", "model"), Attach("tools", "tool", many=True)),
    model_calls="1 for each step + 1; with tools up to max_calls + 1 for each step", icon="checklist",
    source="Wang et al. 2023, Plan-and-Solve Prompting, https://arxiv.org/abs/2305.04091",
)  # fmt: skip
async def execute(inputs: Inputs, config: ExecuteConfig, ctx: Context) -> Outputs:
    """Do each open step; plan the rest anew where one fails; answer from the results."""
    goal, context = inputs["plan"].get("goal", ""), as_text(inputs.get("context"))
    known = f"What is known:\n{context}\n\n" if context else ""
    done = [step for step in inputs["plan"]["steps"] if step.get("status") == "done"]
    todo = [step for step in inputs["plan"]["steps"] if step.get("status") != "done"]
    replans = 0
    while todo:
        _within(config, len(done))
        step, *todo = todo
        ctx.progress(f"step {len(done) + 1}: {step['title']}")
        result = await _do(
            step, STEP.format(context=known, goal=goal, done=_results(done), step=step["title"]), config, ctx
        )
        done = [*done, result]
        if result["status"] == "failed":
            replans += 1
            todo = await _replan(goal, done, replans, config, ctx)
    answer = await ctx.model.chat(
        [{"role": "user", "content": ANSWER.format(context=known, goal=goal, done=_results(done))}],
        temperature=config.temperature,
    )
    return {"answer": answer.text, "plan": {"goal": goal, "steps": done}}


def _within(config: ExecuteConfig, tried: int) -> None:
    if tried >= config.max_steps:
        raise NodeError(
            f"{tried} steps were tried and the plan is not done", mend="Raise 'Steps', or plan fewer of them."
        )


async def _do(step: dict[str, Any], task: str, config: ExecuteConfig, ctx: Context) -> dict[str, Any]:
    """The step with its result; ``failed`` when the model says so or has nothing to say."""
    messages = [{"role": "system", "content": config.system}, {"role": "user", "content": task}]
    if ctx.tools:
        turn = await ctx.agent(messages, tools=ctx.tools, max_calls=config.max_calls, temperature=config.temperature)
        text = turn.text.strip() or f"{CANNOT} no answer after {turn.tool_calls} tool calls"
    else:
        reply = await ctx.model.chat(messages, temperature=config.temperature)
        text = reply.text.strip() or f"{CANNOT} no answer"
    failed = text.upper().startswith(CANNOT)
    result = text[len(CANNOT) :].strip() if failed else text
    return {**step, "status": "failed" if failed else "done", "result": result}


async def _replan(
    goal: str, done: list[dict[str, Any]], replans: int, config: ExecuteConfig, ctx: Context
) -> list[dict[str, Any]]:
    failed = done[-1]
    if replans > config.max_replans:
        raise NodeError(
            f"Step {len(done)} ({failed['title']!r}) could not be done: {failed['result']}",
            mend="Give the node the tools or facts it lacks, raise 'New plans', or lead its error somewhere.",
        )
    ctx.progress(f"step {len(done)} could not be done; planning the rest anew ({replans} of {config.max_replans})")
    left = max(config.max_steps - len(done), 1)
    user = REPLAN.format(goal=goal, done=_results(done[:-1]), step=failed["title"], why=failed["result"])
    messages = [{"role": "system", "content": planner_system(left, ctx.tools)}, {"role": "user", "content": user}]
    return new_plan(goal, await ask_steps(messages, left, config.temperature, ctx), first=len(done) + 1)["steps"]


def _results(done: list[dict[str, Any]]) -> str:
    lines = [
        f"{number}. {step['title']}: {'could not be done: ' if step['status'] == 'failed' else ''}{step['result']}"
        for number, step in enumerate(done, start=1)
    ]
    return "\n".join(lines) or "nothing yet"
