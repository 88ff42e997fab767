"""Ask every person of a population the same questions, and count the answers.

Use it after "Population", or after "Ticks" to see what a simulation changed. Each person answers as the
persona it is, alone, all of them at the same time; a question with choices is held to them by schema.
``distribution`` has the share of each choice; a person with a ``count`` (an archetype) counts as so many. With a
memory space everyone answers with what they remember themselves. What it costs: people x questions calls.

Source: Piao et al. 2025, AgentSociety (https://arxiv.org/abs/2502.08691), its surveys; silicon sampling
after Argyle et al. 2023, Out of One, Many (https://doi.org/10.1017/pan.2023.2), who warn that such answers
stand for people only as far as the model knows them.
"""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, Literal

from pydantic import BaseModel, Field, create_model, model_validator

from nodes.answers import ask_for
from nodes.bounded import together
from nodes.contract import Attach, Config, Context, Inputs, NodeError, Outputs, Port, node
from nodes.simulation.life import lines
from nodes.simulation.people import Person, people_of
from nodes.templating import as_text
from nodes.views import ballots_view, table_view

REMEMBERED: Final = "What you remember:\n{lines}\n\n"
ASK: Final = "{context}Question: {question}\n\nAnswer as yourself.{choices}"


class Question(Config):
    """One question."""

    name: str = Field(
        title="Name", description="Key in the results: lower-case letters, digits and _.",
        pattern=r"^[a-z][a-z0-9_]{0,39}$",
    )  # fmt: skip
    question: str = Field(title="Question", description="As it is put.", min_length=1, max_length=2_000)
    choices: tuple[str, ...] = Field(
        default=(), title="Choices", description="What may be answered; empty: anything in words.", max_length=20
    )

    @model_validator(mode="after")
    def _distinct(self) -> "Question":
        if len(self.choices) == 1 or len(set(self.choices)) < len(self.choices):
            raise ValueError(f"the choices of {self.name!r} must be two or more, each another")
        return self


