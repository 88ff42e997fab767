"""ADaPT: what can be done at once is not planned; what fails is broken down, and only there."""

from pathlib import Path

from tests.templates.running import Lab, calls, said

INPUTS = {"task": "Logs for 2 pickaxes?", "recipes": "1 log -> 4 planks"}
DONE, FAILED = {"answer": False}, {"answer": True}


def test_an_easy_task_costs_no_plan(tmp_path: Path):
    """The attempt succeeds, so the planner is never asked."""
    ran = Lab("adapt", tmp_path).run(
        calls("execute", "calculator", expression="8 / 4"), said("execute", "2 logs"), said("judge", DONE), **INPUTS
    )
    assert ran.outputs["answer"] == "2 logs" and ran.tool_results("calculator")
    assert [step["status"] for step in ran.outputs["tasks"]["steps"]] == ["done"]
    assert ran.prompts("adapt") == []


def test_only_the_part_that_fails_is_broken_down_further(tmp_path: Path):
    """The whole fails and has two parts; the first is done at once, the second has parts of its own."""
    ran = Lab("adapt", tmp_path).run(
        said("execute", "CANNOT: too much", match="Task: Logs for 2 pickaxes"), said("judge", FAILED, match="CANNOT"),
        said("adapt", {"steps": ["Count the planks", "Turn planks into logs"], "join": "all"}, match="too much"),
        said("execute", "8 planks", match="Task: Count the planks"), said("judge", DONE, match="8 planks"),
        said("execute", "CANNOT: how many?", match="(?s)8 planks.*Task: Turn planks"), said("judge", FAILED),
        said("adapt", {"steps": ["Divide 8 by 4"], "join": "all"}, match="how many"),
        said("execute", "2", match="Task: Divide 8 by 4"), said("judge", DONE),
        **INPUTS,
    )  # fmt: skip
    tried = {step["id"]: step["status"] for step in ran.outputs["tasks"]["steps"]}
    assert tried == {"1": "done", "1.1": "done", "1.2": "done", "1.2.1": "done"}
    assert (ran.visits["execute"], len(ran.prompts("adapt"))) == (4, 2)


def test_the_first_of_several_ways_that_works_is_enough(tmp_path: Path):
    """Joined by any, the way after the one that worked is skipped."""
    ran = Lab("adapt", tmp_path).run(
        said("execute", "CANNOT: no", match="Task: Logs"), said("judge", FAILED),
        said("adapt", {"steps": ["Ask the table", "Work it out", "Guess"], "join": "any"}),
        said("execute", "CANNOT: no table", match="Task: Ask"), said("judge", FAILED, match="no table"),
        # it may still be broken down, for it is one level deep
        said("adapt", {"steps": ["Look again", "Look elsewhere"], "join": "all"}),
        said("execute", "CANNOT: nothing", match="Task: Look again"), said("judge", FAILED),
        said("execute", "2 logs", match="Task: Work it out"), said("judge", DONE),
        **INPUTS,
    )  # fmt: skip
    status = {step["title"]: step["status"] for step in ran.outputs["tasks"]["steps"]}
    assert ran.outputs["answer"] == "2 logs"
    assert (status["Ask the table"], status["Look elsewhere"], status["Guess"]) == ("failed", "skipped", "skipped")


def test_the_depth_bounds_the_recursion(tmp_path: Path):
    """An executor that can do nothing is not broken down below the second level, and the run says failed."""
    ran = Lab("adapt", tmp_path).run(
        said("execute", "CANNOT: no", repeat=True), said("judge", FAILED, repeat=True),
        said("adapt", {"steps": ["Smaller", "Other"], "join": "all"}, repeat=True),
        **INPUTS,
    )  # fmt: skip
    assert ran.outcomes("adapt") == ["failed"] and "finish" in ran.order
    assert (ran.visits["execute"], len(ran.prompts("adapt"))) == (3, 2)
