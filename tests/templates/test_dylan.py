"""DyLAN: members rate each other, the least important leaves, and agreement ends the discussion."""

from pathlib import Path

from tests.templates.running import Lab, Reply, said

QUESTION = "How many numbers from 1 to 60 are divisible by 3 or by 5?"
RATE = "Rate how much"


def votes(*answers: str) -> list[Reply]:
    """What the members say in one round, in their order."""
    return [said("network", f"Because.\nAnswer: {answer}", match=r"^(?!Rate)") for answer in answers]


def rates(m1: int, m2: int, m3: int) -> Reply:
    """How one member rates the other three, in their order."""
    return said("network", {"m1": m1, "m2": m2, "m3": m3}, match=rf"{RATE}[\s\S]*m3")


def test_the_least_important_member_leaves(tmp_path: Path):
    """All rate the Storyteller lowest: it is not asked in the third round, where the others come to agree."""
    ratings = [rates(5, 5, 1), rates(5, 5, 1), rates(5, 5, 1), rates(5, 5, 5)]
    last = said("network", {"m1": 5, "m2": 5}, match=RATE, repeat=True)
    ran = Lab("dylan", tmp_path).run(
        *votes("28", "32", "30", "7"), *votes("28", "32", "30", "7"), *votes("28", "28", "28"), *ratings, last,
        question=QUESTION,
    )  # fmt: skip
    assert ran.outputs["answer"] == "28"
    worth = {each["member"]: each for each in ran.outputs["importance"]}
    assert worth["Storyteller"]["left"] == 2
    assert worth["Storyteller"]["importance"] == min(each["importance"] for each in worth.values())
    assert "Storyteller" not in ran.outputs["team"] and len(ran.outputs["team"]) == 3
    asked = [prompt for prompt in ran.prompts("network") if prompt.startswith("You tell vivid stories")]
    assert len(asked) == 3  # two answers and one rating


def test_agreement_ends_it_at_once(tmp_path: Path):
    """Three of four say the same in the first round: more than two thirds, so nobody is rated or sent home."""
    ran = Lab("dylan", tmp_path).run(*votes("28", "28", "7", "28"), question=QUESTION)
    assert ran.outputs["answer"] == "28" and len(ran.prompts("network")) == 4
    assert {each["left"] for each in ran.outputs["importance"]} == {0}
