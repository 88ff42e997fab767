"""A manager with a budget hires who is needed for each job, and fires who is idle or least useful.

Use it to see what a team costs: hiring has a price, and everybody employed is paid for each job that is done.
The manager splits the task into jobs. For each it takes an employee who fits, or hires: a wired member or an
attached role that is still free, else an expert written for the job. A wired member may have a ``price`` of its
own, as one on a dear model should. Where the team is full or the money short, whoever was rated worst is fired
first, of equals who was idle longest; who had nothing to do for ``patience`` jobs goes as well. When the budget
does not pay for another job, the answer is written from what is there.

Source: Pai et al. 2025, HASHIRU: Hierarchical Agent System for Hybrid Intelligent Resource Utilization
(https://arxiv.org/abs/2506.04255). We deviate: costs are units of the settings, not memory and prices, and
the manager makes no tools: make them before with "Create a tool" and attach "Kept tools".
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.contract import Config, Context, Inputs, NodeError, Port, Role, Route, node
from nodes.teams.choices import Candidate, member_schema
from nodes.teams.members import MEMBERS, TEAM, WITH_TOOLS, ask, members_of, plain_member, profiles, transcript, user
from nodes.teams.payroll import Payroll
from nodes.templating import as_text

HIRE: Final = "hire somebody new"
JOBS: Final = """Task:
{task}

Split it into jobs for specialists: at most {most}, in the order they are done, each a full instruction."""
WHO: Final = """Job: {job}

Your employees:
{roster}

