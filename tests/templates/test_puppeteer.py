"""Puppeteer: who acts next follows the state of the work and what steps were worth, within a budget."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

TASK = "When is the tank full?"


def weighs(planner: int, solver: int, critic: int) -> Reply:
    """How well each role suits the state."""
    return said("choose", {"reason": "So.", "planner": planner, "solver": solver, "critic": critic})


def judged(reward: float, *, done: bool = False, answer: str = "") -> Reply:
    row: dict[str, Any] = {"why": "So.", "reward": reward, "done": done, "answer": answer}
    return said("judge", {"answer": row})


def run(lab: Lab, *replies: Reply) -> Ran:
    return lab.run(*replies, task=TASK)


def test_a_found_mistake_leads_back_to_the_solver(tmp_path: Path):
    """Solver, critic, solver again, critic: a cycle nobody drew, which ends when it is solved and checked."""
    ran = run(
        Lab("puppeteer", tmp_path), weighs(1, 9, 1), said("solver", "20 minutes"), judged(0.4),
        weighs(1, 1, 9), said("critic", "The leak was forgotten."), judged(0.5), weighs(1, 9, 1),
        said("solver", "30 minutes"), judged(0.7), weighs(1, 1, 9), said("critic", "Right."),
        judged(1, done=True, answer="30 minutes"),
    )  # fmt: skip
    assert ran.outputs == {"answer": "30 minutes", "path": ["Solver", "Critic", "Solver", "Critic"]}
    assert "The leak was forgotten." in ran.prompts("solver")[1]
    assert "The leak was forgotten." in ran.prompts("choose")[2]  # the state is what is weighed
    assert ran.visits["planner"] == 0


def test_what_steps_were_worth_counts_in_later_runs(tmp_path: Path):
    """Weighed alike in the second run, the role whose step paid in the first is chosen before the other."""
    lab = Lab("puppeteer", tmp_path)
    run(
        lab, weighs(9, 1, 1), said("planner", "A plan."), judged(0), weighs(1, 9, 1), said("solver", "30"),
        judged(1, done=True, answer="30"),
    )  # fmt: skip
    ran = run(lab, weighs(6, 5, 1), said("solver", "30"), judged(1, done=True, answer="30"))
    assert ran.outputs["path"] == ["Solver"]


def test_a_spent_budget_ends_it_with_the_answer_so_far(tmp_path: Path):
    """After a dear step nobody else is called."""
    dear = said("solver", "30 minutes", input_tokens=15_000, output_tokens=100)
    ran = run(Lab("puppeteer", tmp_path), weighs(1, 9, 1), dear, judged(0.5, answer="30 minutes"))
    assert ran.outputs == {"answer": "30 minutes", "path": ["Solver"]} and ran.outcomes("budget") == ["within", "over"]


def test_eight_steps_are_the_most(tmp_path: Path):
    """Work that is never done is ended."""
    turns = [each for _ in range(8) for each in (weighs(1, 9, 1), said("solver", "Hm."), judged(0.5, answer="?"))]
    ran = run(Lab("puppeteer", tmp_path), *turns)
    assert ran.outputs["answer"] == "?" and len(ran.outputs["path"]) == 8
