"""Connect a population: who follows whom.

Use it after "Population" and before "Ticks", where "Who sees it" may then be ``actor.name in person.follows``: so
rumours, moods and opinions spread along the network and not to all at once. ``random``: everyone follows as many
others, drawn by chance; ``small_world``: neighbours in a ring, some of them exchanged for others by chance;
``preferential``: who is followed by many is followed by more. Calls no model.

Source: Watts & Strogatz 1998, Collective dynamics of small-world networks; Barabási & Albert 1999, Emergence of
scaling in random networks; used as in Yang et al. 2024, OASIS (https://arxiv.org/abs/2411.11581).
"""

import random
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from pydantic import Field

from nodes.contract import Config, Context, Inputs, Outputs, Port, node
from nodes.simulation.people import people_of
from nodes.views import graph_view

SHOWN: Final = 150
"""People in the graph that is shown."""
Shape = Literal["random", "small_world", "preferential"]
Follows = dict[str, list[str]]


class NetworkConfig(Config):
    """The shape, and how densely it is woven."""

    shape: Shape = Field(
        default="small_world", title="Shape", description="random, small_world (rings with shortcuts) or preferential."
    )
    follows: int = Field(
        default=4, ge=1, le=500, title="Follows", description="How many others each follows, as far as there are any.",
        json_schema_extra={"unit": "people"},
    )  # fmt: skip
    mutual: bool = Field(
        default=False, title="Both ways", description="Whether who is followed follows back, as friends do."
    )
    rewiring: float = Field(
        default=0.1, ge=0, le=1, title="Shortcuts", description="Of small_world: share of neighbours exchanged.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    seed: int = Field(default=1, ge=0, le=2**31, title="Seed", description="The same seed weaves the same network.")


@node(
    kind="simulation.network", family="simulation", title="Network", summary="Connect people: who follows whom",
    config=NetworkConfig,
    inputs=(Port("population", "list[any]", "People: records with name and persona, or texts."),),
    outputs=(
        Port("population", "list[record]", "The same with `follows`: the names each follows."),
        Port("edges", "list[record]", "Each connection: source (who follows), target."),
    ),
    source="Watts & Strogatz 1998; Barabási & Albert 1999", icon="share-2",
)  # fmt: skip
async def network(inputs: Inputs, config: NetworkConfig, ctx: Context) -> Outputs:
    """Weave the shape, make it mutual where asked, write it into the people."""
    people = people_of(inputs["population"])
    names = [person.name for person in people]
    dice = random.Random(config.seed)  # noqa: S311 - chance, not secrecy
    follows = woven(names, config, dice)
    if config.mutual:
        follows = _mutual(follows)
    edges = [{"source": name, "target": other} for name in names for other in follows[name]]
    _show(names, edges, ctx)
    ctx.progress(f"{len(edges)} connections among {len(names)} people")
    connected = [{"persona": each.persona, **each.record, "follows": follows[each.name]} for each in people]
    return {"population": connected, "edges": edges}


def woven(names: Sequence[str], config: NetworkConfig, dice: random.Random) -> Follows:
    """Name -> the names it follows, never its own and none twice."""
    most = min(config.follows, len(names) - 1)
    match config.shape:
        case "random":
            return {name: dice.sample([other for other in names if other != name], most) for name in names}
        case "small_world":
            return {name: _neighbours(at, names, most, config.rewiring, dice) for at, name in enumerate(names)}
        case "preferential":
            return _preferential(names, most, dice)


def _neighbours(at: int, names: Sequence[str], most: int, rewiring: float, dice: random.Random) -> list[str]:
    """The nearest on the ring, to both sides in turn; each exchanged for another by chance."""
    steps = [(number // 2 + 1) * (1 if number % 2 == 0 else -1) for number in range(most)]
    near = [names[(at + step) % len(names)] for step in steps]
    for place in range(most):
        if dice.random() < rewiring:
            others = [name for name in names if name != names[at] and name not in near]
            near[place] = dice.choice(others) if others else near[place]
    return near


def _preferential(names: Sequence[str], most: int, dice: random.Random) -> Follows:
    """One after another they come, and follow earlier ones, each as likely as it has followers, and one."""
    follows: Follows = {}
    chances: list[str] = []
    for name in names:
        wanted, chosen = min(most, len(follows)), dict[str, None]()
        while len(chosen) < wanted:
            chosen[dice.choice(chances)] = None
        follows[name] = list(chosen)
        chances += [name, *chosen]
    return follows


def _mutual(follows: Mapping[str, Sequence[str]]) -> Follows:
    both = {name: dict.fromkeys(others) for name, others in follows.items()}
    for name, others in follows.items():
        for other in others:
            both[other][name] = None
    return {name: list(others) for name, others in both.items()}


def _show(names: Sequence[str], edges: Sequence[Mapping[str, Any]], ctx: Context) -> None:
    shown = set(names[:SHOWN])
    among = [edge for edge in edges if {edge["source"], edge["target"]} <= shown]
    ctx.show(graph_view([{"id": name, "label": name} for name in names[:SHOWN]], among, title="Who follows whom"))
