"""Let a population live: each tick all observe, act, and a game master rules on what they try.

Use it after "Population", for towns, markets, rumours, games. In each tick every person is told the world
and what it saw last, and says what it tries; all do so at the same time. Then the game master rules on
the attempts one after another, in an order drawn anew each tick, and the world changes. It ends when the
condition is true or after ``ticks``. ``act`` and ``resolve`` may be sub-workflows of your own; without them
the node's prompts do both. What it costs: 2 x people x ticks calls, so begin small.

Source: Vezhnevets et al. 2023, Concordia (https://arxiv.org/abs/2312.03664); the loop of observing and
acting of Park et al. 2023, Generative Agents (https://arxiv.org/abs/2304.03442). We deviate: a person
remembers its last events in order, not by retrieval; attach a sub-workflow with Recall for that.
"""

import random
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import Field

from nodes.bounded import together
from nodes.conditions import Condition, holds
from nodes.contract import Attach, Config, Context, Inputs, NodeError, Port, Route, node
from nodes.simulation.people import Person, people_of
from nodes.simulation.resolve import RULES, Ruling, resolve, world_text
from nodes.templating import as_text
from nodes.views import chat_view

ACT: Final = """The world:
{world}

What you saw last:
{seen}
{goal}
What do you try to do now? Answer in one sentence that begins with "I"."""
NEVER: Final = "false"
_TAKES_ACT: Final = (
    Port("person", "record", "Who acts."), Port("world", "record", "The world now."),
    Port("seen", "text", "What the person saw last."),
)  # fmt: skip
_TAKES_RESOLVE: Final = (
    Port("world", "record", "The world now."), Port("actor", "text", "Who tries."), Port("action", "text", "What."),
)  # fmt: skip


