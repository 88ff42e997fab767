"""Draw people from a table of how traits are distributed.

Use it before "Survey" or "Ticks". Each trait has values with weights (``left: 30, right: 70``), or a range
of whole numbers. ``quota`` keeps to the weights as closely as whole people allow, which matters for small
populations; ``random`` draws each person by chance. Traits are drawn apart from each other. The persona is
written from a template with the traits; the model may make a short description of it.

Source: Nodeloom; populations of personas as in Piao et al. 2025, AgentSociety
(https://arxiv.org/abs/2502.08691); quotas by the largest remainder (Hamilton's method).
"""

import random
from collections.abc import Mapping
from typing import Any, Final, Literal

from pydantic import Field, model_validator

from nodes.bounded import together
from nodes.contract import Attach, Config, Context, Inputs, Outputs, Port, node
from nodes.simulation.people import NAMES, in_words, unique
from nodes.templating import Template, render
from nodes.views import table_view

DESCRIBE: Final = """Write two sentences that describe this person in the second person ("You are ..."): who they
are, what they care about. Keep to the facts.

Name: {name}
{traits}"""
Sampling = Literal["quota", "random"]


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
        if self.name in ("name", "persona"):
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
        default=8, ge=1, le=1_000, title="People", description="How many.", json_schema_extra={"unit": "people"}
    )
    traits: tuple[Trait, ...] = Field(
        default=_DEFAULT, title="Traits", description="What people have, and how it is distributed.", max_length=20
    )
    sampling: Sampling = Field(
        default="quota", title="Sampling", description="quota: as close to the weights as can be; random: by chance.",
    )  # fmt: skip
    persona: Template = Field(
        default="", title="Persona", description="Template over name and traits; empty: the traits in words.",
        max_length=4_000, json_schema_extra={"widget": "textarea"},
    )  # fmt: skip
    describe: bool = Field(
        default=False, title="Described by the model", description="Whether the model writes each persona out."
    )
    seed: int = Field(default=1, ge=0, le=2**31, title="Seed", description="The same seed draws the same people.")


@node(
    kind="simulation.population", family="simulation", title="Population", summary="Draw people from a table of traits",
    config=PopulationConfig,
    inputs=(Port("traits", "record", "Trait -> {value: weight}, before those of the settings.", required=False),),
    outputs=(Port("population", "list[record]", "People: name, persona, and each trait."),),
    attaches=(Attach("model", "model"),), model_calls="0, or 1 for each person where described", icon="users-round",
    source="Nodeloom; Piao et al. 2025, AgentSociety, https://arxiv.org/abs/2502.08691",
)  # fmt: skip
async def population(inputs: Inputs, config: PopulationConfig, ctx: Context) -> Outputs:
    """Draw each trait for all, name them, write their personas."""
    given: Mapping[str, Any] = inputs.get("traits") or {}
    wired = tuple(Trait.model_validate({"name": name, "values": values}) for name, values in given.items())
    traits = (*wired, *(trait for trait in config.traits if trait.name not in given))
    dice = random.Random(config.seed)  # noqa: S311 - chance, not secrecy
    columns = {trait.name: drawn(trait, config.count, config.sampling, dice) for trait in traits}
    taken: set[str] = set()
    names = [unique(NAMES[at % len(NAMES)], taken) for at in range(config.count)]
    people = [{"name": name, **{key: column[at] for key, column in columns.items()}} for at, name in enumerate(names)]
    ctx.show(table_view(["name", *columns], [list(person.values()) for person in people], title="Population"))

    async def written(person: dict[str, Any]) -> dict[str, Any]:
        return {**person, "persona": await _persona(person, config, ctx)}

    return {"population": await together(written, people)}


def drawn(trait: Trait, count: int, sampling: Sampling, dice: random.Random) -> list[Any]:
    """A value of the trait for each of ``count`` people."""
    if not trait.values:
        return [dice.randint(trait.low, trait.high) for _ in range(count)]
    values, weights = list(trait.values), list(trait.values.values())
    if sampling == "random":
        return dice.choices(values, weights, k=count)
    shares = [weight / sum(weights) * count for weight in weights]
    whole = [int(share) for share in shares]
    order = sorted(range(len(values)), key=lambda at: whole[at] - shares[at])
    for at in order[: count - sum(whole)]:
        whole[at] += 1
    column = [value for value, times in zip(values, whole, strict=True) for _ in range(times)]
    dice.shuffle(column)
    return column


async def _persona(person: dict[str, Any], config: PopulationConfig, ctx: Context) -> str:
    traits = {key: value for key, value in person.items() if key != "name"}
    text = render(config.persona, person) if config.persona.strip() else in_words(traits)
    if not config.describe:
        return text
    prompt = DESCRIBE.format(name=person["name"], traits=text)
    reply = await ctx.model.chat([{"role": "user", "content": prompt}], stream=False)
    return reply.text.strip() or text
