"""Agent S2: words become points by the fitting expert, and the manager replans after every subgoal."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said

SHEET = "name,amount\nAda,30\nMei,12"


def acts(action: str, target: str = "", expert: str = "text", text: str = "") -> Reply:
    """The worker's next action."""
    return said(
        "worker",
        {"answer": {"thought": f"I {action}.", "action": action, "target": target, "expert": expert, "text": text}},
    )


def plan(*steps: str) -> Reply:
    """The manager's subgoals at first."""
    return said("plan", {"steps": list(steps)})


def left(*steps: str, reached: bool = False) -> Reply:
    """What the manager leaves of them."""
    return said("manager", {"thought": "So be it.", "reached": reached, "steps": list(steps)})


def run(folder: Path, *replies: Reply) -> Ran:
    """On a small sheet."""
    return Lab("agent_s2", folder).run(*replies, task="Mei's amount is 15 and all is sent.", sheet=SHEET)


def test_each_sort_of_target_is_found_by_its_own_expert(tmp_path: Path):
    """A cell by line and column without a model, an icon by the model that sees, a button by its text."""
    ran = run(
        tmp_path, plan("All is done"), acts("type", "the amount of Mei", "cell", "15"),
        acts("click", "a floppy disk", "look"), said("look_expert", {"answer": {"x": 304, "y": 17}}),
        acts("click", "the button Send"), acts("done"), left(reached=True),
    )  # fmt: skip
    assert ran.outputs["sheet"] == "name,amount\nAda,30\nMei,15" and ran.outputs["saved"] and ran.outputs["sent"]
    assert [each.split(":")[0] for each in ran.outputs["trail"]] == [
        "type at 200,135",
        "click at 304,17",
        "click at 60,20",
    ]
    assert (ran.visits["cell_expert"], ran.visits["look_expert"], ran.visits["text_expert"]) == (1, 1, 1)
    assert len(ran.prompts("look_expert")) == 1 and "200" not in ran.prompts("worker")[0]


def test_a_cell_can_be_named_and_what_nobody_finds_changes_nothing(tmp_path: Path):
    """B2 is a spot; a line that is not there is none, and the screen says so to the worker."""
    ran = run(
        tmp_path, plan("Ada has 31"), acts("type", "cell B2", "cell", "31"),
        acts("type", "amount of Noor", "cell", "9"), acts("done"), left(reached=True),
    )  # fmt: skip
    assert ran.outputs["sheet"] == "name,amount\nAda,31\nMei,12"
    assert "Message: Nothing is there to type." in ran.prompts("worker")[2]


def test_the_plan_is_revised_by_what_the_screen_shows(tmp_path: Path):
    """Sending before saving is refused; the manager reads that, puts saving first, and only then it is sent."""
    ran = run(
        tmp_path, plan("It is sent"), acts("click", "Send"), acts("fail"), left("It is saved", "It is sent now"),
        acts("click", "disk", "look"), said("look_expert", {"answer": {"x": 300, "y": 20}}), acts("done"),
        left("It is sent now"), acts("click", "Send"), acts("done"), left(reached=True),
    )  # fmt: skip
    assert "Not sent: save the sheet first." in ran.prompts("manager")[0]
    assert "Subgoal: It is saved" in ran.prompts("worker")[2] and ran.outputs["sent"] is True
    assert [step["title"] for step in ran.outputs["plan"]["steps"]] == ["It is sent", "It is saved", "It is sent now"]


def test_success_is_looked_at_again_too(tmp_path: Path):
    """A subgoal that turned out to be reached on the way is dropped, and the worker is never asked for it."""
    ran = run(
        tmp_path, plan("Mei has 15", "The amount of Mei is right"), acts("type", "B3", "cell", "15"), acts("done"),
        left(reached=True),
    )  # fmt: skip
    assert ran.visits["manager"] == 2 and len(ran.prompts("worker")) == 2


def test_a_worker_in_circles_is_ended(tmp_path: Path):
    """After 20 actions the run closes with the sheet as it is."""
    ran = run(tmp_path, plan("Close it"), *[acts("click", "Close")] * 25)
    assert len(ran.outputs["trail"]) == 20 and ran.outputs["sent"] is False
