"""Let several answer, read each other's answers, and answer again.

Use it where arguments can mend an answer and not only outvote it. Every member answers alone; in each
further round it reads the last answers of the others and may change its own. It ends early when all agree.
The answer is the majority's, or that of the model attached as ``judge``. With copies of one small model a
vote over as many samples often does as well: ``baseline`` asks for one with exactly as many calls, so that
a run shows whether the debate was worth them.

Source: Du et al. 2023, Improving Factuality and Reasoning in Language Models through Multiagent Debate
(https://arxiv.org/abs/2305.14325); roles with different models: Hegazy 2024, Diversity of Thought Elicits
Stronger Reasoning Capabilities in Multi-Agent Debate Frameworks. We deviate: a member sees its own and the
others' last answers, not all rounds, to stay short for small models.
"""

from collections.abc import Sequence
from typing import Any, Final

from pydantic import Field

from nodes.bounded import together
from nodes.contract import Attach, Config, Context, Inputs, NodeError, Outputs, Port, Role, node
from nodes.deliberation.ballots import READING_HELP, Ballot, Reading, Tally, count, read_choice
from nodes.teams.members import MEMBERS, TEAM, WITH_TOOLS, ask, assistant, copies_of, user
from nodes.templating import Template, as_text, render
from nodes.views import debate_view

PROMPT: Final = """{{question}}

Think step by step. End with one line:
Answer: <your answer>"""
REVISE: Final = """Check these answers against your own, step by step. They may be wrong, and so may yours.
Keep your answer where it holds, change it where another is better. End with one line:
Answer: <your answer>"""
JUDGE: Final = """Decide which answer is right. Work it out yourself before you compare. End with one line:
Answer: <the right answer>"""