class TickConfig(Config):
    """How long, how many at once, and by which rules."""

    ticks: int = Field(
        default=3, ge=1, le=500, title="Ticks", description="The most there are.", json_schema_extra={"unit": "ticks"}
    )
    max_people: int = Field(
        default=20, ge=1, le=1_000, title="People at most", description="A larger population is an error.",
        json_schema_extra={"unit": "people"},
    )  # fmt: skip
    goal: str = Field(
        default="", title="Situation", description="What everyone is told beside the world; may be empty.",
        max_length=4_000, json_schema_extra={"widget": "textarea"},
    )  # fmt: skip
    rules: str = Field(
        default=RULES, title="Rules", description="For the game master: what is possible in this world.",
        max_length=10_000, json_schema_extra={"widget": "textarea"},
    )  # fmt: skip
    stop_when: Condition = Field(
        default=NEVER, title="Ends when", description="CEL over world and tick, looked at after each tick.",
        max_length=2_000, json_schema_extra={"widget": "cel"},
    )  # fmt: skip
    remembered: int = Field(
        default=6, ge=0, le=100, title="Remembered", description="How many of the last events a person is told.",
        json_schema_extra={"unit": "events", "advanced": True},
    )  # fmt: skip
    parallel: int = Field(
        default=8, ge=1, le=64, title="At a time", description="People asked at the same time.",
        json_schema_extra={"unit": "people", "advanced": True},
    )  # fmt: skip
    seed: int = Field(
        default=1, ge=0, le=2**31, title="Seed", description="For the order in which attempts are ruled on.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


@dataclass
class Life:
    """The simulation as it runs."""

    people: list[Person]
    world: dict[str, Any]
    events: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def seen(self, most: int) -> str:
        """The last events, as a person is told them."""
        lines = [f"- {event['event']}" for event in self.events[-most:]] if most else []
        return "\n".join(lines) or "- nothing yet"

    def tried(self, name: str) -> list[str]:
        """What one person tried so far."""
        return [event["action"] for event in self.events if event["actor"] == name]


@node(
    kind="simulation.tick", family="simulation", title="Ticks", summary="A population observes, acts, and is ruled on",
    config=TickConfig,
    inputs=(
        Port("population", "list[any]", "People: records with name and persona, or texts."),
        Port("world", "record", "The world at the start.", required=False),
    ),
    outputs=(
        Port("world", "record", "The world at the end."),
        Port("events", "list[record]", "What happened: tick, actor, action, event, possible."),
        Port("ticks", "number", "How many ticks there were."),
        Port("population", "list[record]", "The people, with what each tried."),
    ),
    outcomes=("done", "stopped"),
    attaches=(
        Attach("model", "model"),
        Attach("act", "workflow", takes=_TAKES_ACT, gives=(Port("action", "any", "What the person tries."),)),
        Attach("resolve", "workflow", takes=_TAKES_RESOLVE, gives=(
            Port("world", "record", "The world after it."), Port("event", "any", "What everyone can see."),
        )),
    ),
    model_calls="2 x people x ticks", icon="clock",
    source="Vezhnevets et al. 2023, Concordia, https://arxiv.org/abs/2312.03664",
)  # fmt: skip
async def tick(inputs: Inputs, config: TickConfig, ctx: Context) -> Route:
    """Ticks until the condition holds: all act on the same world, then each attempt is ruled on."""
    people = people_of(inputs["population"])
    if len(people) > config.max_people:
        raise NodeError(
            f"The population has {len(people)} people, and this node takes at most {config.max_people}",
            mend="Draw fewer people, or raise 'People at most'.",
        )
    life = Life(people, dict(inputs.get("world") or {}))
    dice, number, ended = random.Random(config.seed), 0, False  # noqa: S311 - chance, not secrecy
    while number < config.ticks and not ended:
        number += 1
        ctx.progress(f"tick {number} of {config.ticks}")
        attempts = await _attempts(life, config, ctx)
        for person, action in dice.sample(attempts, len(attempts)):
            ruling = await _ruled(life.world, person, action, config, ctx)
            life.world = ruling.world
            said = {"actor": person.name, "action": action, "event": ruling.event, "possible": ruling.possible}
            life.events.append({"tick": number, **said})
            ctx.show(_view(life))
        # "false" is known without the CEL library, which takes 0.5 s to load.
        ended = config.stop_when != NEVER and holds(config.stop_when, {"world": life.world, "tick": number})
    tried = [{**each.record, "actions": life.tried(each.name)} for each in people]
    outputs = {"world": life.world, "events": life.events, "ticks": number, "population": tried}
    return Route("stopped" if ended else "done", outputs)


async def _attempts(life: Life, config: TickConfig, ctx: Context) -> list[tuple[Person, str]]:
    """What each person tries, in the order of the population."""
    part, seen = ctx.subworkflow("act"), life.seen(config.remembered)
    goal = f"\n{config.goal.strip()}\n" if config.goal.strip() else ""
    prompt = ACT.format(world=world_text(life.world), seen=seen, goal=goal)

    async def attempt(person: Person) -> tuple[Person, str]:
        if part is not None:
            given = await part.run({"person": person.record, "world": life.world, "seen": seen})
            return person, as_text(given["action"]).strip()
        messages = [{"role": "system", "content": person.system}, {"role": "user", "content": prompt}]
        return person, (await ctx.model.chat(messages, stream=False)).text.strip()

    return [pair for pair in await together(attempt, life.people, limit=config.parallel) if pair[1]]


async def _ruled(world: dict[str, Any], person: Person, action: str, config: TickConfig, ctx: Context) -> Ruling:
    part = ctx.subworkflow("resolve")
    if part is None:
        return await resolve(world, person.name, action, config.rules, ctx)
    given = await part.run({"world": world, "actor": person.name, "action": action})
    return Ruling(True, as_text(given["event"]), dict(given["world"]), [])


def _view(life: Life) -> dict[str, Any]:
    messages: list[dict[str, Any]] = []
    for event in life.events:
        ruled = f"tick {event['tick']}: {event['event']}"
        messages += [{"speaker": event["actor"], "text": event["action"], "to": "game master"}]
        messages += [{"speaker": "game master", "text": ruled}]
    return chat_view(messages)
