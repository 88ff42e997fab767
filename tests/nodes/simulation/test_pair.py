"""simulation.pair"""

from typing import Any

import pytest

from nodes.simulation.pair import pair
from tests.fakes import FakeContext, run_node

PEOPLE = ["Ann", "Ben", "Cy", "Di"]


def pairs(population: list[Any], visit: int = 1, **config: Any) -> list[frozenset[str]]:
    out = run_node(pair, {"population": population}, FakeContext(visit=visit), **config)
    return [frozenset((each["first"], each["second"])) for each in out["pairs"]]


@pytest.mark.parametrize("people", [PEOPLE, [*PEOPLE, "Eve"], [*PEOPLE, "Eve", "Fay"]])
def test_in_turn_everyone_meets_everyone_once(people: list[str]):
    """After n - 1 rounds (n made even) all pairs there are have met, each once."""
    rounds = len(people) - 1 + len(people) % 2
    met = [each for visit in range(1, rounds + 1) for each in pairs(people, visit, by="in_turn")]
    assert len(met) == len(set(met)) == len(people) * (len(people) - 1) // 2


def test_by_chance_everyone_has_one_partner():
    """Each is in one pair; another round draws others; the same draws the same."""
    drawn = pairs(PEOPLE)
    assert sorted(name for each in drawn for name in each) == PEOPLE
    assert drawn == pairs(PEOPLE)
    assert len({tuple(pairs(PEOPLE, visit)) for visit in range(1, 9)}) > 1


def test_one_is_left_over():
    """Of three one has nobody; a round that is wired in counts instead of the visit."""
    ctx = FakeContext(visit=7)
    out = run_node(pair, {"population": [{"name": "Ann", "age": 3}, "Ben", "Cy"], "round": 1}, ctx, by="in_turn")
    assert len(out["pairs"]) == 1 and len(out["left"]) == 1
    assert ctx.views[-1]["title"] == "Round 1"
    one = run_node(pair, {"population": ["Ann"]}, FakeContext(), by="in_turn")
    assert (one["pairs"], one["left"]) == ([], ["Ann"])
