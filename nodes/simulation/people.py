"""The people of a simulation as nodes handle them: their names, personas, and what they remember themselves."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from nodes.contract import Context, Memory, NodeError, Weights
from nodes.templating import as_text

NAMES: Final = (
    "Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gina", "Hugo", "Ines", "Jon", "Kira", "Leo", "Mia", "Noah", "Olga",
    "Paul", "Quinn", "Rosa", "Sam", "Tess", "Uma", "Vera", "Will", "Xenia", "Yara", "Zeno", "Amir", "Bao", "Chidi",
    "Devi", "Emre", "Fatou", "Goran", "Hana", "Ivo", "Jaya", "Kofi", "Lin", "Mateo", "Nadia",
)  # fmt: skip
HALF_LIFE: Final = 30  # days: within one simulation all memories are about as new


class Person(NamedTuple):
    """Name, persona in words, and the record it came from."""

    name: str
    persona: str
    record: dict[str, Any]

    @property
    def system(self) -> str:
        """Its system turn."""
        return f"You are {self.name}. {self.persona}\nStay this person. Answer briefly and in the first person."

    def become(self, traits: Mapping[str, Any]) -> "Person":
        """The person with other traits: its persona says so too, and its name stays."""
        persona, new = self.persona, {key: value for key, value in traits.items() if key not in ("name", "persona")}
        for key, value in new.items():
            if isinstance(value, str | int | float) and self.record.get(key) != value:
                before, now = in_words({key: self.record.get(key)}), in_words({key: value})
                persona = persona.replace(before, now) if before in persona else f"{persona} {now}".strip()
        return Person(self.name, persona, {**self.record, **new, "persona": persona})

    def memory(self, ctx: Context) -> Memory | None:
        """Its own part of the attached memory space; None where none is attached."""
        return ctx.memory.owned_by(self.name) if ctx.memory else None

    async def remembered(self, about: str, most: int, ctx: Context) -> list[str]:
        """What its own memory holds on something, the best first; none where there is no memory."""
        memory = self.memory(ctx)
        if memory is None or most == 0 or not about.strip():
            return []
        hits = await memory.search(about, top_k=most, weights=Weights(), half_life_days=HALF_LIFE)
        return [hit.text for hit in hits]


def people_of(population: Sequence[Any], most: int = 10_000) -> list[Person]:
    """People from records with ``name`` and ``persona``, from other records, or from texts. Names are made unique.

    Raises NodeError for nobody, and for more than ``most``.
    """
    if not population:
        raise NodeError("The population is empty", mend="Wire in a list of people, such as that of 'Population'.")
    if len(population) > most:
        raise NodeError(
            f"The population has {len(population)} people, and this node takes at most {most}",
            mend="Draw fewer people, or raise 'People at most'.",
        )
    people: list[Person] = []
    taken: set[str] = set()
    for number, each in enumerate(population, start=1):
        record: dict[str, Any] = dict(each) if isinstance(each, Mapping) else {"persona": as_text(each)}
        name = unique(str(record.get("name") or f"Person {number}"), taken)
        traits = {key: value for key, value in record.items() if key not in ("name", "persona", "count")}
        people.append(Person(name, as_text(record.get("persona")) or in_words(traits), {**record, "name": name}))
    return people


def unique(name: str, taken: set[str]) -> str:
    """``name``, with a number where it is taken; it is taken then."""
    free = name if name not in taken else next(n for i in range(2, 100_000) if (n := f"{name} {i}") not in taken)
    taken.add(free)
    return free


def in_words(traits: Mapping[str, Any]) -> str:
    """``Age: 34. Job: nurse.``"""
    return " ".join(f"{key.replace('_', ' ').capitalize()}: {as_text(value)}." for key, value in traits.items())
