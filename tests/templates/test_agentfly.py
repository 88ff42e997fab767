"""Agent that learns from cases: what a run earned changes the plan of the next like one."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, calls, said

PENS = "What do 30 pens cost in boxes of 12 when only whole boxes are sold?"
EGGS = "What do 45 eggs cost in boxes of 10 when only whole boxes are sold?"


def episode(steps: list[str], sum_: str, score: int) -> list[dict[str, Any]]:
    """The answers of one run: plan, one calculation, the answer, and a judge who gives that score."""
    return [
        said("plan", {"steps": steps}), calls("work", "calculator", expression=sum_), said("work", "Answer: done"),
        said("judge", "My own solution."), said("judge", "Compared."),
        said("judge", {"correct": score, "answers": score}),
    ]  # fmt: skip


def test_a_case_that_worked_stands_in_the_next_plan_s_prompt(tmp_path: Path) -> None:
    """The first run plans from nothing; the second, of a like task, is shown the first one's plan and reward."""
    lab = Lab("agentfly", tmp_path)
    first = lab.run(*episode(["Round the boxes up", "Multiply"], "3 * 7.8", 9), task=PENS)
    assert first.outputs["reward"] == 9 and "Round the boxes up" not in first.prompts("plan")[0]
    second = lab.run(*episode(["Round up"], "5 * 3.2", 9), task=EGGS)
    assert "Worked (reward 9)" in second.prompts("plan")[0] and "Round the boxes up" in second.prompts("plan")[0]
    assert len(lab.spaces["case-bank"].hits) == 2


def test_a_case_that_failed_is_shown_as_a_warning(tmp_path: Path) -> None:
    """A low score is kept too, and the next run reads the plan as one that failed."""
    lab = Lab("agentfly", tmp_path)
    failed = lab.run(*episode(["Divide and multiply by the fraction"], "2.5 * 7.8", 2), task=PENS)
    assert failed.outcomes("judge") == ["fail"]
    prompt = lab.run(*episode(["Round up"], "5 * 3.2", 9), task=EGGS).prompts("plan")[0]
    assert "Failed (reward 2)" in prompt and "Worked" not in prompt
    assert "Divide and multiply by the fraction" in prompt


def test_the_rewarded_plan_outranks_the_other_of_the_same_task(tmp_path: Path) -> None:
    """Of two plans for the same task, the one that earned more stands first; an unlike task brings neither."""
    lab = Lab("agentfly", tmp_path)
    for step, score in [("Guess the price", 7), ("Round the boxes up", 10)]:
        lab.run(*episode([step], "3 * 7.8", score), task=PENS)
    prompt = lab.run(*episode(["Round up"], "5 * 3.2", 9), task=EGGS).prompts("plan")[0]
    assert prompt.index("Round the boxes up") < prompt.index("Guess the price")
    other = lab.run(*episode(["Count"], "1 + 1", 9), task="Days between two dates").prompts("plan")[0]
    assert "Round the boxes up" not in other
