"""Let a population live: each tick all observe, act, and a game master rules on what they try.

Use it after "Population", for towns, markets, rumours, networks. In each tick every person is told the world and
what it saw last, and says what it tries, all at the same time. Then the game master rules on the attempts one after
another, in an order drawn anew each tick. Who sees what is a condition: all do, or who is in the same place, or who
follows the actor. Traits under ``changing`` are asked for after each tick. With a memory space everyone keeps what
it saw in a part of its own and recalls from it. ``act`` and ``resolve`` may be sub-workflows of your own. It costs
2 x people x ticks calls, and as many as people a tick more where traits change; so begin small.

Source: Vezhnevets et al. 2023, Concordia (https://arxiv.org/abs/2312.03664); the loop of observing and acting,
and a memory for each, of Park et al. 2023, Generative Agents (https://arxiv.org/abs/2304.03442); traits that
change as in Gao et al. 2023, S3: Social-network Simulation System with Large Language Model-Empowered Agents.
We deviate: nobody plans ahead; attach a sub-workflow for that.
"""

import random
from typing import Any, Final

from pydantic import Field

from nodes.bounded import together
from nodes.conditions import Condition, holds
from nodes.contract import Attach, Config, Context, Inputs, Port, Route, node
from nodes.simulation.change import changed
from nodes.simulation.life import EVERYONE, WHOLE, Life, earlier, life_view, lines, remember
from nodes.simulation.people import Person, people_of
from nodes.simulation.resolve import RULES, Ruling, resolve, world_text
from nodes.templating import as_text

ACT: Final = """The world:
{world}

What you saw last:
{seen}
{goal}
What do you try to do now? Answer in one sentence that begins with "I"."""
RECALLED: Final = "\nWhat you remember:\n{lines}\n"
NEVER: Final = "false"
_PERSON, _WORLD = Port("person", "record", "Who acts."), Port("world", "record", "The world now, as it sees it.")
_TAKES_ACT: Final = (
    _PERSON, _WORLD, Port("seen", "text", "What the person saw last."),
    Port("events", "documents", "The same, each with text, actor, action and at (the tick)."),
)  # fmt: skip
_TAKES_RESOLVE: Final = (_WORLD, Port("actor", "text", "Who tries."), Port("action", "text", "What."))


