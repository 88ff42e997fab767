"""MM-Agent: four stages, each fed by the one before, and a report file beside what it cost."""

from pathlib import Path

from tests.templates.running import Lab, Reply, said

PROBLEM = "How many loaves should be baked?"
PROGRAM = "```python\nfinal_answer(f'{40 + 2} loaves')\n```"


def verdict(answer: str, score: int, feedback: str = "So.") -> list[Reply]:
    """What the review says, in prose and by schema."""
    return [said("review", feedback), said("review", {"verdict": answer, "score": score})]


def test_a_weak_model_is_sent_back_before_it_is_solved(tmp_path: Path):
    """The second formulation knows the review; only that one is solved, and the program's number is reported."""
    ran = Lab("mm_agent", tmp_path).run(
        said("analyse", "assumes that demand stays"), said("formulate", "first model", match="demand stays"),
        *verdict("revise", 4, "no units"), said("formulate", "second model", match="no units"), *verdict("accept", 9),
        said("solve", PROGRAM, match="second model"), said("report", "# Result: 42", match="42 loaves"),
        problem=PROBLEM,
    )  # fmt: skip
    assert ran.outputs["formulation"] == "second model" and ran.outputs["result"] == "42 loaves"
    assert not any("first model" in prompt for prompt in ran.prompts("solve"))


def test_the_report_becomes_a_file_and_the_cost_is_told(tmp_path: Path):
    """report.md holds what was written; tokens and steps of the run stand beside it."""
    ran = Lab("mm_agent", tmp_path).run(
        said("analyse", "a"), said("formulate", "m"), *verdict("accept", 9), said("solve", PROGRAM),
        said("report", "# Result\n42"), problem=PROBLEM,
    )  # fmt: skip
    assert (tmp_path / "run1" / "files" / "report.md").read_text() == "# Result\n42"
    assert ran.outputs["spent"]["tokens"] > 0 and ran.outputs["spent"]["steps"] >= 6


def test_a_failing_program_is_written_again(tmp_path: Path):
    """The mistake stands in the next turn, and only a program's answer reaches the report."""
    ran = Lab("mm_agent", tmp_path).run(
        said("analyse", "a"), said("formulate", "m"), *verdict("accept", 9),
        said("solve", "```python\nfinal_answer(1 / 0)\n```"), said("solve", PROGRAM, match="ZeroDivisionError"),
        said("report", "done", match="42 loaves"), problem=PROBLEM,
    )  # fmt: skip
    assert ran.outputs["result"] == "42 loaves"
