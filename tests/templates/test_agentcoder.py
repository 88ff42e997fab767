"""AgentCoder: the executor's report leads the programmer to a program that passes the designer's tests."""

from pathlib import Path

from tests.templates.running import Lab, said

TASK = "Write double(n), which gives n twice."
TESTS = {"answer": ["assert double(2) == 4", "assert double(3) == 6"]}
WRONG = "```python\ndef double(n):\n    return n * n\n```"
RIGHT = "```python\ndef double(n):\n    return 2 * n\n```"


def test_the_second_program_is_taken_after_the_first_failed_its_tests(tmp_path: Path):
    """The square passes one of two tests; its report goes back, and the mended program ends the loop."""
    ran = Lab("agentcoder", tmp_path).run(
        said("design", TESTS),
        said("program", WRONG),
        said("program", RIGHT, match=r"assert double\(3\) == 6"),
        task=TASK,
    )
    assert ran.outputs == {"program": "def double(n):\n    return 2 * n", "score": 1, "report": ""}
    assert ran.outcomes("execute") == ["failed", "passed"]
    assert "return n * n" in ran.prompts("program")[1]


def test_the_test_designer_never_sees_the_code(tmp_path: Path):
    """Tests come from the task alone, once, and the programmer's first prompt does not hold them."""
    ran = Lab("agentcoder", tmp_path).run(
        said("design", TESTS), said("program", WRONG), said("program", RIGHT), task=TASK
    )
    assert ran.visits["design"] == 1 and "return" not in ran.prompts("design")[0]
    assert "assert" not in ran.prompts("program")[0]


def test_it_ends_after_three_repairs_and_says_what_fails(tmp_path: Path):
    """A programmer who never mends it is asked four times; the report tells which test still fails."""
    ran = Lab("agentcoder", tmp_path).run(said("design", TESTS), said("program", WRONG, repeat=True), task=TASK)
    assert ran.visits["program"] == 4
    assert ran.outputs["score"] == 0.5 and "double(3)" in ran.outputs["report"]
