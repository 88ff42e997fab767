"""CoAct-1: what can be computed is programmed, what must be tapped is operated, and every report leads on."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said


def order(who: str, subtask: str, *work: Reply) -> list[Reply]:
    """A subtask, and what whoever it is given to says."""
    return [said("orchestrator", {"answer": {"who": who, "subtask": subtask}}), *work]


def run(tmp_path: Path, *orders: list[Reply]) -> Ran:
    """A run on the template's own screen."""
    lab = Lab("coact_1", tmp_path)
    return lab.run(*(reply for each in orders for reply in each), **lab.example)


PROGRAM = "```python\nprint('sum', 7 + 3 + 1)\n```"


def test_each_subtask_goes_to_code_or_to_the_screen(tmp_path: Path):
    """The operator reads the screen, the programmer computes, and both reports reach the orchestrator."""
    ran = run(
        tmp_path, order("operator", "Open the notes.", said("operator", "tap notes")),
        order("programmer", "Add 7, 3 and 1.", said("programmer", PROGRAM)), order("finish", "It is 11."),
    )  # fmt: skip
    assert (ran.visits["operator"], ran.visits["programmer"]) == (1, 1)
    second, third = ran.prompts("orchestrator")[1:]
    assert "Operator: tap notes: Notes. Numbers: 204, 350, 177." in second
    assert "Programmer: sum 11" in third
    assert ran.outputs["answer"] == "It is 11." and ran.outputs["screen"].startswith("Notes.")


def test_the_programmer_sees_no_screen_and_the_operator_no_reports(tmp_path: Path):
    """Each is given the subtask and what it works on, not more."""
    ran = run(
        tmp_path, order("programmer", "Add 7, 3 and 1.", said("programmer", PROGRAM)),
        order("operator", "Open the notes.", said("operator", "tap notes")), order("finish", "Done."),
    )  # fmt: skip
    assert "Home screen" not in ran.prompts("programmer")[0] and "Home screen" in ran.prompts("operator")[0]
    assert "sum 11" not in ran.prompts("operator")[0]


def test_it_stops_after_fifteen_subtasks(tmp_path: Path):
    """An orchestrator that never finishes is stopped."""
    orders = [order("operator", "Again.", said("operator", "tap weather")) for _ in range(15)]
    ran = run(tmp_path, *orders, order("operator", "Again."))
    assert ran.visits["operate"] == 15 and len(ran.outputs["reports"]) == 15
