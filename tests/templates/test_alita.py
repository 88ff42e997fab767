"""Alita: what is missing is made and tested, what passed is there for later tasks, what failed is not kept."""

from pathlib import Path

from tests.templates.running import Lab, Reply, calls, said

TASK = "Double 21."
LACKS = said("manager", "MISSING: a tool that takes a number and gives back twice the number.")
DESIGN = said("make", {"name": "double", "description": "Twice a number.", "tests": ["assert double(2) == 4"]})


def code(body: str) -> Reply:
    return said("make", f"```python\ndef double(n: int) -> int:\n    return {body}\n```")


def test_a_missing_tool_is_made_and_used_at_once(tmp_path: Path):
    """The manager says what it lacks; the function that passes its test is called in the next turn."""
    lab = Lab("alita", tmp_path)
    ran = lab.run(
        LACKS, DESIGN, code("n * n + 1"), code("2 * n"),
        calls("manager", "kept_tools", name="double", arguments={"n": 21}), said("manager", "42", match="42"),
        task=TASK,
    )  # fmt: skip
    assert ran.outputs["answer"] == "42" and "return 2 * n" in ran.outputs["tool"]
    assert "assert double(2) == 4" in ran.prompts("make")[2]  # the second attempt was told what failed
    assert len(lab.spaces["alita-tools"].hits) == 1


def test_a_later_task_finds_the_tool(tmp_path: Path):
    """The second run makes nothing: it lists the toolbox and calls what is there."""
    lab = Lab("alita", tmp_path)
    lab.run(LACKS, DESIGN, code("2 * n"), said("manager", "42"), task=TASK)
    ran = lab.run(
        calls("manager", "kept_tools"), calls("manager", "kept_tools", "double", name="double", arguments={"n": 50}),
        said("manager", "100", match="100"), task="Double 50.",
    )  # fmt: skip
    assert ran.outputs["answer"] == "100" and ran.visits["make"] == 0


def test_a_tool_that_fails_its_tests_is_not_kept_and_the_manager_is_told(tmp_path: Path):
    """Three attempts fail: the toolbox stays empty and the manager goes on, knowing why."""
    lab = Lab("alita", tmp_path)
    ran = lab.run(LACKS, DESIGN, *(code("7") for _ in range(3)), said("manager", "By hand: 42."), task=TASK)
    assert ran.outputs["answer"] == "By hand: 42." and ran.outcomes("make") == ["failed"]
    assert "A tool could not be made" in ran.prompts("manager")[-1] and not lab.spaces["alita-tools"].hits


def test_it_stops_asking_after_two_tools(tmp_path: Path):
    """A manager that always lacks something is ended."""
    ran = Lab("alita", tmp_path).run(LACKS, DESIGN, code("2 * n"), LACKS, DESIGN, code("2 * n"), LACKS, task=TASK)
    assert "MISSING" in ran.outputs["answer"] and ran.visits["make"] == 2
