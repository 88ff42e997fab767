"""A team discusses in rounds, rates each other's contributions, and sends home whoever helps least.

Use it where a team is larger than the task needs, or when it is not known which roles help. From the second
round on every member reads the others' last answers, rates each from 1 to 5 and answers anew. What a
member was worth is counted backwards: the last answers share the worth equally, and each answer passes its
worth on to those before it that its author rated, in proportion to the ratings. After each round the least
important members leave. It ends when two thirds of the members agree.

Source: Liu et al. 2023, Dynamic LLM-Agent Network (DyLAN, https://arxiv.org/abs/2310.02170): agent
importance score, team reformation, and consensus of more than two thirds as in Byzantine agreement. We
deviate: the importance score also chooses who leaves during the discussion, where DyLAN asks a ranker.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import Field

from nodes.bounded import together
from nodes.contract import Config, Context, Inputs, NodeError, Outputs, Port, Role, node
from nodes.deliberation.ballots import READING_HELP, Ballot, Reading, count, read_choice
from nodes.deliberation.ratings import ask_ratings, importance
from nodes.teams.members import MEMBERS, TEAM, WITH_TOOLS, MemberSpec, ask, assistant, members_of, user
from nodes.templating import Template, as_text, render
from nodes.views import table_view

PROMPT: Final = """{{question}}

