"""Captain agent: a team for each step, a reflection on each, and another team where a result is doubtful."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Reply, calls, said

TASK = "Scale the recipe for 10 people."
DOUBT = "Result: 700 g.\nContradictions: none\nDoubts: 700 was not worked out\nCheck again: yes"
SURE = "Result: 750 g.\nContradictions: none\nDoubts: none\nCheck again: no"


def steers(text: str, *, reached: bool = False) -> Reply:
    """What the captain says."""
    return said("captain", {"thought": "", "reached": reached, "text": text})


def team(*names: str) -> Reply:
    """The experts that are written."""
    experts: list[Any] = [
        {"name": name, "persona": f"You are a {name}.", "skills": "much", "job": "Do it."} for name in names
    ]
    return said("team", {"experts": experts})


def test_a_doubtful_result_is_checked_by_another_team(tmp_path: Path):
    """The first team guesses; the reflection says so, and the captain has other experts check it before it ends."""
    ran = Lab("captain_agent", tmp_path).run(
        steers("Scale the flour."), said("brief", "Scale 300 g for 4 to 10."), team("cook"),
        said("team", "About 700 g."), said("team", "700 g"), said("reflect", DOUBT),
        steers("Check the flour by calculation."), said("brief", "Work out 300 / 4 * 10."), team("accountant"),
        calls("team", "calculator", expression="300 / 4 * 10"), said("team", "It is 750 g."), said("team", "750 g"),
        said("reflect", SURE), steers("750 g of flour", reached=True), task=TASK,
    )  # fmt: skip
    assert ran.outputs["answer"] == "750 g of flour"
    assert [each["team"][0]["name"] for each in ran.results("team")] == ["cook", "accountant"]
    assert "700 was not worked out" in ran.prompts("captain")[1]
    assert str(ran.tool_results("calculator")[0]).find("750") >= 0
    assert [step["status"] for step in ran.outputs["plan"]["steps"]] == ["done", "done"]


def test_experts_of_a_team_hear_each_other(tmp_path: Path):
    """The second expert is told what the first said, and the reflection what both said."""
    ran = Lab("captain_agent", tmp_path).run(
        steers("Scale it."), said("brief", "Scale it by 2.5."), team("cook", "buyer"), said("team", "Flour first."),
        said("team", "Then eggs."), said("team", "Both."), said("reflect", SURE), steers("Done.", reached=True),
        task=TASK,
    )  # fmt: skip
    prompts = ran.prompts("team")
    assert "Flour first." in prompts[2] and "Flour first." not in prompts[1]
    assert "Flour first." in ran.prompts("reflect")[0] and "Then eggs." in ran.prompts("reflect")[0]


def test_four_steps_are_the_most(tmp_path: Path):
    """A captain that is never content is ended, and the answer is written from the reports there are."""
    ran = Lab("captain_agent", tmp_path).run(
        *(steers(f"Step {n}.") for n in range(1, 5)), said("brief", "Do it.", repeat=True),
        *(each for _ in range(4) for each in (team("cook"), said("team", "Hm."), said("team", "Hm."))),
        said("reflect", DOUBT, repeat=True), said("close", "About 700 g; unchecked."), task=TASK,
    )  # fmt: skip
    assert ran.outputs["answer"] == "About 700 g; unchecked." and ran.visits["team"] == 4
