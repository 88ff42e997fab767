"""CoMind: findings go to the board and change the next round, the best program is kept, and the next contest knows."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said

TABLE = "n,big\n1,no\n9,yes\n7,yes\n3,no\n2,no\n8,yes\n4,no\n6,yes"
"""Known are 1, 9, 2 and 8; 7 and 4 score in public, 3 and 6 at the end."""
POSTS = [{"author": "kim", "text": "Five may be the limit."}]


def above(limit: int) -> str:
    """A program that calls big what is above the limit."""
    return f'```python\ndef predict(row, known):\n    return "yes" if float(row["n"]) > {limit} else "no"\n```'


def ideas(*given: str) -> Reply:
    """What the coordinator wants tried."""
    return said("ideas", {"answer": list(given)})


def tried(item: int, program: str, found: str) -> tuple[Reply, Reply]:
    """An agent's program and what it says it showed."""
    return said("coder", program, item=item), said("finding", found, item=item)


def run(lab: Lab, *replies: Reply) -> Ran:
    """A small contest."""
    return lab.run(*replies, task="Is n big?", table=TABLE, community=POSTS)


def test_what_an_attempt_showed_stands_in_the_next_rounds_prompt(tmp_path: Path):
    """Round one reads the community alone, round two the findings and scores too; all right in public ends it."""
    ran = run(
        Lab("comind", tmp_path), ideas("above 8", "above 3"), *tried(0, above(8), "8 is too high."),
        *tried(1, above(3), "3 is too low."), ideas("above 5", "above 6"), *tried(0, above(5), "5 it is."),
        *tried(1, above(6), "6 is as good."),
    )  # fmt: skip
    first, second = ran.prompts("ideas")
    assert "kim: Five may be the limit." in first and "too low" not in first
    assert "Tried: above 3 Score 0.5. 3 is too low." in second and "8 is too high." in second
    assert ran.visits["ideas"] == 2 and "> 5" in ran.outputs["program"]
    assert (ran.outputs["public"], ran.outputs["private"]) == (1, 1)


def test_a_program_that_fails_is_posted_too_and_never_the_best(tmp_path: Path):
    """Its mistake is told to who sums it up, and the other attempt is kept though a later round is worse."""
    broken = "```python\ndef predict(row, known):\n    return row['size']\n```"
    later = (*tried(0, broken, "Still broken."), *tried(1, broken, "Still broken."))
    ran = run(
        Lab("comind", tmp_path), ideas("by size", "above 8"), *tried(0, broken, "There is no size."),
        *tried(1, above(8), "Half is right."), ideas("a", "b"), *later, ideas("c", "d"), *later,
    )  # fmt: skip
    told = next(each for each in ran.prompts("finding") if "The idea: by size" in each)
    assert "It failed:" in told and "KeyError: size" in told
    assert "Score 0. There is no size." in ran.outputs["board"]
    assert "> 8" in ran.outputs["program"] and ran.outputs["public"] == 0.5 and ran.visits["ideas"] == 3


def test_the_unseen_rows_are_in_no_prompt(tmp_path: Path):
    """Neither the public rows nor the last ones are shown to a model."""
    ran = run(
        Lab("comind", tmp_path), ideas("above 5", "above 6"), *tried(0, above(5), "Right."),
        *tried(1, above(6), "Right."),
    )  # fmt: skip
    asked = "\n".join((*ran.prompts("ideas"), *ran.prompts("coder"), *ran.prompts("finding")))
    assert "9,yes" in asked and not any(row in asked for row in ("7,yes", "4,no", "3,no", "6,yes"))


def test_the_next_contest_begins_with_what_won(tmp_path: Path):
    """The second run's coordinator is told the first one's winning idea."""
    lab = Lab("comind", tmp_path)
    script = (
        ideas("one limit at five", "above 6"), *tried(0, above(5), "Right."), *tried(1, above(6), "Right."),
    )  # fmt: skip
    first, second = run(lab, *script), run(lab, *script)
    assert "What worked in earlier contests" not in first.prompts("ideas")[0]
    assert "What worked: one limit at five Share of unseen rows it got right: 1." in second.prompts("ideas")[0]