class DebateConfig(Config):
    """Who debates for how long."""

    prompt: Template = Field(
        default=PROMPT, title="Prompt", description="What every member is asked; {{name}} makes an input.",
        max_length=50_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    members: int = Field(
        default=3, ge=2, le=12, title="Members", description="Copies of the model where no role is attached.",
        json_schema_extra={"unit": "members"},
    )  # fmt: skip
    rounds: int = Field(
        default=2, ge=1, le=10, title="Rounds", description="The first, in which each answers alone, counts.",
        json_schema_extra={"unit": "rounds"},
    )  # fmt: skip
    stop_at_consensus: bool = Field(
        default=True, title="Stop at consensus", description="End when all members give the same answer."
    )
    reading: Reading = Field(
        default="answer_line", title="Reading", description=f"What counts as the answer of a reply. {READING_HELP}"
    )
    baseline: bool = Field(
        default=False, title="Compare with a vote",
        description="Also vote over as many independent samples as the debate took calls; doubles the cost.",
    )  # fmt: skip
    temperature: float = Field(
        default=0.7, ge=0, le=2, title="Temperature", description="Above 0 copies of one model can differ."
    )
    revise: str = Field(
        default=REVISE, title="Revision", description="What a member is told below the others' answers.",
        max_length=10_000, json_schema_extra={"widget": "textarea", "advanced": True},
    )  # fmt: skip
    judge: str = Field(
        default=JUDGE, title="Judge's task", description="What the attached judge is told below the last answers.",
        max_length=10_000, json_schema_extra={"widget": "textarea", "advanced": True},
    )  # fmt: skip


@node(
    kind="deliberation.debate", family="deliberation", title="Debate",
    summary="Members answer, read each other, answer again", config=DebateConfig,
    inputs=(Port("question", "any", "What is debated."), MEMBERS),
    outputs=(
        Port("answer", "text", "The answer in the end."),
        Port("agreement", "number", "Share of the members who gave it in the last round, 0 to 1."),
        Port("rounds", "list[record]", "What was said: round (from 1), speaker, answer, text."),
        Port("baseline", "record", "Of the vote with as many calls: answer, agreement, calls; empty where not asked."),
    ),
    attaches=(*TEAM, Attach("judge", "model")), template_fields=("prompt",),
    model_calls="members x rounds, + 1 with a judge; 2 x as many with reading schema, or with the comparison"
    + WITH_TOOLS,
    icon="messages-square", source="Du et al. 2023, Multiagent Debate, https://arxiv.org/abs/2305.14325",
)  # fmt: skip
async def debate(inputs: Inputs, config: DebateConfig, ctx: Context) -> Outputs:
    """Answer alone, then round after round by the others' answers; decide."""
    if not as_text(inputs["question"]).strip():
        raise NodeError("The question is empty", mend="Wire in what is to be debated.")
    members = copies_of(ctx, config.members, "member", inputs.get("members"))
    prompt = render(config.prompt, inputs)
    rounds: list[list[Ballot]] = []
    while len(rounds) < config.rounds and not (rounds and config.stop_at_consensus and _agree(rounds[-1])):
        ctx.progress(f"round {len(rounds) + 1} of {config.rounds}")
        rounds.append(await _round(members, prompt, rounds, config, ctx))
        _show(rounds, "", ctx)
    choice = await _decide(rounds[-1], prompt, config, ctx)
    agreement = sum(each.key == choice.winner.key for each in rounds[-1]) / len(members)
    baseline = await _baseline(len(rounds) * len(members), prompt, config, ctx) if config.baseline else {}
    _show(rounds, _verdict(choice, agreement, baseline), ctx)
    return {
        "answer": choice.winner.choice, "agreement": agreement, "rounds": _records(rounds), "baseline": baseline,
    }  # fmt: skip


async def _round(
    members: Sequence[Role], prompt: str, rounds: Sequence[list[Ballot]], config: DebateConfig, ctx: Context
) -> list[Ballot]:
    """What each member answers now, all at the same time."""

    async def speak(index: int) -> Ballot:
        member = members[index]
        turns = [user(prompt)]
        if rounds:
            others = "\n\n".join(f"{b.voter}:\n{b.text}" for i, b in enumerate(rounds[-1]) if i != index)
            turns += [assistant(rounds[-1][index].text), user(f"Others answered:\n\n{others}\n\n{config.revise}")]
        text = await ask(ctx, member, *turns, temperature=config.temperature)
        return Ballot(member.name, text, await read_choice(member.model, turns, text, config.reading))

    return await together(speak, range(len(members)))


def _agree(ballots: Sequence[Ballot]) -> bool:
    return len({ballot.key for ballot in ballots}) == 1 and bool(ballots[0].key)


async def _decide(last: Sequence[Ballot], prompt: str, config: DebateConfig, ctx: Context) -> Tally:
    """The attached judge's answer where the members do not agree; else the majority's."""
    judges = ctx.models("judge")
    if not judges or _agree(last):
        return count(last)
    ctx.progress("the judge decides")
    answers = "\n\n".join(f"{each.voter}:\n{each.text}" for each in last)
    turns: list[dict[str, Any]] = [user(f"{prompt}\n\nThese answers were given:\n\n{answers}\n\n{config.judge}")]
    reply = await judges[0].chat(turns, temperature=0)
    verdict = Ballot("judge", reply.text.strip(), await read_choice(judges[0], turns, reply.text, config.reading))
    return count([verdict])


async def _baseline(calls: int, prompt: str, config: DebateConfig, ctx: Context) -> dict[str, Any]:
    """The vote over as many independent samples of the node's model."""
    ctx.progress(f"comparing with a vote over {calls} samples")

    async def sample(number: int) -> Ballot:
        turns = [user(prompt)]
        reply = await ctx.model.chat(turns, temperature=config.temperature, stream=False)
        return Ballot(f"sample {number}", reply.text, await read_choice(ctx.model, turns, reply.text, config.reading))

    tally = count(await together(sample, range(1, calls + 1)))
    return {"answer": tally.winner.choice, "agreement": tally.agreement, "calls": calls}


def _records(rounds: Sequence[Sequence[Ballot]]) -> list[dict[str, Any]]:
    return [
        {"round": number, "speaker": each.voter, "answer": each.choice, "text": each.text}
        for number, ballots in enumerate(rounds, start=1)
        for each in ballots
    ]


def _show(rounds: Sequence[Sequence[Ballot]], verdict: str, ctx: Context) -> None:
    said = [[{"speaker": b.voter, "text": b.text, "answer": b.choice} for b in ballots] for ballots in rounds]
    ctx.show(debate_view(said, verdict=verdict))


def _verdict(choice: Tally, agreement: float, baseline: dict[str, Any]) -> str:
    by = "the judge" if choice.winner.voter == "judge" else f"{agreement:.0%} of the members"
    vote = f"; a vote with {baseline['calls']} calls: {baseline['answer']}" if baseline else ""
    return f"{choice.winner.choice} ({by}{vote})"
