"""Members rate each other's answers, and what each was worth is counted backwards from the last round."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel, Field, create_model

from nodes.contract import AnswerError, Role
from nodes.teams.members import ask_member_for, user

RATE: Final = "Rate how much each of them helps to find the right answer: 1 misleading, 5 very helpful.\n{listed}"
LEAST, MOST, MIDDLE = 1, 5, 3


async def ask_ratings(member: Role, turns: Sequence[Mapping[str, Any]], others: Sequence[str]) -> dict[str, float]:
    """Name -> 1 to 5 for each of ``others``; {} without others. Who cannot fill the form rates all alike."""
    if not others:
        return {}
    listed = "\n".join(f"m{number}: {name}" for number, name in enumerate(others, start=1))
    try:
        given = await ask_member_for(member, ratings_schema(len(others)), *turns, user(RATE.format(listed=listed)))
    except AnswerError:
        return dict.fromkeys(others, float(MIDDLE))
    return {name: float(getattr(given, f"m{number}")) for number, name in enumerate(others, start=1)}


@lru_cache(maxsize=32)
def ratings_schema(count: int) -> type[BaseModel]:
    """``{"m1": 1 to 5, ...}``; names of members need not be names of fields."""
    entries: dict[str, Any] = {
        f"m{number}": (int, Field(ge=LEAST, le=MOST, description=f"How helpful m{number} is"))
        for number in range(1, count + 1)
    }
    return create_model("Ratings", **entries)


def importance(
    rounds: Sequence[Sequence[str]], ratings: Sequence[Mapping[str, Mapping[str, float]]]
) -> dict[str, float]:
    """Member -> its share of the worth of all rounds; the shares sum to 1.

    ``rounds``: who spoke in each round. ``ratings[t]``: of each speaker of round t + 1, how it rated the
    speakers of round t. The last speakers share a worth of 1 equally; going back, each speaker's worth is
    split over those it rated, in proportion, so that every round has a worth of 1 in all.
    """
    worth = dict.fromkeys(rounds[0], 0.0)
    now = {name: 1 / len(rounds[-1]) for name in rounds[-1]}
    for speakers, rated in zip(reversed(rounds), [*reversed(ratings), {}], strict=True):
        for name in speakers:
            worth[name] += now.get(name, 0.0) / len(rounds)
        now = _passed_on(now, rated)
    return worth


def _passed_on(now: Mapping[str, float], rated: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """The worth of the round before, given the worth of this one and its ratings; who rated nobody keeps its own."""
    before: dict[str, float] = {}
    for name, worth in now.items():
        given = rated.get(name) or {name: 1.0}
        total = sum(given.values())
        for other, rating in given.items():
            before[other] = before.get(other, 0.0) + worth * rating / total
    return before
