"""TPTU: one agent plans before it knows anything, the other by what came of the last step, with the same tools."""

from pathlib import Path

from tests.templates.running import Lab, calls, said

TASK = "What is 6 times 7, plus 1?"
ALL = [
    said("plan_all", {"steps": ["Multiply", "Add 1"]}),
    calls("execute", "calculator", "Multiply", expression="6 * 7"), said("execute", "42"),
    calls("execute", "calculator", "Add 1", expression="42 + 1"), said("execute", "43"),
    said("execute", "It is 43."),
]  # fmt: skip


def test_both_solve_the_task_with_their_own_plans(tmp_path: Path):
    """The first plan is made before any result; the second agent's second step is made from the first's result."""
    ran = Lab("tptu", tmp_path).run(
        *ALL,
        said("plan_next", {"thought": "", "reached": False, "text": "Multiply 6 by 7"}),
        calls("do_step", "calculator", expression="6 * 7"), said("do_step", "It is 42."),
        said("plan_next", {"thought": "", "reached": False, "text": "Add 1 to 42"}),
        calls("do_step", "calculator", expression="42 + 1"), said("do_step", "It is 43."),
        said("plan_next", {"thought": "", "reached": True, "text": "43"}), task=TASK,
    )  # fmt: skip
    assert ran.outputs["one_step"] == "It is 43." and ran.outputs["sequential"] == "43"
    assert "42" not in ran.prompts("plan_all")[0]
    assert "It is 42." in ran.prompts("plan_next")[1]
    assert [step["title"] for step in ran.outputs["plan"]["steps"]] == ["Multiply", "Add 1"]
    assert [step["result"] for step in ran.outputs["steps"]["steps"]] == ["It is 42.", "It is 43."]
    assert len(ran.tool_results("calculator")) == 4


def test_both_planners_are_told_of_the_same_tools(tmp_path: Path):
    """What differs is the planning alone."""
    ran = Lab("tptu", tmp_path).run(*ALL, said("plan_next", {"thought": "", "reached": True, "text": "43"}), task=TASK)
    for node in ("plan_all", "plan_next"):
        assert "calculator" in ran.prompts(node)[0] and "clock" in ran.prompts(node)[0]


def test_the_sequential_agent_gives_up_in_time(tmp_path: Path):
    """After six steps without an answer it says so, and the other's answer stands."""
    steps = [said("plan_next", {"thought": "", "reached": False, "text": f"Try {at}"}) for at in range(6)]
    ran = Lab("tptu", tmp_path).run(*ALL, *steps, *[said("do_step", "Nothing.")] * 6, task=TASK)
    assert ran.outputs["one_step"] == "It is 43." and "No answer" in ran.outputs["sequential"]
    assert ran.visits["do_step"] == 6
