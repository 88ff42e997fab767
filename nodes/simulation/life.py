"""A simulation as it runs: the people, the world, what happened, and who saw it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from nodes.conditions import evaluate, holds
from nodes.contract import Context, NodeError
from nodes.simulation.people import Person
from nodes.views import View, chat_view

EVERYONE: Final = "true"
WHOLE: Final = "world"
OBSERVATION: Final = "observation"
"""The kind of record a person's memory of an event is."""


@dataclass
class Life:
    """People, world and events; ``sees`` is a CEL condition over event, actor, person and world."""

    people: dict[str, Person]
    world: dict[str, Any]
    sees: str = EVERYONE
    view: str = WHOLE
    events: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    _seen: dict[str, list[dict[str, Any]]] = field(default_factory=dict[str, list[dict[str, Any]]])

    def happened(self, event: dict[str, Any]) -> list[Person]:
        """Note an event; who saw it. An actor always sees its own."""
        self.events.append(event)
        witnesses = [person for person in self.people.values() if self._sees(person, event)]
        for person in witnesses:
            self._seen.setdefault(person.name, []).append(event)
        return witnesses

    def seen(self, name: str, most: int) -> list[dict[str, Any]]:
        """The last events a person saw, the oldest first."""
        return self._seen.get(name, [])[-most:] if most else []

    def told(self, person: Person) -> dict[str, Any]:
        """The world as the person is told it. Raises NodeError where the view is no record."""
        # Known without the CEL library, which takes 0.5 s to load.
        if self.view == WHOLE:
            return self.world
        shown = evaluate(self.view, {"world": self.world, "person": person.record})
        if not isinstance(shown, Mapping):
            raise NodeError(
                f"{self.view!r} gives {shown!r:.200} for {person.name}, which is no record",
                mend="Write a record, such as {'price': world.price, 'purse': world.purses[person.name]}.",
            )
        return dict(shown)

    def tried(self, name: str) -> list[str]:
        """What one person tried so far."""
        return [event["action"] for event in self.events if event["actor"] == name and "action" in event]

    def _sees(self, person: Person, event: Mapping[str, Any]) -> bool:
        if self.sees == EVERYONE or event.get("actor") == person.name:
            return True
        actor = self.people.get(str(event.get("actor", "")))
        values = {"event": event, "actor": actor.record if actor else {}, "person": person.record, "world": self.world}
        return holds(self.sees, values)


def earlier(event: Any) -> dict[str, Any]:
    """An event that is wired in. Raises NodeError where it does not say what happened."""
    if not isinstance(event, Mapping) or "event" not in event:
        raise NodeError(
            f"{event!r:.200} is no event", mend="Wire in events of another 'Ticks', or records with an entry event."
        )
    return {"tick": 0, "actor": "", **cast(Mapping[str, Any], event)}


def lines(texts: Sequence[str]) -> str:
    """What a person saw or remembers, as it is told."""
    return "\n".join(f"- {text}" for text in texts) or "- nothing yet"


async def remember(event: Mapping[str, Any], witnesses: Sequence[Person], ctx: Context) -> None:
    """Let everyone who saw an event keep it in the own part of the attached memory."""
    for person in witnesses if ctx.memory else ():
        memory = person.memory(ctx)
        assert memory is not None, "there is a memory to own a part of"
        data = {"tick": event["tick"], "actor": event["actor"]}
        await memory.add(str(event["event"]), kind=OBSERVATION, data=data)


def life_view(events: Sequence[Mapping[str, Any]]) -> View:
    """The events as a conversation with the game master."""
    messages: list[dict[str, Any]] = []
    for event in events:
        ruled = f"tick {event['tick']}: {event['event']}"
        messages += [{"speaker": event["actor"], "text": event["action"], "to": "game master"}]
        messages += [{"speaker": "game master", "text": ruled}]
    return chat_view(messages)