Who shall do it? Hire somebody new only when none of them can."""
PICK: Final = "Job: {job}\n\nCandidates:\n{roster}\n\nWho fits best?"
WRITE: Final = "Job: {job}\n\nWrite the specialist who can do this job. It is not one of: {taken}."
WORK: Final = "Task:\n{task}\n\nResults so far:\n{results}\n\nYour job: {job}\nDo it now and say the result."
RATE: Final = "Job: {job}\n\nResult:\n{result}\n\nHow useful is this result? 1 useless, 10 perfect."
ANSWER: Final = "Task:\n{task}\n\nResults:\n{results}\n\nWrite the answer to the task from these results."

HIRABLE: Final = replace(
    MEMBERS, description="Who can be hired: name, persona, skills, model, price; before the roles."
)


class HireAndFireConfig(Config):
    """Money and size."""

    budget: int = Field(
        default=20, ge=1, le=10_000, title="Budget", description="What all together may cost.",
        json_schema_extra={"unit": "units"},
    )  # fmt: skip
    hire_cost: int = Field(
        default=3, ge=0, le=1_000, title="Hiring", description="Costs for each who is hired.",
        json_schema_extra={"unit": "units"},
    )  # fmt: skip
    salary: int = Field(
        default=1, ge=0, le=1_000, title="Salary", description="For each employee and job, also of others.",
        json_schema_extra={"unit": "units"},
    )  # fmt: skip
    max_team: int = Field(
        default=3, ge=1, le=20, title="Team", description="Employees at the same time.",
        json_schema_extra={"unit": "employees"},
    )  # fmt: skip
    max_jobs: int = Field(
        default=5, ge=1, le=30, title="Jobs", description="The most the task is split into.",
        json_schema_extra={"unit": "jobs"},
    )  # fmt: skip
    patience: int = Field(
        default=2, ge=1, le=30, title="Patience", description="Who is idle for so many jobs is fired.",
        json_schema_extra={"unit": "jobs"},
    )  # fmt: skip


class Jobs(BaseModel):
    """What the task is split into."""

    jobs: list[str] = Field(min_length=1, description="Full instructions, in order")


class Rating(BaseModel):
    """How useful a result was."""

    rating: int = Field(ge=1, le=10, description="1 useless, 10 perfect")


@node(
    kind="teams.hire_and_fire", family="teams", title="Hire and fire", summary="A manager with a budget runs the team",
    config=HireAndFireConfig,
    inputs=(Port("task", "any", "What is to be done."), HIRABLE),
    outputs=(
        Port("answer", "text", "The answer from the results there are."),
        Port("ledger", "list[record]", "What happened: event, name, job, rating, cost, left (units)."),
        Port("spent", "number", "Units that were spent."),
        Port("team", "list[text]", "Who is employed in the end."),
    ),
    outcomes=("done", "exhausted"), attaches=TEAM, icon="briefcase-business",
    model_calls=f"2 + 4 x max_jobs at most{WITH_TOOLS}", source="Pai et al. 2025, HASHIRU, https://arxiv.org/abs/2506.04255",
)  # fmt: skip
async def hire_and_fire(inputs: Inputs, config: HireAndFireConfig, ctx: Context) -> Route:
    """Split; for each job find or hire somebody, let it work, rate it, fire the idle; answer."""
    task = as_text(inputs["task"])
    if not task.strip():
        raise NodeError("The task is empty", mend="Wire in what is to be done.")
    split = await ask_for(ctx.model, [user(JOBS.format(task=task, most=config.max_jobs))], Jobs, temperature=0)
    jobs = [job.strip() for job in split.jobs if job.strip()][: config.max_jobs]
    payroll, results = Payroll(config.budget, config.salary, ctx), list[dict[str, Any]]()
    market = _market(inputs, config, ctx)
    for job in jobs:
        worker = await _worker(job, payroll, market, config, ctx)
        if worker is None:
            break
        prompt = WORK.format(task=task, results=transcript(results), job=job)
        result = await ask(ctx, worker, user(prompt))
        results.append({"speaker": worker.name, "text": result})
        rated = await ask_for(ctx.model, [user(RATE.format(job=job, result=result))], Rating, temperature=0)
        payroll.work(worker.name, job, rated.rating)
        payroll.fire_idle(config.patience)
    answer = await ctx.model.chat([user(ANSWER.format(task=task, results=transcript(results)))])
    outputs = {"answer": answer.text.strip(), "ledger": payroll.ledger, "spent": payroll.spent, "team": payroll.names}
    return Route("done" if len(results) == len(jobs) else "exhausted", outputs)


def _market(inputs: Inputs, config: HireAndFireConfig, ctx: Context) -> list[tuple[Role, int]]:
    """Who can be hired without being written, and for how much: the members wired in, else the attached roles."""
    wired = inputs.get("members")
    if wired is None:
        return [(role, config.hire_cost) for role in ctx.roles]
    prices = [each.get("price", config.hire_cost) for each in wired]
    wrong = next((price for price in prices if not isinstance(price, int | float) or price < 0), None)
    if wrong is not None:
        raise NodeError(f"{wrong!r} is no price", mend="Give members a price in units, 0 or more.")
    return [(role, math.ceil(price)) for role, price in zip(members_of(ctx, (), wired), prices, strict=True)]


async def _worker(
    job: str, payroll: Payroll, market: Sequence[tuple[Role, int]], config: HireAndFireConfig, ctx: Context
) -> Role | None:
    """Who does the job: an employee that fits, or somebody new; None when the budget pays for neither."""
    chosen = await _among(job, payroll.roles, ctx) if payroll.roles else HIRE
    if chosen == HIRE:
        free = [(role, price) for role, price in market if role.name not in payroll.ever]
        least = min((price for _, price in free), default=config.hire_cost)
        if len(payroll.roles) == config.max_team:
            payroll.fire_least_useful("the team is full")
        while payroll.roles and not payroll.pays(least, more=1):
            payroll.fire_least_useful("the money is short")
        if payroll.pays(least, more=1):
            affordable = [each for each in free if payroll.pays(each[1], more=1)]
            new, price = await _hired(job, affordable, payroll, config, ctx)
            payroll.hire(new, price)
            return new
        return None
    while not payroll.pays(0) and len(payroll.roles) > 1:
        payroll.fire_least_useful("the money is short", spare=chosen)
    return payroll.role(chosen) if payroll.pays(0) else None


async def _among(job: str, employed: Sequence[Role], ctx: Context) -> str:
    schema = member_schema((*(each.name for each in employed), HIRE), "Who does the job")
    asked = user(WHO.format(job=job, roster=profiles(employed)))
    chosen: Any = await ask_for(ctx.model, [asked], schema, temperature=0)
    return chosen.member


async def _hired(
    job: str, free: Sequence[tuple[Role, int]], payroll: Payroll, config: HireAndFireConfig, ctx: Context
) -> tuple[Role, int]:
    """Who of those that are free and can be paid fits best, else an expert written for the job; and the price."""
    if len(free) == 1:
        return free[0]
    if free:
        schema = member_schema(tuple(role.name for role, _ in free), "Who fits best")
        asked = user(PICK.format(job=job, roster=profiles([role for role, _ in free])))
        picked: Any = await ask_for(ctx.model, [asked], schema, temperature=0)
        return next(each for each in free if each[0].name == picked.member)
    asked = user(WRITE.format(job=job, taken=", ".join(payroll.ever) or "nobody"))
    written = await ask_for(ctx.model, [asked], Candidate, temperature=0.3)
    name = written.name if written.name not in payroll.ever else f"{written.name} {len(payroll.ever) + 1}"
    return plain_member(ctx, name, written.persona, written.skills), config.hire_cost