class SurveyConfig(Config):
    """The questions."""

    questions: tuple[Question, ...] = Field(
        default=(Question(name="agree", question="Do you agree with the proposal?", choices=("yes", "no", "unsure")),),
        title="Questions", description="Each person answers each.", min_length=1, max_length=30,
    )  # fmt: skip
    reasons: bool = Field(
        default=True, title="Reasons", description="Whether each says why before choosing; more tokens, more thought."
    )
    max_people: int = Field(
        default=100, ge=1, le=10_000, title="People at most", description="A larger population is an error.",
        json_schema_extra={"unit": "people"},
    )  # fmt: skip
    parallel: int = Field(
        default=8, ge=1, le=64, title="At a time", description="Answers asked for at the same time.",
        json_schema_extra={"unit": "calls", "advanced": True},
    )  # fmt: skip
    remembered: int = Field(
        default=4, ge=0, le=50, title="Remembered", description="Recalled for each answer, where a memory is attached.",
        json_schema_extra={"unit": "records", "advanced": True},
    )  # fmt: skip
    temperature: float | None = Field(
        default=None, ge=0, le=2, title="Temperature", description="0: the same each time; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip

    @model_validator(mode="after")
    def _names(self) -> "SurveyConfig":
        names = [question.name for question in self.questions]
        if len(set(names)) < len(names):
            raise ValueError(f"two questions have the same name, among {', '.join(names)}")
        return self


@node(
    kind="simulation.survey", family="simulation", title="Survey", summary="Ask everyone the same questions and count",
    config=SurveyConfig,
    inputs=(
        Port("population", "list[any]", "People: records with name and persona, or texts."),
        Port("context", "any", "What everyone is told before the questions.", required=False),
    ),
    outputs=(
        Port("answers", "list[record]", "For each person: name, and question -> answer."),
        Port("distribution", "record", "For each question with choices: choice -> share, 0 to 1."),
        Port("summary", "text", "The same in words."),
    ),
    attaches=(
        Attach("model", "model"), Attach("memory", "memory", description="Everyone recalls from it what is theirs."),
    ),
    model_calls="people x questions, 1 or more", icon="clipboard-list",
    source="Piao et al. 2025, AgentSociety, https://arxiv.org/abs/2502.08691",
)  # fmt: skip
async def survey(inputs: Inputs, config: SurveyConfig, ctx: Context) -> Outputs:
    """Ask all, count, show."""
    people = people_of(inputs["population"], config.max_people)
    stand_for = [_count(person) for person in people]
    context = as_text(inputs.get("context")).strip()
    ctx.progress(f"asking {len(people)} people {len(config.questions)} questions")

    async def answer(pair: tuple[Person, Question]) -> tuple[str, str]:
        return await _answer(*pair, f"{context}\n\n" if context else "", config, ctx)

    pairs = [(person, question) for person in people for question in config.questions]
    said = dict(
        zip(((p.name, q.name) for p, q in pairs), await together(answer, pairs, limit=config.parallel), strict=True)
    )
    answers = [{"name": p.name, **{q.name: said[p.name, q.name][0] for q in config.questions}} for p in people]
    ctx.show(_view(config.questions, people, said))
    distribution = {
        q.name: _shares(q, [each[q.name] for each in answers], stand_for) for q in config.questions if q.choices
    }
    summary = "\n".join(f"{name}: {_in_words(shares)}" for name, shares in distribution.items())
    return {"answers": answers, "distribution": distribution, "summary": summary}


async def _answer(
    person: Person, question: Question, context: str, config: SurveyConfig, ctx: Context
) -> tuple[str, str]:
    """The person's answer, and its reason."""
    listed = "".join(f"\n- {choice}" for choice in question.choices)
    choices = f" Choose one of:{listed}" if question.choices else " One or two sentences."
    recalled = await person.remembered(question.question, config.remembered, ctx)
    known = REMEMBERED.format(lines=lines(recalled)) if recalled else ""
    text = ASK.format(context=f"{context}{known}", question=question.question, choices=choices)
    messages = [{"role": "system", "content": person.system}, {"role": "user", "content": text}]
    if not question.choices:
        return (await ctx.model.chat(messages, temperature=config.temperature, stream=False)).text.strip(), ""
    schema = choice_schema(question.choices, config.reasons)
    said: Any = await ask_for(ctx.model, messages, schema, temperature=config.temperature)
    return said.choice, said.why.strip() if config.reasons else ""


@lru_cache(maxsize=256)
def choice_schema(choices: tuple[str, ...], reasons: bool) -> type[BaseModel]:
    """``{"choice": one of them}``, with ``why`` before it where reasons are asked for."""
    allowed: Any = Literal[choices]
    why: dict[str, Any] = {"why": (str, Field(description="In one short sentence: why you choose so."))}
    choice: dict[str, Any] = {"choice": (allowed, Field(description="Your choice."))}
    return create_model("Answer", **({**why, **choice} if reasons else choice))


def _count(person: Person) -> float:
    """How many people the person stands for."""
    count = person.record.get("count", 1)
    if isinstance(count, bool) or not isinstance(count, int | float) or count <= 0:
        raise NodeError(f"{person.name} stands for {count!r:.80} people", mend="Give a number above 0 as count.")
    return count


def _shares(question: Question, answers: Sequence[str], stand_for: Sequence[float]) -> dict[str, float]:
    counts: Counter[str] = Counter()
    for answer, many in zip(answers, stand_for, strict=True):
        counts[answer] += many  # pyright: ignore[reportArgumentType] - a weight may be a fraction
    return {choice: round(counts[choice] / sum(stand_for), 4) for choice in question.choices}


def _in_words(shares: dict[str, float]) -> str:
    ordered = sorted(shares.items(), key=lambda pair: -pair[1])
    return ", ".join(f"{choice} {share:.0%}" for choice, share in ordered)


def _view(
    questions: Sequence[Question], people: Sequence[Person], said: dict[tuple[str, str], tuple[str, str]]
) -> dict[str, Any]:
    """Ballots for one question with choices, else a table of all answers."""
    if len(questions) == 1 and questions[0].choices:
        name = questions[0].name
        ballots = [
            {"voter": p.name, "choice": said[p.name, name][0], "reason": said[p.name, name][1]} for p in people
        ]  # fmt: skip
        winner = Counter(each["choice"] for each in ballots).most_common(1)[0][0]
        return ballots_view(ballots, winner=winner)
    rows = [[p.name, *(said[p.name, q.name][0] for q in questions)] for p in people]
    return table_view(["name", *(q.name for q in questions)], rows, title="Survey")
