"""What living does to people: traits that change with what they saw and did."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel, Field, create_model

from nodes.answers import ask_for
from nodes.bounded import together
from nodes.contract import Context
from nodes.simulation.life import Life, lines
from nodes.simulation.people import Person, in_words

CHANGE: Final = """What you saw and did last:
{seen}

Until now: {traits}
What of this is different now? Give each anew; what has not changed stays as it is."""
_PYTHON: Final[Mapping[type, type]] = {bool: bool, int: float, float: float}


async def changed(life: Life, traits: Sequence[str], remembered: int, parallel: int, ctx: Context) -> dict[str, Person]:
    """Every person with ``traits`` as they are after the tick, each asked at the same time as the others."""

    async def after(person: Person) -> Person:
        given = {name: person.record.get(name, "") for name in traits}
        seen = lines([str(event["event"]) for event in life.seen(person.name, remembered)])
        messages = [
            {"role": "system", "content": person.system},
            {"role": "user", "content": CHANGE.format(seen=seen, traits=in_words(given))},
        ]
        schema = traits_schema(tuple((name, _PYTHON.get(type(value), str)) for name, value in given.items()))
        said = await ask_for(ctx.model, messages, schema, temperature=0)
        return person.become(_as_before(said.model_dump(), given))

    people = await together(after, list(life.people.values()), limit=parallel)
    return {person.name: person for person in people}


def _as_before(said: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """A whole number stays one; a text has no space around it, so that two that are the same count as one."""
    whole = {name: int(value) if type(given[name]) is int else value for name, value in said.items()}
    return {name: value.strip() if isinstance(value, str) else value for name, value in whole.items()}


@lru_cache(maxsize=64)
def traits_schema(traits: tuple[tuple[str, type], ...]) -> type[BaseModel]:
    """A record of the traits, each of its type."""
    entries: dict[str, Any] = {
        name: (kind, Field(description=f"Your {name.replace('_', ' ')} now")) for name, kind in traits
    }
    return create_model("Traits", **entries)
