"""Draw people from a table of how traits are distributed.

Use it before "Survey" or "Ticks". Each trait has values with weights (``left: 30, right: 70``), or a range
of whole numbers. ``quota`` keeps to the weights as closely as whole people allow, which matters for small
populations; ``random`` draws each person by chance; ``archetypes`` gives one person for each combination of
values, with the ``count`` of those it stands for, so that "Survey" can ask a few for millions. Traits are drawn
apart from each other. The persona is written from a template with the traits; the model may make a short
description of it.

Source: Nodeloom; populations of personas as in Piao et al. 2025, AgentSociety
(https://arxiv.org/abs/2502.08691); archetypes as in Chopra et al. 2024, On the limits of agency in agent-based
models (AgentTorch); quotas by the largest remainder (Hamilton's method).
"""

import itertools
import math
import random
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from pydantic import Field, model_validator

from nodes.bounded import together
from nodes.contract import Attach, Config, Context, Inputs, NodeError, Outputs, Port, node
from nodes.simulation.people import NAMES, in_words, unique
from nodes.templating import Template, render
from nodes.views import table_view

DESCRIBE: Final = """Write two sentences that describe this person in the second person ("You are ..."): who they
are, what they care about. Keep to the facts.

Name: {name}
{traits}"""
Sampling = Literal["quota", "random", "archetypes"]
DRAWN: Final = 10_000
"""The most people that are drawn one by one."""
MOST_ARCHETYPES: Final = 1_000
SHOWN: Final = 200
"""Rows of the table that is shown."""


class Trait(Config):
    """One trait and how it is distributed."""

    name: str = Field(title="Name", description="Lower-case letters, digits and _.", pattern=r"^[a-z][a-z0-9_]{0,39}$")
    values: dict[str, float] = Field(
        default_factory=dict, title="Values", description="Value -> weight; empty: a whole number from the range.",
        max_length=100,
    )  # fmt: skip
    low: int = Field(default=18, ge=-1_000_000, le=1_000_000, title="From", description="Least number of the range.")
    high: int = Field(default=80, ge=-1_000_000, le=1_000_000, title="To", description="Greatest number of the range.")

    @model_validator(mode="after")
    def _possible(self) -> "Trait":
        if self.name in ("name", "persona", "count"):
            raise ValueError(f"{self.name!r} is there already; name the trait otherwise")
        if self.values and (min(self.values.values()) < 0 or sum(self.values.values()) <= 0):
            raise ValueError(f"the weights of {self.name!r} must be 0 or more, and not all 0")
        if self.low > self.high:
            raise ValueError(f"the range of {self.name!r} goes from {self.low} to {self.high}, which is backwards")
        return self


_DEFAULT: Final = (
    Trait(name="age"),
    Trait(name="mood", values={"cheerful": 2, "cautious": 1, "grumpy": 1}),
)


class PopulationConfig(Config):
    """How many people, of what traits."""

    count: int = Field(
        default=8, ge=1, le=1_000_000_000, title="People", description="How many; above 10,000 only as archetypes.",
        json_schema_extra={"unit": "people"},
    )  # fmt: skip
    traits: tuple[Trait, ...] = Field(
        default=_DEFAULT, title="Traits", description="What people have, and how it is distributed.", max_length=20
    )
    sampling: Sampling = Field(
        default="quota", title="Sampling",
        description="quota: as close to the weights as can be; random: by chance; archetypes: one for many.",
    )  # fmt: skip
    persona: Template = Field(
        default="", title="Persona", description="Template over name and traits; empty: the traits in words.",
        max_length=4_000, json_schema_extra={"widget": "textarea"},
    )  # fmt: skip
    describe: bool = Field(
        default=False, title="Described by the model", description="Whether the model writes each persona out."
    )
    seed: int = Field(default=1, ge=0, le=2**31, title="Seed", description="The same seed draws the same people.")

    @model_validator(mode="after")
    def _can_be_drawn(self) -> "PopulationConfig":
        if self.sampling != "archetypes" and self.count > DRAWN:
            raise ValueError(f"{self.count:,} people are too many to draw one by one; draw archetypes, or {DRAWN:,}")
        return self


