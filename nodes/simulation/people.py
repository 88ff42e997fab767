"""The people of a simulation as nodes handle them, and names for those who have none."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from nodes.contract import NodeError
from nodes.templating import as_text

NAMES: Final = (
    "Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gina", "Hugo", "Ines", "Jon", "Kira", "Leo", "Mia", "Noah", "Olga",
    "Paul", "Quinn", "Rosa", "Sam", "Tess", "Uma", "Vera", "Will", "Xenia", "Yara", "Zeno", "Amir", "Bao", "Chidi",
    "Devi", "Emre", "Fatou", "Goran", "Hana", "Ivo", "Jaya", "Kofi", "Lin", "Mateo", "Nadia",
)  # fmt: skip


class Person(NamedTuple):
    """Name, persona in words, and the record it came from."""

    name: str
    persona: str
    record: dict[str, Any]

    @property
    def system(self) -> str:
        """Its system turn."""
        return f"You are {self.name}. {self.persona}\nStay this person. Answer briefly and in the first person."


def people_of(population: Sequence[Any]) -> list[Person]:
    """People from records with ``name`` and ``persona``, from other records, or from texts. Names are made unique.

    Raises NodeError for nobody.
    """
    if not population:
        raise NodeError("The population is empty", mend="Wire in a list of people, such as that of 'Population'.")
    people: list[Person] = []
    taken: set[str] = set()
    for number, each in enumerate(population, start=1):
        record: dict[str, Any] = dict(each) if isinstance(each, Mapping) else {"persona": as_text(each)}
        name = unique(str(record.get("name") or f"Person {number}"), taken)
        traits = {key: value for key, value in record.items() if key not in ("name", "persona")}
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
