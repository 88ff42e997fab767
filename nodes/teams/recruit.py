"""Write the experts a task needs, let an observer check them, and let them work.

Use it where it is not known beforehand who is needed. The model writes a team for the task, each expert with
name, persona, skills and job; an observer says whether the team fits and what is missing, and it is written
anew at most ``max_revisions`` times. Then the experts work one after another, each knowing what those before
did, and the answer is written. An evaluator may send it back: the next team is recruited with its advice. With
``work`` off the team is only written, for another node to wire in as its members: Group chat, Debate, Topology.

Source: Chen, G. et al. 2023, AutoAgents (https://arxiv.org/abs/2309.17288), team and observer; Chen, W. et al.
2023, AgentVerse (https://arxiv.org/abs/2308.10848), evaluation that leads back to recruitment; Song et al.
2024, Adaptive In-conversation Team Building (Captain Agent, https://arxiv.org/abs/2405.19425).
"""

from collections.abc import Sequence
from typing import Any, Final

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.contract import Attach, Config, Context, Inputs, NodeError, Outputs, Port, Role, node
from nodes.teams.choices import Candidate
from nodes.teams.members import ask, transcript, user
from nodes.templating import as_text
from nodes.views import chat_view

RECRUIT: Final = """Task:
{task}

Write the team of experts for this task: at most {most}, in the order they work. Each has a job of its own,
and no two do the same.{advice}"""
OBSERVE: Final = """Task:
{task}

Proposed team:
{team}

Is every part of the task somebody's job, and is nobody too much? If not, say in one sentence what to change."""
WORK: Final = """Task:
{task}

What the others did so far:
{said}

You are {name}. Your job: {job}
Do your job now and say its result."""
ANSWER: Final = "Task:\n{task}\n\nWhat the experts found:\n{said}\n\nWrite the answer to the task from this."
EVALUATE: Final = """Task:
{task}

Answer:
{answer}

Does this answer do what the task asks? If not, say in one sentence what another team should do better."""

FELL_SHORT: Final = "\nAn earlier team fell short: {advice}"


class RecruitConfig(Config):
    """The size of the team, and how often it is mended."""

    max_experts: int = Field(
        default=3, ge=1, le=10, title="Experts", description="The most in a team.",
        json_schema_extra={"unit": "experts"},
    )  # fmt: skip
    max_revisions: int = Field(
        default=1, ge=0, le=5, title="Revisions", description="How often the observer may have a team written anew.",
        json_schema_extra={"unit": "times"},
    )  # fmt: skip
    rounds: int = Field(
        default=1, ge=1, le=5, title="Rounds", description="Teams that may work; above 1 the answer is judged.",
        json_schema_extra={"unit": "teams"},
    )  # fmt: skip
    work: bool = Field(
        default=True, title="Let them work", description="Off: the team is only written, for another node's members."
    )
    max_calls: int = Field(
        default=4, ge=1, le=50, title="Tool calls an expert", description="The most one expert may make.",
        json_schema_extra={"unit": "calls", "advanced": True},
    )  # fmt: skip


class Expert(Candidate):
    """One member of a team that is written."""

    job: str = Field(description="What it does for this task", max_length=600)


class Team(BaseModel):
    """A team that is written."""

    experts: list[Expert] = Field(min_length=1)


class Check(BaseModel):
    """What the observer or the evaluator says."""

    good: bool = Field(description="true when nothing has to be changed")
    advice: str = Field(default="", description="What to change, in one sentence", max_length=600)


@node(
    kind="teams.recruit", family="teams", title="Recruit experts",
    summary="Write the experts a task needs; let them work", config=RecruitConfig,
    inputs=(
        Port("task", "any", "What is to be done."),
        Port("advice", "any", "What an earlier team fell short of.", required=False),
    ),
    outputs=(
        Port("answer", "text", "The answer to the task; empty where they do not work."),
        Port("team", "list[record]", "The last team: name, persona, skills, job."),
        Port("contributions", "list[record]", "What each said: speaker, text."),
    ),
    attaches=(Attach("model", "model"), Attach("tools", "tool", many=True), Attach("policies", "policy", many=True)),
    icon="user-plus",
    model_calls="up to rounds x (2 x (max_revisions + 1) + max_experts + 2); up to 2 x max_revisions + 1 without work",
    source="Chen et al. 2023, AutoAgents, https://arxiv.org/abs/2309.17288",
)  # fmt: skip
async def recruit(inputs: Inputs, config: RecruitConfig, ctx: Context) -> Outputs:
    """Recruit, work, answer; where the evaluator is not content, recruit again with its advice."""
    task = as_text(inputs["task"])
    if not task.strip():
        raise NodeError("The task is empty", mend="Wire in what is to be done.")
    told = as_text(inputs.get("advice")).strip()
    advice = FELL_SHORT.format(advice=told) if told else ""
    if not config.work:
        written = await _team(task, advice, config, ctx)
        return {"answer": "", "team": [each.model_dump() for each in written], "contributions": []}
    team, said, answer = list[Expert](), list[dict[str, Any]](), ""
    for round in range(1, config.rounds + 1):
        team = await _team(task, advice, config, ctx)
        said = await _work(task, team, config, ctx)
        answer = (await ctx.model.chat([user(ANSWER.format(task=task, said=transcript(said)))])).text.strip()
        if round == config.rounds:
            break
        check = await _check(EVALUATE.format(task=task, answer=answer), ctx)
        if check.good:
            break
        advice = FELL_SHORT.format(advice=check.advice)
        ctx.progress(f"round {round}: another team is recruited, for {check.advice}")
    return {"answer": answer, "team": [each.model_dump() for each in team], "contributions": said}


async def _team(task: str, advice: str, config: RecruitConfig, ctx: Context) -> list[Expert]:
    """Experts of different names that the observer accepts, or the last that were written."""
    experts: list[Expert] = []
    for revision in range(config.max_revisions + 1):
        asked = RECRUIT.format(task=task, most=config.max_experts, advice=advice)
        written = (await ask_for(ctx.model, [user(asked)], Team, temperature=0.3)).experts
        named: dict[str, Expert] = {}
        for each in written:
            named.setdefault(each.name.strip().casefold(), each)
        experts = list(named.values())[: config.max_experts]
        ctx.progress(f"team: {', '.join(each.name for each in experts)}")
        if revision == config.max_revisions:
            break
        listed = "\n".join(f"- {each.name} ({each.skills}): {each.job}" for each in experts)
        check = await _check(OBSERVE.format(task=task, team=listed), ctx)
        if check.good:
            break
        advice = f"{advice}\nA first team was: {', '.join(each.name for each in experts)}. Change: {check.advice}"
    return experts


async def _check(prompt: str, ctx: Context) -> Check:
    return await ask_for(ctx.model, [user(prompt)], Check, temperature=0)


async def _work(task: str, team: Sequence[Expert], config: RecruitConfig, ctx: Context) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = []
    for expert in team:
        role = Role(expert.name, expert.persona, expert.skills, ctx.model, tools=ctx.tools)
        prompt = WORK.format(task=task, said=transcript(said), name=expert.name, job=expert.job)
        text = await ask(ctx, role, user(prompt), max_calls=config.max_calls)
        said.append({"speaker": expert.name, "text": text})
        ctx.show(chat_view(said))
    return said