@node(
    kind="simulation.population", family="simulation", title="Population", summary="Draw people from a table of traits",
    config=PopulationConfig,
    inputs=(Port("traits", "record", "Trait -> {value: weight}, before those of the settings.", required=False),),
    outputs=(Port("population", "list[record]", "People: name, persona, each trait; of archetypes also count."),),
    attaches=(Attach("model", "model"),), model_calls="0, or 1 for each person where described", icon="users-round",
    source="Nodeloom; Piao et al. 2025, AgentSociety, https://arxiv.org/abs/2502.08691",
)  # fmt: skip
async def population(inputs: Inputs, config: PopulationConfig, ctx: Context) -> Outputs:
    """Draw each trait for all, name them, write their personas."""
    given: Mapping[str, Any] = inputs.get("traits") or {}
    wired = tuple(Trait.model_validate({"name": name, "values": values}) for name, values in given.items())
    traits = (*wired, *(trait for trait in config.traits if trait.name not in given))
    drawn_people = archetypes(traits, config.count) if config.sampling == "archetypes" else _drawn(traits, config)
    taken: set[str] = set()
    people = [{"name": unique(NAMES[at % len(NAMES)], taken), **each} for at, each in enumerate(drawn_people)]
    rows = [list(person.values()) for person in people[:SHOWN]]
    ctx.show(table_view(list(people[0]), rows, title=f"Population of {config.count:,}"))

    async def written(person: dict[str, Any]) -> dict[str, Any]:
        return {**person, "persona": await _persona(person, config, ctx)}

    return {"population": await together(written, people)}


def _drawn(traits: Sequence[Trait], config: PopulationConfig) -> list[dict[str, Any]]:
    dice = random.Random(config.seed)  # noqa: S311 - chance, not secrecy
    columns = {trait.name: drawn(trait, config.count, config.sampling, dice) for trait in traits}
    return [{key: column[at] for key, column in columns.items()} for at in range(config.count)]


def archetypes(traits: Sequence[Trait], count: int) -> list[dict[str, Any]]:
    """A record for each combination of values that somebody of ``count`` people has, and how many they are.

    Raises NodeError where a trait is a range, or the combinations are too many to ask.
    """
    ranged = next((trait.name for trait in traits if not trait.values), None)
    if ranged is not None:
        raise NodeError(
            f"{ranged!r} is a range, of which there are no archetypes", mend="Give it values, such as young and old."
        )
    combinations = math.prod(len(trait.values) for trait in traits)
    if combinations > MOST_ARCHETYPES:
        raise NodeError(
            f"The traits make {combinations:,} archetypes", mend=f"Use fewer values: {MOST_ARCHETYPES:,} at most."
        )
    found = list(itertools.product(*(trait.values.items() for trait in traits)))
    whole = [sum(trait.values.values()) for trait in traits]
    shares = [
        math.prod(weight / total for (_, weight), total in zip(each, whole, strict=True)) * count for each in found
    ]
    counts = apportioned(shares, count)
    return [
        {**{trait.name: value for trait, (value, _) in zip(traits, each, strict=True)}, "count": many}
        for each, many in zip(found, counts, strict=True)
        if many
    ]


def apportioned(shares: Sequence[float], count: int) -> list[int]:
    """Whole numbers that sum to ``count``, as near to the shares as can be."""
    whole = [int(share) for share in shares]
    order = sorted(range(len(shares)), key=lambda at: whole[at] - shares[at])
    for at in order[: count - sum(whole)]:
        whole[at] += 1
    return whole


def drawn(trait: Trait, count: int, sampling: Sampling, dice: random.Random) -> list[Any]:
    """A value of the trait for each of ``count`` people."""
    if not trait.values:
        return [dice.randint(trait.low, trait.high) for _ in range(count)]
    values, weights = list(trait.values), list(trait.values.values())
    if sampling == "random":
        return dice.choices(values, weights, k=count)
    whole = apportioned([weight / sum(weights) * count for weight in weights], count)
    column = [value for value, times in zip(values, whole, strict=True) for _ in range(times)]
    dice.shuffle(column)
    return column


async def _persona(person: dict[str, Any], config: PopulationConfig, ctx: Context) -> str:
    traits = {key: value for key, value in person.items() if key not in ("name", "count")}
    text = render(config.persona, person) if config.persona.strip() else in_words(traits)
    if not config.describe:
        return text
    prompt = DESCRIBE.format(name=person["name"], traits=text)
    reply = await ctx.model.chat([{"role": "user", "content": prompt}], stream=False)
    return reply.text.strip() or text
