"""Announce tasks, let members bid, award each to the best bid, and collect the reports.

Use it where it is not known who can do what: the members say so themselves. Each task is announced to all;
every member bids with its confidence and its cost, or declines; the best bid is awarded, where confidence
counts ``weight`` and cheapness the rest. The manager inspects each report; a contractor that did not do the
task loses it to the next best bid. Tasks are wired in as a list, or the goal is one task.

Source: Smith 1980, The Contract Net Protocol: High-Level Communication and Control in a Distributed Problem
Solver, IEEE Transactions on Computers C-29(12). We deviate: bids are forms filled by language models, and
tasks are announced one after another, so that later bids know the load.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.bounded import together
from nodes.contract import AnswerError, Config, Context, Inputs, NodeError, Port, Role, Route, node
from nodes.teams.members import MEMBERS, TEAM, WITH_TOOLS, MemberSpec, ask, ask_member_for, members_of, user
from nodes.templating import as_text
from nodes.views import table_view

BID: Final = """You are {name}. You are good at: {skills}.
This task is announced: {task}

You have {load} task(s) already. Others are good at other things: the task shall go to whom it fits best.
Bid for it. Confidence 1 to 3: not my field; 4 to 7: I could do it; 8 to 10: exactly what I am good at."""
WORK: Final = """Goal: {goal}

Reports so far:
{reports}

You were awarded this task: {task}
Do it and report the result, nothing else."""
INSPECT: Final = (
    "Task: {task}\n\nReport:\n{result}\n\nIs the task done in this report? Not, when it only says that it cannot be."
)


class ContractNetConfig(Config):
    """Who bids, and what wins."""

    members: tuple[MemberSpec, ...] = Field(
        default=(
            MemberSpec(name="Mathematician", persona="You calculate exactly.", skills="numbers, logic"),
            MemberSpec(name="Writer", persona="You write clear texts.", skills="wording, summaries"),
            MemberSpec(name="Generalist", persona="You know a little of everything.", skills="general knowledge"),
        ),
        title="Members", description="The bidders where no role is attached.", max_length=20,
    )  # fmt: skip
    weight: float = Field(
        default=0.7, ge=0, le=1, title="Weight of confidence", description="Of a bid's worth; the rest is cheapness."
    )
    max_awards: int = Field(
        default=2, ge=1, le=10, title="Awards", description="How many may try one task, the best bid first.",
        json_schema_extra={"unit": "members"},
    )  # fmt: skip
    max_tasks: int = Field(
        default=8, ge=1, le=50, title="Tasks", description="The most that are announced.",
        json_schema_extra={"unit": "tasks"},
    )  # fmt: skip


class Bid(BaseModel):
    """What a member offers."""

    fit: str = Field(default="", description="Which of your skills it needs, or none", max_length=200)
    able: bool = Field(description="Whether you can do it at all")
    confidence: int = Field(ge=1, le=10, description="How sure you are to do it well: 1 to 10")
    cost: int = Field(ge=1, le=10, description="Effort it takes you: 1 little, 10 very much")


class Inspection(BaseModel):
    """What the manager finds in a report."""

    done: bool = Field(description="Whether the report holds a result of the task")


@dataclass(frozen=True)
class _Offer:
    member: Role
    bid: Bid
    worth: float


@node(
    kind="teams.contract_net", family="teams", title="Contract net", summary="Announce, bid, award, execute, report",
    config=ContractNetConfig,
    inputs=(
        Port("goal", "any", "What is to be reached; the only task where no tasks are wired."),
        Port("tasks", "list[text]", "The tasks that are announced one after another.", required=False),
        MEMBERS,
    ),
    outputs=(
        Port("reports", "list[record]", "Each task: task, member ('' where nobody did it), result."),
        Port("answer", "text", "The reports as one text."),
        Port("bids", "list[record]", "Each bid: task, member, able, confidence, cost, worth (0 to 1), awarded."),
    ),
    outcomes=("done", "unassigned"), attaches=TEAM, icon="handshake",
    model_calls=f"members + 2 for each task, up to members + 2 x max_awards{WITH_TOOLS}",
    source="Smith 1980, The Contract Net Protocol",
)  # fmt: skip
async def contract_net(inputs: Inputs, config: ContractNetConfig, ctx: Context) -> Route:
    """For each task: announce, collect bids, award until a contractor reports a result."""
    goal = as_text(inputs["goal"])
    tasks = [task for task in inputs.get("tasks") or [goal] if task.strip()]
    if not tasks:
        raise NodeError("There is no task to announce", mend="Wire a goal or a list of tasks.")
    if len(tasks) > config.max_tasks:
        raise NodeError(f"{len(tasks)} tasks are wired, and 'Tasks' is {config.max_tasks}", mend="Raise 'Tasks'.")
    members = members_of(ctx, config.members, inputs.get("members"))
    reports, bids = list[dict[str, str]](), list[dict[str, Any]]()
    for task in tasks:
        ctx.progress(f"announced: {task[:80]}")
        offers = await _offers(members, task, reports, config)
        report, tried = await _awarded(offers, goal, task, reports, config, ctx)
        reports.append(report)
        bids += [_record(task, offer, offer.member.name in tried) for offer in offers]
        _show(bids, ctx)
    answer = "\n\n".join(f"{each['task']}\n{each['result']}" for each in reports)
    outcome = "done" if all(each["member"] for each in reports) else "unassigned"
    return Route(outcome, {"reports": reports, "answer": answer, "bids": bids})


async def _offers(
    members: Sequence[Role], task: str, reports: Sequence[dict[str, str]], config: ContractNetConfig
) -> list[_Offer]:
    """Everybody's bid; who cannot fill the form declines."""

    async def offer(member: Role) -> _Offer:
        load = sum(each["member"] == member.name for each in reports)
        asked = BID.format(name=member.name, skills=member.skills or member.persona or "anything", task=task, load=load)
        try:
            bid = await ask_member_for(member, Bid, user(asked))
        except AnswerError:
            bid = Bid(able=False, confidence=1, cost=10)
        worth = config.weight * bid.confidence / 10 + (1 - config.weight) * (10 - bid.cost) / 9
        return _Offer(member, bid, round(worth, 4) if bid.able else 0.0)

    return await together(offer, members)


