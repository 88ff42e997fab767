"""Which of two candidates is better? Asked twice, with their places swapped.

Use it to choose between two drafts, programs or plans. A model prefers whatever stands first (or last) more
often than it should: a candidate wins only when it is preferred in both orders, else it is a tie.

Source: Zheng et al. 2023, Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena
(https://arxiv.org/abs/2306.05685), pairwise comparison with swapped positions. We deviate: the verdict is
drawn by schema from the judge's prose.
"""

from typing import Final, Literal

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.bounded import together
from nodes.contract import Attach, Config, Context, Inputs, NodeError, Port, Route, node
from nodes.teams.members import assistant, user
from nodes.templating import as_text
from nodes.views import ballots_view

SYSTEM: Final = """You compare two candidates, A and B, fairly. Neither their order nor their length counts.
First work out yourself what the task asks. Then say for each candidate what is right and wrong in it.
End with one sentence: which is better, or that they are equally good."""
ASKED: Final = "{task}What counts: {criteria}\n\nCandidate A:\n{a}\n\nCandidate B:\n{b}\n\nCompare them."
TASK: Final = "Task:\n{task}\n\n"
VERDICT: Final = "Put your verdict into the form: A, B, or tie."
CRITERIA: Final = "Is it correct, complete and clear? Does it do what was asked?"
PLACES: Final = (("first", "second"), ("second", "first"))
"""Who stands as A and who as B, in the two askings."""


class CompareConfig(Config):
    """What counts."""

    criteria: str = Field(
        default=CRITERIA, title="What counts", description="The candidates are held against it.", max_length=10_000,
        json_schema_extra={"widget": "textarea"},
    )  # fmt: skip
    system: str = Field(
        default=SYSTEM, title="System", description="How the judge works.", max_length=20_000,
        json_schema_extra={"widget": "textarea", "advanced": True},
    )  # fmt: skip
    temperature: float | None = Field(
        default=0, ge=0, le=2, title="Temperature", description="0: the same each time; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


class Preference(BaseModel):
    """What is drawn from the judge's prose."""

    better: Literal["A", "B", "tie"] = Field(description="The better candidate: A, B or tie")


@node(
    kind="deliberation.compare", family="deliberation", title="Compare",
    summary="Which of two is better, asked in both orders", config=CompareConfig,
    inputs=(
        Port("first", "any", "One candidate."),
        Port("second", "any", "The other candidate."),
        Port("task", "any", "What they were to do.", required=False),
    ),
    outputs=(
        Port("better", "any", "The winner; the first candidate where it is a tie."),
        Port("verdict", "text", "first, second or tie."),
        Port("consistent", "boolean", "Whether both orders led to the same verdict."),
        Port("reasons", "list[text]", "What the judge said in each order."),
    ),
    outcomes=("first", "second", "tie"), attaches=(Attach("model", "model"),), model_calls="4", icon="scale",
    source="Zheng et al. 2023, Judging LLM-as-a-Judge, https://arxiv.org/abs/2306.05685",
)  # fmt: skip
async def compare(inputs: Inputs, config: CompareConfig, ctx: Context) -> Route:
    """Ask in both orders; only a candidate preferred in both wins."""
    texts = {name: as_text(inputs[name]) for name in ("first", "second")}
    empty = next((name for name, text in texts.items() if not text.strip()), None)
    if empty:
        raise NodeError(f"The {empty} candidate is empty", mend="Wire in both that are to be compared.")
    task = as_text(inputs.get("task"))

    async def ask(places: tuple[str, str]) -> tuple[str, str]:
        return await _preference(texts, places, TASK.format(task=task) if task else "", config, ctx)

    verdicts = await together(ask, PLACES)
    preferred = [verdict for verdict, _ in verdicts]
    verdict = preferred[0] if preferred[0] == preferred[1] else "tie"
    ballots = [
        {"voter": f"{a} shown first", "choice": choice, "reason": reason}
        for (a, _), (choice, reason) in zip(PLACES, verdicts, strict=True)
    ]
    ctx.show(ballots_view(ballots, winner=verdict))
    ctx.progress(f"{verdict} ({' and '.join(preferred)} in the two orders)")
    return Route(verdict, {
        "better": inputs["second" if verdict == "second" else "first"], "verdict": verdict,
        "consistent": preferred[0] == preferred[1], "reasons": [reason for _, reason in verdicts],
    })  # fmt: skip


async def _preference(
    texts: dict[str, str], places: tuple[str, str], task: str, config: CompareConfig, ctx: Context
) -> tuple[str, str]:
    """``first``, ``second`` or ``tie``, and why, with the candidates shown in the given places."""
    asked = ASKED.format(task=task, criteria=config.criteria, a=texts[places[0]], b=texts[places[1]])
    messages = [{"role": "system", "content": config.system}, user(asked)]
    reason = (await ctx.model.chat(messages, temperature=config.temperature, stream=False)).text.strip()
    said = await ask_for(ctx.model, [*messages, assistant(reason), user(VERDICT)], Preference, temperature=0)
    return {"A": places[0], "B": places[1], "tie": "tie"}[said.better], reason
