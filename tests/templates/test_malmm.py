"""MALMM: the arm refuses what is not possible, and the supervisor changes the plan by what was seen."""

from pathlib import Path

from tests.templates.running import Lab, Reply, said

GOAL = "Put green on red."
BLOCKS = {"red": "green", "green": "table"}


def codes(step: str, *commands: str) -> Reply:
    """The coder's commands for a step."""
    return said("coder", f"```python\ncommands = {list(commands)!r}\ncommands\n```", match=f"Step: {step}")


def supervises(*left: str, reached: bool = False, match: str | None = None) -> Reply:
    """What the supervisor makes of the observation."""
    return said("supervisor", {"thought": "So.", "reached": reached, "steps": list(left)}, match=match)


PLAN = said("planner", {"steps": ["put green on red"]})


def test_a_refused_step_changes_the_plan(tmp_path: Path):
    """Something lies on green: nothing moves, the supervisor is told why, and puts another step first."""
    ran = Lab("malmm", tmp_path).run(
        PLAN, codes("put green on red", "pick green", "place red"),
        supervises("put red on table", "put green on red", match="something lies on green"),
        codes("put red on table", "pick red", "place table"), supervises("put green on red"),
        codes("put green on red", "pick green", "place red"), supervises(reached=True), goal=GOAL, blocks=BLOCKS,
    )  # fmt: skip
    assert ran.outputs["world"] == {"red": "table", "green": "red"}
    assert ran.outputs["moves"] == ["nothing", "pick red, place table", "pick green, place red"]


def test_half_a_step_is_seen_as_it_is(tmp_path: Path):
    """The pick is done and the place is not: the hand holds the block, and the next code knows."""
    ran = Lab("malmm", tmp_path).run(
        PLAN, codes("put green on red", "pick red", "place nowhere"), supervises("put it down"),
        codes("put it down", "place table"), supervises(reached=True), goal=GOAL, blocks=BLOCKS,
    )  # fmt: skip
    assert "In the hand: red" in ran.prompts("coder")[1] and ran.outputs["world"]["red"] == "table"


def test_code_that_fails_moves_nothing_and_is_an_observation(tmp_path: Path):
    """A mistake in the program leaves the table as it is, and the supervisor reads it."""
    ran = Lab("malmm", tmp_path).run(
        PLAN, said("coder", "```python\narm.pick('red')\n```"), supervises(reached=True, match="NameError"),
        goal=GOAL, blocks=BLOCKS,
    )  # fmt: skip
    assert ran.outcomes("execute") == ["failed"] and ran.outputs["world"] == BLOCKS