Think step by step. End with one line:
Answer: <your answer>"""
REVISE: Final = """Say in a sentence for each what is right or wrong in it. Then give your own answer, changed
where the others convinced you. End with one line:
Answer: <your answer>"""
CONSENSUS: Final = 2 / 3


class RankAndPruneConfig(Config):
    """The team, and how fast it shrinks."""

    prompt: Template = Field(
        default=PROMPT, title="Prompt", description="What every member is asked; {{name}} makes an input.",
        max_length=50_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    members: tuple[MemberSpec, ...] = Field(
        default=(
            MemberSpec(name="Mathematician", persona="You are a mathematician. You calculate exactly."),
            MemberSpec(name="Sceptic", persona="You are a sceptic. You look for the mistake in every argument."),
            MemberSpec(name="Practitioner", persona="You are practical. You try things on small examples."),
            MemberSpec(name="Teacher", persona="You are a teacher. You explain each step simply."),
        ),
        title="Members", description="The team where no role is attached.", max_length=12,
    )  # fmt: skip
    rounds: int = Field(
        default=3, ge=1, le=8, title="Rounds", description="The first, in which each answers alone, counts.",
        json_schema_extra={"unit": "rounds"},
    )  # fmt: skip
    prune: int = Field(
        default=1, ge=0, le=5, title="Leave", description="How many leave after each round from the second on.",
        json_schema_extra={"unit": "members"},
    )  # fmt: skip
    keep: int = Field(
        default=2,
        ge=1,
        le=12,
        title="Keep",
        description="As many stay at least.",
        json_schema_extra={"unit": "members"},
    )
    reading: Reading = Field(
        default="answer_line", title="Reading", description=f"What counts as the answer of a reply. {READING_HELP}"
    )
    revise: str = Field(
        default=REVISE, title="Revision", description="What a member is told below the others' answers.",
        max_length=10_000, json_schema_extra={"widget": "textarea", "advanced": True},
    )  # fmt: skip
    temperature: float = Field(
        default=0.7, ge=0, le=2, title="Temperature", description="0: the same each time.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


@dataclass
class _Talk:
    """Round by round: who said what, and how its author rated the answers of the round before."""

    ballots: list[dict[str, Ballot]] = field(default_factory=list[dict[str, Ballot]])
    ratings: list[dict[str, Mapping[str, float]]] = field(default_factory=list[dict[str, Mapping[str, float]]])
    left: dict[str, int] = field(default_factory=dict[str, int])
    """Member -> the round after which it left."""


@node(
    kind="deliberation.rank_and_prune", family="deliberation", title="Rank and prune",
    summary="Members rate each other; the least useful leave", config=RankAndPruneConfig,
    inputs=(Port("question", "any", "What is discussed."), MEMBERS),
    outputs=(
        Port("answer", "text", "The majority's answer in the last round."),
        Port("agreement", "number", "Share of the remaining members who gave it, 0 to 1."),
        Port("importance", "list[record]", "Each member: member, importance (all sum to 1), left (round; 0: stayed)."),
        Port("team", "list[text]", "Names of those who stayed, the most important first."),
    ),
    attaches=TEAM, template_fields=("prompt",), icon="users-round",
    model_calls=f"members, then 2 x the members left in each further round, up to rounds{WITH_TOOLS}",
    source="Liu et al. 2023, Dynamic LLM-Agent Network, https://arxiv.org/abs/2310.02170",
)  # fmt: skip
async def rank_and_prune(inputs: Inputs, config: RankAndPruneConfig, ctx: Context) -> Outputs:
    """Round after round: answer, rate, count worth backwards, prune; stop at consensus."""
    if not as_text(inputs["question"]).strip():
        raise NodeError("The question is empty", mend="Wire in what is to be discussed.")
    team = members_of(ctx, config.members, inputs.get("members"))
    prompt, talk = render(config.prompt, inputs), _Talk()
    worth: dict[str, float] = {}
    for number in range(1, config.rounds + 1):
        ctx.progress(f"round {number} of {config.rounds}, {len(team)} members")
        await _round(team, prompt, talk, config, ctx)
        worth = importance([list(each) for each in talk.ballots], talk.ratings)
        _show(talk, worth, ctx)
        if _consensus(talk.ballots[-1]) or number == config.rounds:
            break
        if number > 1:
            team = _pruned(team, worth, number, talk, config, ctx)
    last = list(talk.ballots[-1].values())
    tally = count(last)
    ranked = sorted(worth, key=lambda name: -worth[name])
    listed = [{"member": name, "importance": round(worth[name], 4), "left": talk.left.get(name, 0)} for name in ranked]
    stayed = [name for name in ranked if name in talk.ballots[-1]]
    return {"answer": tally.winner.choice, "agreement": tally.agreement, "importance": listed, "team": stayed}


async def _round(team: Sequence[Role], prompt: str, talk: _Talk, config: RankAndPruneConfig, ctx: Context) -> None:
    """Every member answers; from the second round on it also rates what the others said before."""
    before = {each.name: talk.ballots[-1][each.name] for each in team} if talk.ballots else {}

    async def speak(member: Role) -> tuple[Ballot, Mapping[str, float]]:
        turns = [user(prompt)]
        others = [ballot for name, ballot in before.items() if name != member.name]
        if before:
            listed = "\n\n".join(f"{each.voter}:\n{each.text}" for each in others)
            turns += [assistant(before[member.name].text), user(f"The others said:\n\n{listed}\n\n{config.revise}")]
        text = await ask(ctx, member, *turns, temperature=config.temperature)
        ballot = Ballot(member.name, text, await read_choice(member.model, turns, text, config.reading))
        rated = await ask_ratings(member, [*turns, assistant(text)], [each.voter for each in others])
        return ballot, rated

    said = await together(speak, team)
    talk.ballots.append({ballot.voter: ballot for ballot, _ in said})
    if before:
        talk.ratings.append({ballot.voter: rated for ballot, rated in said})


def _consensus(ballots: Mapping[str, Ballot]) -> bool:
    """Whether more than two thirds agree (all, of three or fewer)."""
    keys = [ballot.key for ballot in ballots.values()]
    most = max(keys.count(key) for key in keys if key) if any(keys) else 0
    return most > CONSENSUS * len(keys)


def _pruned(
    team: Sequence[Role], worth: Mapping[str, float], number: int, talk: _Talk, config: RankAndPruneConfig, ctx: Context
) -> list[Role]:
    leave = min(config.prune, max(len(team) - config.keep, 0))
    gone = sorted(team, key=lambda member: worth[member.name])[:leave]
    talk.left |= {member.name: number for member in gone}
    if gone:
        ctx.progress(f"{', '.join(member.name for member in gone)} leave")
    return [member for member in team if member not in gone]


def _show(talk: _Talk, worth: Mapping[str, float], ctx: Context) -> None:
    rows: list[list[Any]] = []
    for name in talk.ballots[0]:
        choices = [ballots[name].choice if name in ballots else "" for ballots in talk.ballots]
        rows.append([name, *choices, round(worth[name], 3)])
    columns = ["member", *(f"round {n}" for n in range(1, len(talk.ballots) + 1)), "importance"]
    ctx.show(table_view(columns, rows, title="Who helps"))
