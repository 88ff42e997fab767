"""AutoMind: knowledge before the proposer, the best solution gone on from, coding by how hard the idea is."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Reply, said

TASK = "Predict y."
TABLE = "x,y\n" + "\n".join(f"{n},{int(n > 4)}" for n in (1, 2, 8, 9, 3, 7, 6, 4))
KNOWLEDGE = [{"path": "a.md", "text": "To predict y try thresholds."}, {"path": "b.md", "text": "Bake bread slowly."}]
GIVEN: dict[str, Any] = {"task": TASK, "table": TABLE, "knowledge": KNOWLEDGE}


def program(body: str) -> str:
    """A program as the model writes it."""
    return f"```python\ndef predict(train, row):\n    return {body}\n```"


def ideas(*names: str, match: str | None = None) -> Reply:
    """What is proposed."""
    return said("idea", {"answer": list(names)}, match=match)


def hard(idea: str, how: str) -> Reply:
    """How hard the idea is."""
    return said("effort", {"needs": "So.", "difficulty": how}, match=idea)


def test_the_best_solution_is_gone_on_from(tmp_path: Path):
    """Of two weak ones the better is shown with its score to the proposer, and a child of it solves the task."""
    ran = Lab("automind", tmp_path).run(
        ideas("all ones", "all zeros but nine"), hard("all ones", "low"), hard("but nine", "low"),
        said("one_pass", program("1"), match="all ones"),
        said("one_pass", program("int(row['x'] == 9)"), match="but nine"),
        ideas("threshold", match=r"row\['x'\] == 9[\s\S]*0\.75"), hard("threshold", "low"),
        said("one_pass", program("int(row['x'] > 4)"), match="threshold"), **GIVEN,
    )  # fmt: skip
    assert ran.outputs["score"] == 1 and ran.outputs["ideas"] == ["all zeros but nine", "threshold"]
    assert "row['x'] > 4" in ran.outputs["program"] and ran.outcomes("tree") == ["solved"]


def test_a_hard_idea_is_planned_before_it_is_coded(tmp_path: Path):
    """The hard one goes through steps, which its coder reads; the easy one is coded at once."""
    ran = Lab("automind", tmp_path).run(
        ideas("easy", "difficult"), hard("easy", "low"), hard("difficult", "high"),
        said("one_pass", program("1"), match="easy"), said("steps", "first compare, then answer", match="difficult"),
        said("stepwise", program("int(row['x'] > 4)"), match="first compare"), **GIVEN,
    )  # fmt: skip
    assert ran.outputs["ideas"] == ["difficult"] and len(ran.prompts("steps")) == 1


def test_a_program_that_fails_is_no_solution(tmp_path: Path):
    """The failed one is not gone on from, and never given out."""
    ran = Lab("automind", tmp_path).run(
        ideas("broken", "fine"), hard("broken", "low"), hard("fine", "low"),
        said("one_pass", program("missing"), match="broken"),
        said("one_pass", program("int(row['x'] > 4)"), match="fine"), **GIVEN,
    )  # fmt: skip
    assert ran.outputs["ideas"] == ["fine"] and ran.outputs["score"] == 1


def test_only_knowledge_that_fits_is_shown(tmp_path: Path):
    """The page on thresholds comes first in the proposer's prompt."""
    ran = Lab("automind", tmp_path).run(
        ideas("fine"), hard("fine", "low"), said("one_pass", program("int(row['x'] > 4)")), **GIVEN
    )
    assert "try thresholds" in ran.prompts("idea")[0] and "Bake bread" not in ran.prompts("idea")[0]
