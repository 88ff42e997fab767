"""ContestTrade: who was right so far is listened to, and the market scores everybody, over days and runs."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

DAYS = [{"close": price, "volume": 1, "news": "none"} for price in (10.0, 11.0, 12.0)]
ANALYSTS = [{"name": each, "persona": f"I am {each}."} for each in ("Wrong", "Right", "Also right")]
TRADERS = [{"name": each, "persona": f"I am {each}."} for each in ("Fool", "Sage")]


def speaks(node: str, item: int, call: str) -> Reply:
    """What a member says each day."""
    return said(node, {"answer": {"text": f"factor {item}", "call": call}}, item=item, repeat=True)


TEAMS = [
    speaks("factor", 0, "down"), speaks("factor", 1, "up"), speaks("factor", 2, "up"), speaks("view", 0, "down"),
    speaks("view", 1, "up"),
]  # fmt: skip


def run(lab: Lab) -> Ran:
    """Two days on which the price rises."""
    return lab.run(*TEAMS, market="A share", days=DAYS, analysts=ANALYSTS, traders=TRADERS)


def heard(log: list[dict[str, Any]]) -> list[list[str]]:
    """Whose factors went on, day by day."""
    return [each["heard"] for each in log]


def test_who_was_wrong_is_not_listened_to_the_next_day(tmp_path: Path):
    """On the first day all begin alike; then the analyst who was wrong is left out, and the wiser trader decides."""
    ran = run(Lab("contesttrade", tmp_path))
    assert heard(ran.outputs["log"]) == [["Wrong", "Right"], ["Right", "Also right"]]
    assert [each["decided"] for each in ran.outputs["log"]] == ["Fool", "Sage"] and ran.outputs["right"] == 0.5
    second = ran.prompts("view")[2:]
    assert all("factor 0" not in prompt and "factor 2" in prompt for prompt in second)


def test_everybody_is_scored_also_those_not_heard(tmp_path: Path):
    """The third analyst was not heard on the first day, and its right call counts nevertheless."""
    lab = Lab("contesttrade", tmp_path)
    run(lab)
    kept = set(lab.spaces["contest-trade"].owners.values())
    assert kept == {"Wrong", "Right", "Also right", "Fool", "Sage"}


def test_records_count_in_the_next_run(tmp_path: Path):
    """A second run begins with the contest as the first one left it."""
    lab = Lab("contesttrade", tmp_path)
    run(lab)
    ran = run(lab)
    assert heard(ran.outputs["log"])[0] == ["Right", "Also right"] and ran.outputs["right"] == 1
