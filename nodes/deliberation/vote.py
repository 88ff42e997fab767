"""Ask the same question several times and take the answer most give.

Use it where one answer may be wrong by chance and right ones agree: sums, labels, short facts. Where no
role is attached, the model answers ``samples`` times at a temperature above 0; attached roles vote once
each. The most frequent answer wins, of equals the first. For texts that are never twice the same
(programs, summaries) read them by ``similarity``: the reply most like all the others wins.

With ``weighted`` every voter says how sure it is, and its ballot counts that much.

Wired ``answers`` - of branches, of a For each, of whole sub-workflows - are counted instead of asked for, so
that any part of a workflow can be sampled and voted over.

It costs as many calls as there are ballots; reading ``schema`` and weights cost as many again, each.

Source: Li et al. 2024, More Agents Is All You Need (https://arxiv.org/abs/2402.05120), sampling-and-voting
with BLEU as the similarity of open answers; Wang et al. 2022, Self-Consistency Improves Chain of Thought
Reasoning in Language Models (https://arxiv.org/abs/2203.11171); weights: Taubenfeld et al. 2025, Confidence
Improves Self-Consistency in LLMs. We deviate from the last: confidence is asked for by schema.
"""

from collections.abc import Sequence
from typing import Any, Final, Literal

from pydantic import Field

from nodes.bounded import together
from nodes.contract import Config, Context, Inputs, NodeError, Outputs, Port, Role, node
from nodes.deliberation.ballots import READING_HELP, Ballot, Reading, Tally, count, read_choice, sure
from nodes.deliberation.similarity import most_alike
from nodes.teams.members import MEMBERS, TEAM, WITH_TOOLS, ask, copies_of, user
from nodes.templating import Template, as_text, render
from nodes.views import ballots_view

PROMPT: Final = """{{question}}

Think step by step. End with one line:
Answer: <your answer>"""


class VoteConfig(Config):
    """How many are asked, and how their answers are compared."""

    prompt: Template = Field(
        default=PROMPT, title="Prompt", description="What every voter is asked; {{name}} makes an input.",
        max_length=50_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    samples: int = Field(
        default=5, ge=1, le=40, title="Samples", description="How often the model is asked where no role is attached.",
        json_schema_extra={"unit": "answers"},
    )  # fmt: skip
    reading: Literal["answer_line", "last_number", "whole_text", "code", "schema", "similarity"] = Field(
        default="answer_line", title="Reading",
        description=f"What counts as the answer of a reply. {READING_HELP} similarity: the reply most like the others.",
    )  # fmt: skip
    temperature: float = Field(
        default=0.8, ge=0, le=2, title="Temperature", description="0 makes all samples the same; 0.5 to 1 is usual."
    )

    weighted: bool = Field(
        default=False, title="Weighted", description="Every voter says how sure it is, 1 to 10; its ballot counts that."
    )


@node(
    kind="deliberation.vote", family="deliberation", title="Vote",
    summary="Ask several times, take the majority's answer", config=VoteConfig,
    inputs=(
        Port("question", "any", "What is asked."),
        Port("answers", "list[any]", "Answers made elsewhere: the ballots; nobody is asked.", required=False),
        MEMBERS,
    ),
    outputs=(
        Port("answer", "text", "The winning answer, as its first voter wrote it."),
        Port("agreement", "number", "Share of the ballots for it, 0 to 1 (by similarity: its mean similarity)."),
        Port("reply", "text", "The whole reply of that voter."),
        Port("ballots", "list[record]", "Each ballot: voter, choice, text, weight."),
    ),
    attaches=TEAM, template_fields=("prompt",),
    model_calls=f"1 x samples; up to 3 x with reading schema and weights; 0 over wired answers{WITH_TOOLS}",
    icon="vote", source="Li et al. 2024, More Agents Is All You Need, https://arxiv.org/abs/2402.05120",
)  # fmt: skip
async def vote(inputs: Inputs, config: VoteConfig, ctx: Context) -> Outputs:
    """Collect the ballots, count them."""
    if not as_text(inputs["question"]).strip():
        raise NodeError("The question is empty", mend="Wire in what is to be asked.")
    ballots = await (_wired(inputs, config, ctx) if "answers" in inputs else _asked(inputs, config, ctx))
    tally = _closest(ballots) if config.reading == "similarity" else count(ballots)
    ctx.show(ballots_view([each.shown() for each in ballots], winner=tally.winner.choice))
    ctx.progress(f"{tally.agreement:.0%} for {tally.winner.choice[:60]!r}")
    return {
        "answer": tally.winner.choice, "agreement": tally.agreement, "reply": tally.winner.text,
        "ballots": [each.record() for each in ballots],
    }  # fmt: skip


async def _wired(inputs: Inputs, config: VoteConfig, ctx: Context) -> list[Ballot]:
    """A ballot of each answer that another part of the workflow made."""
    texts = [as_text(each) for each in inputs["answers"]]
    if not texts:
        raise NodeError("There are no answers to vote over", mend="Wire in a list with at least one answer.")
    asked: list[dict[str, Any]] = [user(render(config.prompt, inputs))]
    return [
        Ballot(f"answer {number}", text, await read_choice(ctx.model, asked, text, _reading(config)))
        for number, text in enumerate(texts, start=1)
    ]


def _reading(config: VoteConfig) -> Reading:
    return "whole_text" if config.reading == "similarity" else config.reading


async def _asked(inputs: Inputs, config: VoteConfig, ctx: Context) -> list[Ballot]:
    """One ballot of each voter, in their order; shown as they come in."""
    voters = copies_of(ctx, config.samples, "sample", inputs.get("members"))
    prompt = render(config.prompt, inputs)
    cast: dict[str, Ballot] = {}

    async def ballot(voter: Role) -> Ballot:
        asked: list[dict[str, Any]] = [user(prompt)]
        text = await ask(ctx, voter, *asked, temperature=config.temperature)
        choice = await read_choice(voter.model, asked, text, _reading(config))
        made = Ballot(voter.name, text, choice, await sure(voter.model, asked, text) if config.weighted else 1)
        cast[voter.name] = made
        ctx.progress(f"{len(cast)} of {len(voters)} ballots")
        shown = [cast[each.name].shown() for each in voters if each.name in cast]
        ctx.show(ballots_view(shown, winner=""))
        return made

    return await together(ballot, voters)


def _closest(ballots: Sequence[Ballot]) -> Tally:
    """The reply most like the others."""
    if not any(ballot.choice for ballot in ballots):
        raise NodeError(f"All {len(ballots)} replies are empty", mend="Use a stronger model, or another prompt.")
    index, means = most_alike([ballot.choice for ballot in ballots])
    return Tally(ballots[index], means[index])
