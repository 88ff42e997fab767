"""AgentSociety: two worlds go on from one moment, one hears the announcement, the surveys are compared."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

PEOPLE = [{"name": name, "persona": f"You are {name}."} for name in ("Ann", "Bo")]


def day(node: str, event: str) -> list[Reply]:
    """A tick in which everything succeeds and looks alike."""
    ruling: dict[str, Any] = {"thought": "", "possible": True, "event": event}
    return [said(node, ruling, match="tries this", repeat=True), said(node, "I work.", repeat=True)]


def answers(node: str, *choices: str) -> list[Reply]:
    """What is said in a survey."""
    return [said(node, {"why": "So.", "choice": choice}) for choice in choices]


def experiment(tmp_path: Path) -> Ran:
    """Before both say no; without the intervention too; with it one says yes."""
    return Lab("agentsociety", tmp_path).run(
        *day("live", "A quiet day."), *day("usual", "Another quiet day."), *day("changed", "People dance."),
        *answers("before", "no", "no"), *answers("after", "no", "no"), *answers("after_it", "yes", "no"),
        people=PEOPLE, intervention="FREE BREAD",
    )  # fmt: skip


def test_only_one_world_hears_of_the_intervention(tmp_path: Path):
    """Both go on from the same events; the announcement stands in the prompts of one alone."""
    ran = experiment(tmp_path)
    usual, changed = ("\n".join(ran.prompts(node)) for node in ("usual", "changed"))
    assert "A quiet day." in usual and "A quiet day." in changed
    assert "FREE BREAD" in changed and "FREE BREAD" not in usual
    assert "FREE BREAD" in ran.prompts("after_it")[0] and "FREE BREAD" not in "".join(ran.prompts("after"))


def test_the_surveys_are_compared(tmp_path: Path):
    """Half of the people changed their mind, and that is the difference."""
    ran = experiment(tmp_path)
    assert ran.outputs["before"]["content"]["yes"] == ran.outputs["without"]["content"]["yes"] == 0
    assert ran.outputs["with_it"]["content"]["yes"] == 0.5 and ran.outputs["difference"] == {"content": 0.5}


def test_everybody_is_asked_as_the_person_it_is(tmp_path: Path):
    """Each survey asks each person once, with its persona and what its world saw."""
    ran = experiment(tmp_path)
    assert ["You are Ann." in text for text in ran.prompts("after")].count(True) == 1
    assert all("Another quiet day." in text for text in ran.prompts("after"))
    assert all("People dance." in text for text in ran.prompts("after_it"))
