"""R-WoM: clicks are imagined with the tutorial in sight, and only the best one is done."""

from pathlib import Path

from templates import catalogue
from tests.templates.running import Lab, Reply, said

GOAL = "Turn dark mode on."
TUTORIALS = catalogue.load("r_wom").document.inputs["tutorials"].default


def valued(click: str, score: int) -> Reply:
    """What the judge says of the imagined outcome of a click."""
    found = {"reason": "So.", "score": score}
    return said("imagine", found, match=rf"After this action: {click}\b[\s\S]*Judge it", repeat=True)


LOW = said("imagine", {"reason": "No.", "score": 1}, match="Judge it", repeat=True)
IMAGINED = said("imagine", "Something opens.", repeat=True)
WAY = [valued("Settings", 8), valued("Screen", 9), valued("Dark", 10), LOW, IMAGINED]


def test_the_best_imagined_click_is_the_only_one_done(tmp_path: Path):
    """Three buttons are imagined on each screen and one is clicked, until dark mode is on."""
    ran = Lab("r_wom", tmp_path).run(*WAY, goal=GOAL)
    assert ran.outputs["clicks"] == ["Settings", "Screen", "Dark"] and ran.outputs["done"] is True
    assert ran.visits["press"] == 3
    assert ran.results("imagine")[0]["ranking"][0]["action"] == "Settings"


def test_every_prediction_has_the_tutorial_in_sight(tmp_path: Path):
    """The page that fits the goal grounds the predictions; the others are not shown."""
    ran = Lab("r_wom", tmp_path).run(*WAY, goal="How to turn dark mode on")
    predictions = [prompt for prompt in ran.prompts("imagine") if "Judge it" not in prompt]
    assert len(predictions) == 9 and all("the switch Dark turns it on" in prompt for prompt in predictions)
    assert not any("write a mail" in prompt for prompt in predictions)


def test_where_nothing_imagined_is_worth_it_nothing_is_clicked(tmp_path: Path):
    """All candidates are valued low: it stops with the phone untouched."""
    ran = Lab("r_wom", tmp_path).run(LOW, IMAGINED, goal=GOAL)
    assert ran.outputs["clicks"] == [] and ran.outputs["done"] is False and ran.visits["press"] == 0


def test_a_wrong_click_is_seen_and_the_way_goes_on(tmp_path: Path):
    """Led to Look first, it imagines from there, goes back, and reaches the goal within seven clicks."""
    ran = Lab("r_wom", tmp_path).run(
        valued("Settings", 8),
        said("imagine", {"reason": "", "score": 10}, match=r"is Settings\.[\s\S]*After this action: Look"),
        said("imagine", {"reason": "", "score": 7}, match=r"is Look\.[\s\S]*After this action: Back"),
        valued("Screen", 9), valued("Dark", 10), LOW, IMAGINED, goal=GOAL, tutorials=TUTORIALS,
    )  # fmt: skip
    assert ran.outputs["clicks"] == ["Settings", "Look", "Back", "Screen", "Dark"]
