"""Donor game: gifts are doubled and known, the better half survives, and newcomers read its strategies."""

import re
from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

PEOPLE = [{"name": name} for name in ("Ada", "Ben", "Cleo", "Dan")]


def strategies(*texts: str) -> list[Reply]:
    """What newcomers write."""
    return [said("strategy", text, item=at) for at, text in enumerate(texts)]


def gifts(coins: float, **more: Any) -> Reply:
    """What every donor gives."""
    return said("give", {"answer": {"why": "", "coins": coins}}, repeat=True, **more)


def play(tmp_path: Path, *replies: Reply, generations: int = 1, rounds: int = 1) -> Ran:
    """A game of four."""
    lab = Lab("donor_game_cultural_evolution", tmp_path)
    return lab.run(*replies, people=PEOPLE, generations=generations, rounds=rounds)


def test_what_is_given_is_doubled_and_known(tmp_path: Path):
    """Two donors of four give 4: 40 coins become 48; in round 2 all know who gave whom what."""
    ran = play(tmp_path, *strategies("a", "b", "c", "d"), gifts(4), rounds=2)
    first, second = (ran.results("move")[at]["world"]["coins"] for at in (0, 1))
    assert sum(first.values()) == 48 and sum(second.values()) == 56
    assert sorted(first.values()) == [6, 6, 18, 18]
    assert "gave" not in ran.prompts("give")[0].split("before:")[1]
    assert re.search(r"gave \w+ 4 of 10", ran.prompts("give")[2])


def test_nobody_gives_more_than_they_have(tmp_path: Path):
    """A gift of 99 is one of 10."""
    ran = play(tmp_path, *strategies("a", "b", "c", "d"), gifts(99))
    assert sorted(ran.results("move")[0]["world"]["coins"].values()) == [0, 0, 30, 30]


def test_the_better_half_survives_and_passes_its_strategies_on(tmp_path: Path):
    """The two who received are in the second generation; newcomers read their strategies and no others."""
    ran = play(tmp_path, *strategies("I am Ada", "I am Ben", "I am Cleo", "I am Dan"), *strategies("x", "y"), gifts(5),
               generations=2)  # fmt: skip
    coins = ran.results("move")[0]["world"]["coins"]
    rich = [name for name, sum in coins.items() if sum == 20]
    people = ran.outputs["people"]
    assert [each["name"] for each in people[:2]] == rich and all(each["name"].endswith("jr") for each in people[2:])
    asked = ran.prompts("strategy")[-1]
    assert all((f"I am {name}" in asked) == (name in rich) for name in coins)
    assert ran.outputs["wealth"] == [50, 50]
