"""The rules of the text world: what a command does to it, and what is seen then."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from pydantic import Field

from nodes.contract import Config

COMMANDS: Final = (
    "look; go to PLACE; open PLACE; close PLACE; take THING; put THING in PLACE; heat THING; cool THING; wash THING."
)
Work = Literal["", "heat", "cool", "wash"]
State = dict[str, Any]
"""``{"at", "carried", "open": [place], "holds": {place: [thing]}, "made": {thing: [work]}, "commands": n}``."""
_MADE: Final = {"heat": "hot", "cool": "cold", "wash": "clean"}
_COMMAND: Final = re.compile(
    r"(?:(?P<look>look)(?: around)?|(?:go|walk)(?: to)? (?P<go>.+)|open (?P<open>.+)|close (?P<close>.+)"
    r"|(?:take|pick up|get) (?P<take>.+?)(?: from .+)?|(?:put|place) (?P<put>.+?) (?:in|into|on|onto) (?P<where>.+)"
    r"|(?P<work>heat|cool|wash|clean) (?P<thing>.+?)(?: (?:with|in) .+)?)"
)


class Place(Config):
    """Where things can be."""

    name: str = Field(title="Name", description="What it is called.", min_length=1, max_length=40)
    holds: tuple[str, ...] = Field(default=(), title="Holds", description="Things in it at first.", max_length=30)
    closed: bool = Field(default=False, title="Closed", description="It has to be opened first.")
    does: Work = Field(default="", title="Does", description="heat, cool or wash what is brought there; empty: none.")


class Nothing(Exception):
    """Why nothing happens, in words."""


def first_state(places: Sequence[Place]) -> State:
    """The world as it begins: one stands in the middle of the room and carries nothing."""
    return {
        "at": "", "carried": "", "open": [], "made": {}, "commands": 0,
        "holds": {place.name: list(place.holds) for place in places},
    }  # fmt: skip


def carried_out(command: str, state: State, room: Sequence[Place]) -> str:
    """Change ``state`` as the command says, and what is seen then. Raises Nothing."""
    read = _COMMAND.fullmatch(" ".join(re.sub(r"\b(?:the|a|an)\b|[.\"']", " ", command.lower()).split()))
    if read is None:
        raise Nothing(f"{command!r} is no command. Commands are: {COMMANDS}")
    places = {place.name: place for place in room}
    match {key: value for key, value in read.groupdict().items() if value}:
        case {"go": name}:
            return _go(_known(name, places), state, places)
        case {"open": name}:
            return _open(_known(name, places), state, places)
        case {"close": name}:
            return _close(_known(name, places), state, places)
        case {"take": thing}:
            return _take(thing, state, places)
        case {"put": thing, "where": name}:
            return _put(thing, _known(name, places), state, places)
        case {"work": work, "thing": thing}:
            return _work("wash" if work == "clean" else work, thing, state, places)
        case _:
            return _look(state, places)


def _known(name: str, places: Mapping[str, Place]) -> Place:
    if name not in places:
        raise Nothing(f"there is no place {name!r}; there are {', '.join(places)}.")
    return places[name]


def _is_open(place: Place, state: State) -> bool:
    return not place.closed or place.name in state["open"]


def _here(state: State, places: Mapping[str, Place]) -> Place:
    """The place one stands at, open."""
    if not state["at"]:
        raise Nothing("you stand in the middle of the room. Go to a place first.")
    place = places[state["at"]]
    if not _is_open(place, state):
        raise Nothing(f"the {place.name} is closed. Open it first.")
    return place


def _seen(place: Place, state: State) -> str:
    if not _is_open(place, state):
        return f"The {place.name} is closed."
    things = state["holds"][place.name]
    return f"In the {place.name}: {', '.join(things)}." if things else f"The {place.name} is empty."


def _look(state: State, places: Mapping[str, Place]) -> str:
    where = _seen(places[state["at"]], state) if state["at"] else "You stand in the middle of the room."
    carried = f"You carry the {state['carried']}." if state["carried"] else "You carry nothing."
    return f"Places: {', '.join(places)}. {where} {carried}"


def _go(place: Place, state: State, places: Mapping[str, Place]) -> str:
    state["at"] = place.name
    return f"You are at the {place.name}. {_seen(place, state)}"


def _open(place: Place, state: State, places: Mapping[str, Place]) -> str:
    if state["at"] != place.name:
        raise Nothing(f"you are not at the {place.name}. Go there first.")
    if _is_open(place, state):
        raise Nothing(f"the {place.name} is open already.")
    state["open"].append(place.name)
    return f"You open the {place.name}. {_seen(place, state)}"


def _close(place: Place, state: State, places: Mapping[str, Place]) -> str:
    if state["at"] != place.name or not place.closed or place.name not in state["open"]:
        raise Nothing(f"there is nothing to close at the {place.name} from here.")
    state["open"].remove(place.name)
    return f"You close the {place.name}."


def _take(thing: str, state: State, places: Mapping[str, Place]) -> str:
    if state["carried"]:
        raise Nothing(f"you carry the {state['carried']} already. Put it somewhere first.")
    place = _here(state, places)
    if thing not in state["holds"][place.name]:
        raise Nothing(f"there is no {thing} here. {_seen(place, state)}")
    state["holds"][place.name].remove(thing)
    state["carried"] = thing
    return f"You take the {thing}."


def _put(thing: str, place: Place, state: State, places: Mapping[str, Place]) -> str:
    if state["carried"] != thing:
        raise Nothing(f"you do not carry the {thing}. Take it first.")
    if state["at"] != place.name:
        raise Nothing(f"you are not at the {place.name}. Go there first.")
    state["holds"][_here(state, places).name].append(thing)
    state["carried"] = ""
    return f"You put the {thing} in the {place.name}."


def _work(work: str, thing: str, state: State, places: Mapping[str, Place]) -> str:
    if state["carried"] != thing:
        raise Nothing(f"you do not carry the {thing}. Take it first.")
    able = [name for name, place in places.items() if place.does == work]
    if state["at"] not in able:
        raise Nothing(
            f"you cannot {work} anything here. Go to the {' or '.join(able) or 'right place, there is none'}."
        )
    _here(state, places)
    opposite = {"heat": "cool", "cool": "heat"}.get(work)
    done = [each for each in state["made"].get(thing, []) if each not in (work, opposite)]
    state["made"][thing] = [*done, work]
    return f"The {thing} is {_MADE[work]} now."
