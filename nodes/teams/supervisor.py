"""A supervisor hands pieces of a task to the members, reads each result, and ends with the answer.

Use it where one mind should keep the whole in view and specialists do the work. Before each step the
supervisor says in a form what is missing, who shall do it and how; a member sees only its instruction and
the results the supervisor has. It ends when the supervisor says so, when it orders the same thing twice, or
after ``max_delegations``; the answer is written from the results.

Source: Liu et al. 2023, BOLAA (https://arxiv.org/abs/2308.05960), a controller over labour agents; Fourney et
al. 2024, Magentic-One (https://arxiv.org/abs/2411.04468), whose ledgers we leave out here.
"""

from collections.abc import Sequence
from typing import Any, Final

from pydantic import Field

from nodes.answers import ask_for
from nodes.contract import Config, Context, Inputs, NodeError, Outputs, Port, Role, node
from nodes.teams.choices import order_schema
from nodes.teams.members import MEMBERS, TEAM, WITH_TOOLS, MemberSpec, ask, members_of, profiles, transcript, user
from nodes.templating import as_text
from nodes.views import chat_view

FINISH: Final = "finish"
SUPERVISE: Final = """You lead a team. You do not do the work yourself; you give it out piece by piece.

Your team:
{roster}

Task:
{task}

Results so far:
{results}

What is the next piece of work, and who does it? When the results are enough for the answer, choose finish."""
WORK: Final = """{instruction}

It is a part of this task: {task}

What is known so far:
{results}

Do your part only, and say its result."""
ANSWER: Final = """Task:
{task}

Results of the team:
{results}

Write the answer to the task. Use only these results."""


class SupervisorConfig(Config):
    """The team and its limit."""

    members: tuple[MemberSpec, ...] = Field(
        default=(
            MemberSpec(name="Analyst", persona="You analyse: you work out facts and numbers step by step.",
                       skills="facts, numbers, logic"),
            MemberSpec(name="Writer", persona="You write clear and short texts.", skills="wording"),
            MemberSpec(name="Checker", persona="You check results and say what is wrong in them.", skills="mistakes"),
        ),
        title="Members", description="The team where no role is attached.", max_length=12,
    )  # fmt: skip
    max_delegations: int = Field(
        default=4, ge=1, le=40, title="Delegations", description="The most pieces of work that are given out.",
        json_schema_extra={"unit": "pieces"},
    )  # fmt: skip
    temperature: float | None = Field(
        default=None, ge=0, le=2, title="Temperature", description="Of the members; empty: their model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


@node(
    kind="teams.supervisor", family="teams", title="Supervisor", summary="One leads, the members do the work",
    config=SupervisorConfig,
    inputs=(Port("task", "any", "What is to be done."), MEMBERS),
    outputs=(
        Port("answer", "text", "The answer to the task."),
        Port("delegations", "list[record]", "Each piece of work: member, instruction, result."),
    ),
    attaches=TEAM, model_calls=f"2 for each delegation + 2, up to 2 x max_delegations + 2{WITH_TOOLS}", icon="network",
    source="Liu et al. 2023, BOLAA, https://arxiv.org/abs/2308.05960",
)  # fmt: skip
async def supervisor(inputs: Inputs, config: SupervisorConfig, ctx: Context) -> Outputs:
    """Order, work, read the result; until it is enough. Then answer."""
    task = as_text(inputs["task"])
    if not task.strip():
        raise NodeError("The task is empty", mend="Wire in what is to be done.")
    team, done = members_of(ctx, config.members, inputs.get("members")), list[dict[str, str]]()
    members = {each.name: each for each in team}
    while len(done) < config.max_delegations:
        order = await _order(team, task, done, ctx)
        given = {"member": order.to, "instruction": order.instruction.strip()}
        if order.to == FINISH or any(given.items() <= each.items() for each in done):
            break
        ctx.progress(f"{len(done) + 1} of {config.max_delegations}: {order.to}")
        prompt = WORK.format(instruction=given["instruction"], task=task, results=_results(done))
        result = await ask(ctx, members[order.to], user(prompt), temperature=config.temperature)
        done.append({**given, "result": result})
        _show(done, ctx)
    reply = await ctx.model.chat([user(ANSWER.format(task=task, results=_results(done)))])
    return {"answer": reply.text.strip(), "delegations": done}


async def _order(members: Sequence[Role], task: str, done: Sequence[dict[str, str]], ctx: Context) -> Any:
    asked = user(SUPERVISE.format(roster=profiles(members), task=task, results=_results(done)))
    return await ask_for(ctx.model, [asked], order_schema(tuple(each.name for each in members), FINISH), temperature=0)


def _results(done: Sequence[dict[str, str]]) -> str:
    return transcript(
        [{"speaker": each["member"], "text": f"({each['instruction']}) {each['result']}"} for each in done]
    )


def _show(done: Sequence[dict[str, str]], ctx: Context) -> None:
    turns = [
        turn
        for each in done
        for turn in (
            {"speaker": "supervisor", "to": each["member"], "text": each["instruction"]},
            {"speaker": each["member"], "to": "supervisor", "text": each["result"]},
        )
    ]
    ctx.show(chat_view(turns))
