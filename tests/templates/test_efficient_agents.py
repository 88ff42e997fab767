"""Efficient agents: modules that are off cost nothing, and the budget decides whether a review is worth it."""

from pathlib import Path

from tests.templates.running import Lab, calls, said

PLAN = said("plan", {"steps": ["Price the pens", "Add the folders"]}, input_tokens=90, output_tokens=10)
SOLVED = said("solve", "Answer: 28", input_tokens=90, output_tokens=10)
REVISE, ACCEPT = {"verdict": "revise", "score": 2}, {"verdict": "accept", "score": 9}


def test_an_ablated_planner_is_not_paid_for(tmp_path: Path):
    """The same task with and without the plan: the bill differs by what the plan cost."""
    lab = Lab("efficient_agents", tmp_path)
    full, lean = lab.run(PLAN, SOLVED, task="28?"), lab.run(SOLVED, task="28?", planner=False)
    assert full.outputs["answer"] == lean.outputs["answer"] == "Answer: 28"
    assert (full.outputs["bill"]["tokens"], lean.outputs["bill"]["tokens"]) == (200, 100)
    assert "Price the pens" in full.prompts("solve")[0] and "Plan:" not in lean.prompts("solve")[0]
    assert lean.visits["plan"] == lean.visits["review"] == 0


def test_a_reviewer_that_is_on_sends_a_wrong_answer_back_once(tmp_path: Path):
    """The criticised answer is worked out again, now with the tool, and that is the answer."""
    ran = Lab("efficient_agents", tmp_path).run(
        said("solve", "Answer: 30"), said("review", "12 pens cost 8.", match="Answer: 30"), said("review", REVISE),
        calls("solve", "calculator", "12 pens cost 8", expression="8 + 20"), said("solve", "Answer: 28"),
        said("review", "Right.", match="Answer: 28"), said("review", ACCEPT),
        task="Pens and folders?", planner=False, reviewer=True,
    )  # fmt: skip
    assert ran.outputs["answer"] == "Answer: 28" and ran.outcomes("review") == ["revise", "accept"]
    assert "12 pens cost 8." in ran.prompts("solve")[1] and len(ran.tool_results("calculator")) == 1


def test_nothing_is_reviewed_once_the_budget_is_spent(tmp_path: Path):
    """An answer that cost 9,000 tokens is given out as it is, though the reviewer is on."""
    dear = said("solve", "Answer: 30", input_tokens=8_900, output_tokens=100)
    ran = Lab("efficient_agents", tmp_path).run(dear, task="28?", planner=False, reviewer=True)
    assert ran.outcomes("reviewed") == ["over"] and ran.visits["review"] == 0
    assert ran.outputs["answer"] == "Answer: 30" and ran.outputs["bill"]["tokens"] == 9_000
