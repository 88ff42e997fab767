"""Pair people up, anew each time.

Use it for games and trades between two: wire ``pairs`` into a For each and let the first give, ask or move and the
second answer. ``chance`` draws the pairs; ``in_turn`` goes round so that within n - 1 rounds everyone of n people
has met everyone once. One is left over where their number is odd. Calls no model.

Source: Nodeloom; rounds of pairs as in Vallinder & Hughes 2024, Cultural Evolution of Cooperation among LLM
Agents; ``in_turn`` is the circle method of round-robin tournaments.
"""

import random
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field

from nodes.contract import Config, Context, Inputs, Outputs, Port, node
from nodes.simulation.people import people_of
from nodes.views import table_view


class PairConfig(Config):
    """How pairs are found."""

    by: Literal["chance", "in_turn"] = Field(
        default="chance", title="By", description="chance: drawn anew each round; in_turn: everyone meets everyone."
    )
    seed: int = Field(
        default=1, ge=0, le=2**31, title="Seed", description="The same seed and round give the same pairs.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


@node(
    kind="simulation.pair", family="simulation", title="Pair up", summary="Pairs of people, anew each round",
    config=PairConfig,
    inputs=(
        Port("population", "list[any]", "People: records with a name, or texts."),
        Port("round", "number", "Which round it is, from 1; absent: how often this node ran.", required=False),
    ),
    outputs=(
        Port("pairs", "list[record]", "Each pair: first, second (the people as they were wired in)."),
        Port("left", "list[any]", "Who has nobody; empty for an even number."),
    ),
    source="Nodeloom", icon="heart-handshake",
)  # fmt: skip
async def pair(inputs: Inputs, config: PairConfig, ctx: Context) -> Outputs:
    """Put them into the order of this round, take two and two."""
    people, round = people_of(inputs["population"]), int(inputs.get("round", ctx.visit))
    order = in_turn(len(people), round) if config.by == "in_turn" else drawn(len(people), f"{config.seed}:{round}")
    whole = [(one, other) for one, other in order if max(one, other) < len(people)]
    rows = [[people[one].name, people[other].name] for one, other in whole]
    ctx.show(table_view(["first", "second"], rows, title=f"Round {round}"))
    given: Sequence[Any] = inputs["population"]
    left = [given[min(pair)] for pair in order if max(pair) >= len(people)]
    return {"pairs": [{"first": given[one], "second": given[other]} for one, other in whole], "left": left}


def drawn(count: int, seed: str) -> list[tuple[int, int]]:
    """Pairs by chance; the place ``count`` stands for nobody, where the number is odd."""
    places = list(range(count + count % 2))
    random.Random(seed).shuffle(places)  # noqa: S311 - chance, not secrecy
    return list(zip(places[::2], places[1::2], strict=True))


def in_turn(count: int, round: int) -> list[tuple[int, int]]:
    """Pairs of a round (from 1) by the circle method: the first stays, the others turn by one each round."""
    first, *others = range(count + count % 2)
    at = (round - 1) % max(len(others), 1)
    circle = [first, *others[at:], *others[:at]]
    return [(circle[place], circle[-1 - place]) for place in range(len(circle) // 2)]
