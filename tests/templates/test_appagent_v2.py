"""AppAgent v2: what each button does is found out and written down, and later tasks are done with what was written."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said


def presses(*buttons: str) -> list[Reply]:
    """What is chosen, step by step."""
    return [said("decide", {"answer": {"why": "", "button": each}}) for each in buttons]


def use(lab: Lab, *replies: Reply, tries: list[str], task: str = "Switch the lamp on.") -> Ran:
    """A run of the template's own app."""
    return lab.run(*replies, **lab.changed({"task": task, "tries": tries}))


def test_each_button_is_documented_by_what_it_did(tmp_path: Path):
    """The writer sees the screens before and after; the same button is another one on another screen."""
    lab = Lab("appagent_v2", tmp_path)
    written = [said("document", "Opens the dial."), said("document", "One more.")]
    ran = use(lab, *written, *presses("done"), tries=["b1", "b1"])
    first, second = ran.prompts("document")
    assert "Before: A dial that says 6. Buttons: b1, b2." in first and "After: The number 6" in first
    assert "Before: The number 6" in second and "After: The number 7" in second
    assert len(lab.spaces["app-manual"].hits) == 2


def test_tasks_are_done_with_the_manual_on_the_app_as_it_was_at_first(tmp_path: Path):
    """After the exploration the app is opened anew; the presses change it, and the lamp is on at the end."""
    lab = Lab("appagent_v2", tmp_path)
    ran = use(lab, said("document", "Opens the dial."), *presses("b1", "b3", "done"), tries=["b1"])
    asked = ran.prompts("decide")
    assert "Screen now: A dial that says 6" in asked[0] and "Opens the dial." in asked[0]
    assert "a lamp that is on" in asked[2]
    assert ran.outputs["state"] == {"screen": "dial", "hour": 6, "lamp": "on", "loud": 2}


def test_a_manual_once_written_serves_later_tasks(tmp_path: Path):
    """With nothing to try, the next run finds what the first wrote."""
    lab = Lab("appagent_v2", tmp_path)
    use(lab, said("document", "Opens the bar."), *presses("done"), tries=["b2"])
    ran = use(lab, *presses("b2", "b1", "done"), tries=[], task="Louder.")
    assert ran.visits["document"] == 0 and "Opens the bar." in ran.prompts("decide")[0]
    assert ran.outputs["state"]["loud"] == 3


def test_a_broken_app_is_told(tmp_path: Path):
    """A program that makes a mistake ends the run with what it was."""
    lab = Lab("appagent_v2", tmp_path)
    ran = lab.run(**lab.changed({"tries": [], "app": "1 / 0"}))
    assert "The program of the app failed" in ran.outputs["screen"] and "ZeroDivisionError" in ran.outputs["screen"]


def test_it_gives_up_after_the_limit(tmp_path: Path):
    """Who presses one button for ever is stopped."""
    ran = use(Lab("appagent_v2", tmp_path), *presses(*["b4"] * 16), tries=[])
    assert ran.outputs["screen"].startswith("A dial") and len(ran.prompts("decide")) == 16