async def _awarded(
    offers: Sequence[_Offer], goal: str, task: str, reports: Sequence[dict[str, str]], config: ContractNetConfig,
    ctx: Context,
) -> tuple[dict[str, str], list[str]]:  # fmt: skip
    """The report of the first contractor that did it, by the worth of the bids; and who was awarded it."""
    best = sorted((offer for offer in offers if offer.bid.able), key=lambda offer: -offer.worth)[: config.max_awards]
    tried, why = list[str](), "nobody bid for it"
    so_far = "\n".join(f"- {each['task']}: {each['result']}" for each in reports) or "none"
    for offer in best:
        tried.append(offer.member.name)
        ctx.progress(f"awarded to {offer.member.name} ({offer.worth:.2f})")
        prompt = WORK.format(goal=goal, reports=so_far, task=task)
        result = await ask(ctx, offer.member, user(prompt))
        if result and await _done(task, result, ctx):
            return {"task": task, "member": offer.member.name, "result": result}, tried
        why = result or "no result"
    return {"task": task, "member": "", "result": f"Not done: {why}"}, tried


async def _done(task: str, result: str, ctx: Context) -> bool:
    """Whether the manager takes the report."""
    asked = user(INSPECT.format(task=task, result=result))
    return (await ask_for(ctx.model, [asked], Inspection, temperature=0)).done


def _record(task: str, offer: _Offer, awarded: bool) -> dict[str, Any]:
    return {
        "task": task,
        "member": offer.member.name,
        **offer.bid.model_dump(exclude={"fit"}),
        "worth": offer.worth,
        "awarded": awarded,
    }


def _show(bids: Sequence[dict[str, Any]], ctx: Context) -> None:
    columns = ["task", "member", "able", "confidence", "cost", "worth", "awarded"]
    ctx.show(table_view(columns, [[str(row[c])[:80] if c == "task" else row[c] for c in columns] for row in bids],
                        title="Bids"))  # fmt: skip
