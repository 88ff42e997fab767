"""Do one step of a plan: by the attached sub-workflow, by an agent with the attached tools, or by the model."""

from typing import Any, Final, NamedTuple

from pydantic import Field

from nodes.contract import Attach, Config, Context, NodeError, Port
from nodes.planning.steps import Step

SYSTEM: Final = """You carry out one step of a plan. Do this step only, and say its result in as few words as it needs.
Use a tool when it helps. If the step cannot be done, answer with one line that begins with CANNOT: and says why."""
STEP: Final = """{context}Goal: {goal}

Done so far:
{done}

Do this step now: {step}"""
KNOWN: Final = "What is known:\n{context}\n\n"
CANNOT: Final = "CANNOT:"
ACT: Final = Attach(
    "act", "workflow", description="Does a step; else the model does, with the tools.",
    takes=(
        Port("goal", "text", "What the plan is for."),
        Port("step", "text", "What is to be done now."),
        Port("done", "text", "The results this step may use, a line each."),
        Port("context", "text", "What is known beside them; may be ''."),
    ),
    gives=(
        Port("result", "text", "What came of it."),
        Port("failed", "boolean", "Whether it could not be done; then the result says why.", required=False),
    ),
)  # fmt: skip


class StepConfig(Config):
    """How much may be spent on a step, and how it is to be done."""

    max_calls: int = Field(
        default=4, ge=1, le=50, title="Tool calls a step", description="The most one step may make.",
        json_schema_extra={"unit": "calls"},
    )  # fmt: skip
    system: str = Field(
        default=SYSTEM, title="System", description="How a step is to be done.", max_length=20_000,
        json_schema_extra={"widget": "textarea", "advanced": True},
    )  # fmt: skip
    temperature: float | None = Field(
        default=None, ge=0, le=2, title="Temperature", description="0: the same each time; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


class Surroundings(NamedTuple):
    """What a step is done for and with."""

    goal: str
    context: str
    """What is known beside the results; may be ''."""
    done: str
    """The results it may use."""


async def carry_out(step: Step, around: Surroundings, config: StepConfig, ctx: Context) -> Step:
    """The step ``done`` with its result, or ``failed`` with the reason: nothing was said, or CANNOT."""
    part = ctx.subworkflow("act")
    if part is not None:
        given = await part.run({**around._asdict(), "step": step["title"]})
        return _ended(step, given.get("result"), given.get("failed", False))
    known = KNOWN.format(context=around.context) if around.context else ""
    task = STEP.format(context=known, goal=around.goal, done=around.done, step=step["title"])
    messages = [{"role": "system", "content": config.system}, {"role": "user", "content": task}]
    if ctx.tools:
        turn = await ctx.agent(messages, tools=ctx.tools, max_calls=config.max_calls, temperature=config.temperature)
        text = turn.text.strip() or f"{CANNOT} no answer after {turn.tool_calls} tool calls"
    else:
        reply = await ctx.model.chat(messages, temperature=config.temperature)
        text = reply.text.strip() or f"{CANNOT} no answer"
    failed = text.upper().startswith(CANNOT)
    return _ended(step, text[len(CANNOT) :].strip() if failed else text, failed)


def _ended(step: Step, result: Any, failed: Any) -> Step:
    if not isinstance(result, str) or not isinstance(failed, bool):
        raise NodeError(
            f"What is attached at 'act' gave {result!r} as 'result' and {failed!r} as 'failed'",
            mend="It has to give a text, and true or false.",
        )
    return {**step, "status": "failed" if failed else "done", "result": result}
