"""PET: the actor sees only what the sub-task needs, and the next sub-task begins when the present one is done."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said


def action(what: str, label: str, *matters: str) -> list[Reply]:
    """One action: what is kept of what is seen, what is done, and whether the sub-task is done then."""
    return [said("eliminate", {"answer": list(matters)}), said("act", what), said("track", {"label": label})]


def work(tmp_path: Path, *replies: Reply, steps: list[str]) -> Ran:
    """A run in the template's own house with these sub-tasks."""
    lab = Lab("pet", tmp_path)
    return lab.run(said("plan", {"steps": steps}), *replies, **lab.example)


def test_the_actor_sees_only_what_is_left_after_elimination(tmp_path: Path):
    """The whole room is put to the elimination; the coat it strikes out never reaches the actor."""
    ran = work(tmp_path, *action("go to table", "done", "table"), steps=["Find the cup"])
    assert "coat" in ran.prompts("eliminate")[0]
    assert "coat" not in ran.prompts("act")[0] and "- table" in ran.prompts("act")[0]


def test_the_next_sub_task_begins_only_when_the_tracker_says_so(tmp_path: Path):
    """A step that is not yet done is worked on again; at the end the cup is clean by the rules of the house."""
    ran = work(
        tmp_path, *action("go to table", "not_yet"), *action("take cup", "done"), *action("go to sink", "not_yet"),
        *action("wash cup", "done"), steps=["Take the cup", "Wash it"],
    )  # fmt: skip
    worked = ["Sub-task: Take the cup" in text for text in ran.prompts("act")]
    assert worked == [True, True, False, False]
    assert ran.outputs["done"] == ["Take the cup", "Wash it"] and ran.outputs["house"]["hand"] == "clean cup"


def test_what_cannot_be_done_changes_nothing_and_is_told(tmp_path: Path):
    """Nobody takes what is elsewhere; the next action knows that nothing happened."""
    ran = work(tmp_path, *action("take cup", "not_yet"), *action("go to table", "done"), steps=["Find the cup"])
    assert "take cup: Nothing happens." in ran.prompts("act")[1]
    assert ran.outputs["house"]["hand"] == "" and ran.outputs["house"]["at"] == "table"
