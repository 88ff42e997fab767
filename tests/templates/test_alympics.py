"""Alympics: bids are sealed, the highest that is covered wins, thirst grows, and the dead bid no more."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

PLAYERS: list[dict[str, Any]] = [
    {"name": "Ann", "persona": "", "income": 50, "health": 9}, {"name": "Bo", "persona": "", "income": 50, "health": 3},
]  # fmt: skip


def bids(*pairs: tuple[float, ...]) -> list[Reply]:
    """What the living bid, day by day."""
    return [said("bid", {"answer": {"why": "", "bid": sum}}, item=at) for pair in pairs for at, sum in enumerate(pair)]


def play(tmp_path: Path, days: int, *replies: Reply) -> Ran:
    """A game of Ann and Bo."""
    return Lab("alympics", tmp_path).run(*replies, players=PLAYERS, days=days)


def test_the_highest_covered_bid_gets_the_water(tmp_path: Path):
    """Bo cannot pay 90; Ann gets it for 30, drinks and pays, and Bo loses a point of health."""
    end = play(tmp_path, 1, *bids((30, 90))).outputs["end"]
    assert end["history"] == ["Day 1: Ann got the water for 30"]
    assert end["health"] == {"Ann": 10, "Bo": 2} and end["money"] == {"Ann": 70, "Bo": 100}


def test_bids_are_sealed_and_the_past_is_known(tmp_path: Path):
    """On day 1 nobody sees a bid, on day 2 everybody knows who paid what."""
    ran = play(tmp_path, 2, *bids((31, 32), (0, 60)))
    assert all("31" not in asked and "32" not in asked for asked in ran.prompts("bid")[:2])
    assert all("Day 1: Bo got the water for 32" in asked for asked in ran.prompts("bid")[2:])


def test_thirst_grows_until_the_thirsty_die_and_bid_no_more(tmp_path: Path):
    """Without water Bo loses 1, then 2 of his 3 points; on day 3 only Ann is asked."""
    ran = play(tmp_path, 3, *bids((40, 0), (40, 0), (5,)))
    assert "Day 2: Bo died of thirst" in ran.outputs["end"]["history"]
    assert [player["name"] for player in ran.outputs["survivors"]] == ["Ann"]
    assert len(ran.prompts("bid")) == 5