class TickConfig(Config):
    """How long, who sees what, by which rules, and how many at once."""

    ticks: int = Field(
        default=3, ge=1, le=500, title="Ticks", description="The most there are.", json_schema_extra={"unit": "ticks"}
    )
    max_people: int = Field(
        default=20, ge=1, le=10_000, title="People at most", description="A larger population is an error.",
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
    sees: Condition = Field(
        default=EVERYONE, title="Who sees it", max_length=2_000, json_schema_extra={"widget": "cel"},
        description="CEL over event, actor, person (its record) and world, such as person.place == actor.place.",
    )  # fmt: skip
    view: Condition = Field(
        default=WHOLE, title="What of the world", max_length=2_000, json_schema_extra={"widget": "cel"},
        description="CEL over world and person: the record a person is told.",
    )  # fmt: skip
    changing: tuple[str, ...] = Field(
        default=(), title="Traits that change", description="Asked for after each tick, such as mood; 1 call a person.",
        max_length=10,
    )  # fmt: skip
    remembered: int = Field(
        default=6, ge=0, le=100, title="Remembered", description="Of the last events, and with a memory recalled ones.",
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


@node(
    kind="simulation.tick", family="simulation", title="Ticks", summary="A population observes, acts, and is ruled on",
    config=TickConfig,
    inputs=(
        Port("population", "list[any]", "People: records with name and persona, or texts."),
        Port("world", "record", "The world at the start.", required=False),
        Port("events", "list[record]", "What happened before, from other ticks: tick, actor, event.", required=False),
    ),
    outputs=(
        Port("world", "record", "The world at the end."),
        Port("events", "list[record]", "What happened: tick, actor, action, event, possible."),
        Port("ticks", "number", "How many ticks there were."),
        Port("population", "list[record]", "The people as they are now, with what each tried."),
    ),
    outcomes=("done", "stopped"),
    attaches=(
        Attach("model", "model"),
        Attach("memory", "memory", description="Everyone keeps and recalls here what it saw (owner: its name)."),
        Attach("act", "workflow", takes=_TAKES_ACT, gives=(
            Port("action", "any", "What the person tries; empty: nothing."),
            Port("person", "record", "Traits that are different now.", required=False),
        )),
        Attach("resolve", "workflow", takes=_TAKES_RESOLVE, gives=(
            Port("world", "record", "The world after it."), Port("event", "any", "What can be seen of it."),
        )),
    ),
    side_effects=True, model_calls="2 x people x ticks; 3 x where traits change", icon="clock",
    source="Vezhnevets et al. 2023, Concordia, https://arxiv.org/abs/2312.03664",
)  # fmt: skip
async def tick(inputs: Inputs, config: TickConfig, ctx: Context) -> Route:
    """Ticks until the condition holds: all act on what they see, each attempt is ruled on, people change."""
    people = people_of(inputs["population"], config.max_people)
    life = Life({each.name: each for each in people}, dict(inputs.get("world") or {}), config.sees, config.view)
    for event in inputs.get("events") or ():
        life.happened(earlier(event))
    before, number, ended = len(life.events), 0, False
    dice = random.Random(config.seed)  # noqa: S311 - chance, not secrecy
    while number < config.ticks and not ended:
        number += 1
        ctx.progress(f"tick {number} of {config.ticks}")
        attempts = await _attempts(life, config, ctx)
        for name, action in dice.sample(attempts, len(attempts)):
            ruling = await _ruled(life.world, name, action, config, ctx)
            life.world = ruling.world
            said = {"actor": name, "action": action, "event": ruling.event, "possible": ruling.possible}
            event = {"tick": number, **said}
            await remember(event, life.happened(event), ctx)
            ctx.show(life_view(life.events[before:]))
        if config.changing:
            life.people = await changed(life, config.changing, config.remembered, config.parallel, ctx)
        # "false" is known without the CEL library, which takes 0.5 s to load.
        ended = config.stop_when != NEVER and holds(config.stop_when, {"world": life.world, "tick": number})
    tried = [{**each.record, "actions": life.tried(each.name)} for each in life.people.values()]
    outputs = {"world": life.world, "events": life.events[before:], "ticks": number, "population": tried}
    return Route("stopped" if ended else "done", outputs)


async def _attempts(life: Life, config: TickConfig, ctx: Context) -> list[tuple[str, str]]:
    """Who tries what, in the order of the population."""

    async def attempt(person: Person) -> tuple[str, str]:
        return person.name, await _action(person, life, config, ctx)

    pairs = await together(attempt, list(life.people.values()), limit=config.parallel)
    return [pair for pair in pairs if pair[1]]


async def _action(person: Person, life: Life, config: TickConfig, ctx: Context) -> str:
    """What the person tries; '' for nothing."""
    part, events = ctx.subworkflow("act"), life.seen(person.name, config.remembered)
    seen, world = lines([str(event["event"]) for event in events]), life.told(person)
    if part is not None:
        documents = [{**event, "text": event["event"], "at": event["tick"]} for event in events]
        given = await part.run({"person": person.record, "world": world, "seen": seen, "events": documents})
        life.people[person.name] = person.become(given.get("person") or {})
        return as_text(given["action"]).strip()
    known = {str(event["event"]) for event in events}
    recalled = await person.remembered(f"{config.goal}\n{seen}", config.remembered, ctx)
    more = [text for text in recalled if text not in known]
    goal = f"\n{config.goal.strip()}\n" if config.goal.strip() else ""
    told = (RECALLED.format(lines=lines(more)) if more else "") + goal
    prompt = ACT.format(world=world_text(world), seen=seen, goal=told)
    messages = [{"role": "system", "content": person.system}, {"role": "user", "content": prompt}]
    return (await ctx.model.chat(messages, stream=False)).text.strip()


async def _ruled(world: dict[str, Any], actor: str, action: str, config: TickConfig, ctx: Context) -> Ruling:
    part = ctx.subworkflow("resolve")
    if part is None:
        return await resolve(world, actor, action, config.rules, ctx)
    given = await part.run({"world": world, "actor": actor, "action": action})
    return Ruling(True, as_text(given["event"]), dict(given["world"]), [])
