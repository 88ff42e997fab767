"""Deep Agent: hard sub-tasks become graphs of their own, missing tools are made, failed sub-tasks replaced."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, calls, said

DONE, FAILED = {"answer": False}, {"answer": True}


def graph(*steps: tuple[str, list[int]]) -> dict[str, Any]:
    """A plan as the model writes it."""
    return {"steps": [{"title": title, "needs": needs} for title, needs in steps]}


def rated(difficulty: str, task: str):
    """How hard a sub-task is rated."""
    return said("effort", {"needs": "", "difficulty": difficulty}, match=f"Task:\n{task}")


def test_an_easy_sub_task_is_done_and_a_hard_one_is_planned_again(tmp_path: Path):
    """Only the sub-task rated high has a graph of its own; its result reaches the sub-task that needs it."""
    ran = Lab("deep_agent", tmp_path).run(
        said("plan", graph(("Fence", []), ("Lawn", []), ("Add up", [1, 2]))),
        rated("low", "Fence"), said("act", "684", match="asked for|Fence"), said("check", DONE, match="684"),
        rated("high", "Lawn"), said("subplan", graph(("Area", []), ("Price", [1])), match="Goal: Lawn"),
        said("subwork", "50.4", match="now: Area"), said("subwork", "302.4", match="(?s)50.4.*now: Price"),
        said("subwork", "302.4 euros"), said("check", DONE, match="302.4"),
        rated("low", "Add up"), said("act", "986.4", match="(?s)684.*302.4"), said("check", DONE, match="986.4"),
        said("work", "It costs 986.4 euros."), objective="What does the garden cost?",
    )  # fmt: skip
    assert ran.outputs["answer"] == "It costs 986.4 euros."
    assert (ran.visits["subplan"], ran.visits["act"], ran.visits["make"]) == (1, 2, 0)


def test_a_missing_tool_is_made_tested_and_kept_for_the_next_run(tmp_path: Path):
    """The inner graph cannot do it; a function that passes its tests is kept, used at once, and found again later."""
    lab = Lab("deep_agent", tmp_path)
    design = {"name": "fence", "description": "Length of a fence.", "tests": ["assert fence(12, 7) == 38"]}
    ran = lab.run(
        said("plan", graph(("Length of the fence", []))), rated("high", "Length"),
        said("subplan", graph(("Guess", []))), said("subwork", "CANNOT: no formula"), said("subwork", "not done"),
        said("make", design, match="tests"),
        said("make", "```python\ndef fence(a: int, b: int) -> int:\n    return 2 * (a + b)\n```"),
        calls("act", "kept_tools", name="fence", arguments={"a": 12, "b": 7}), said("act", "38 m", match="38"),
        said("check", DONE, match="38 m"), said("work", "38 m"), objective="Fence for 12 by 7",
    )  # fmt: skip
    assert ran.outputs["answer"] == "38 m" and ran.outcomes("make") == ["kept"]
    again = lab.run(
        said("plan", graph(("Length of another fence", []))), rated("low", "Length"), calls("act", "kept_tools"),
        said("act", "it is there", match="fence"), said("check", DONE), said("work", "ok"),
        objective="Fence for 3 by 4",
    )  # fmt: skip
    assert again.visits["make"] == 0 and "fence" in str(again.tool_results("kept_tools"))


def test_a_sub_task_that_fails_its_check_is_replaced_by_others(tmp_path: Path):
    """The graph is refined while it is worked on: the failed node stays, a new one does its work."""
    ran = Lab("deep_agent", tmp_path).run(
        said("plan", graph(("Ask the neighbour", []))), rated("low", "Ask"), said("act", "nobody home"),
        said("check", FAILED, match="nobody home"), said("work", {"steps": ["Measure it"]}, match="nobody home"),
        rated("low", "Measure"), said("act", "38 m"), said("check", DONE, match="38 m"), said("work", "38 m"),
        objective="How long is the fence?",
    )  # fmt: skip
    status = {each["title"]: each["status"] for each in ran.outputs["tasks"]["steps"]}
    assert status == {"Ask the neighbour": "failed", "Measure it": "done"}
    assert ran.outcomes("work") == ["done"]
