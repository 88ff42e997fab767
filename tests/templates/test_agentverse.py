"""AgentVerse: the evaluation changes who is recruited."""

from pathlib import Path

from tests.templates.running import Lab, calls, said

TASK = "26 pupils share a bus of 240 euros and 6 euros each. How much each, rounded up?"
COOK, PLANNER = "You are a cook.", "You are a planner of trips."
BOOKKEEPER = "You are a bookkeeper."


def test_the_feedback_recruits_another_group(tmp_path: Path):
    """The first group forgets the museum; told so, recruitment brings a bookkeeper, and its result is accepted."""
    ran = Lab("agentverse", tmp_path).run(
        said("recruit", {"answer": [COOK, PLANNER]}), said("expert", "Bring food."), said("expert", "Share the bus."),
        said("decide", "Share the bus."), said("act", "10 euros each."),
        said("evaluate", "The museum is missing."), said("evaluate", {"verdict": "revise", "score": 3}),
        said("recruit", {"answer": [BOOKKEEPER]}), said("expert", "Add 6 euros each."), said("decide", "Add both."),
        calls("act", "calculator", expression="(240 + 26 * 6) / 26"), said("act", "16 euros each."),
        said("evaluate", "All is there."), said("evaluate", {"verdict": "accept", "score": 9}), task=TASK,
    )  # fmt: skip
    assert ran.outputs == {"answer": "16 euros each.", "experts": [BOOKKEEPER]}
    first, second = ran.prompts("recruit")
    assert "museum is missing" not in first and "The museum is missing." in second
    experts = ran.prompts("expert")
    assert sorted(each.splitlines()[0] for each in experts[:2]) == sorted([COOK, PLANNER])
    assert experts[2].startswith(BOOKKEEPER) and "The museum is missing." in experts[2]
    assert str(ran.tool_results("calculator")[0]).find("15.23") >= 0


def test_an_accepted_result_recruits_nobody_more(tmp_path: Path):
    """One round, where the evaluation is content; the decision is written from all views."""
    ran = Lab("agentverse", tmp_path).run(
        said("recruit", {"answer": [COOK, PLANNER]}), said("expert", "Mind the salt."),
        said("expert", "Mind the time."),
        said("decide", "Mind both."), said("act", "Done."), said("evaluate", "Good."),
        said("evaluate", {"verdict": "accept", "score": 9}), task=TASK,
    )  # fmt: skip
    assert ran.outputs["answer"] == "Done." and ran.visits["recruit"] == 1
    assert "Mind the salt." in ran.prompts("decide")[0] and "Mind the time." in ran.prompts("decide")[0]


def test_it_gives_up_after_three_groups(tmp_path: Path):
    """An evaluation that is never content ends the loop at its limit, with the last result."""
    ran = Lab("agentverse", tmp_path).run(
        said("recruit", {"answer": [COOK]}, repeat=True), said("expert", "Food.", repeat=True),
        said("decide", "Food.", repeat=True), said("act", "10 euros each.", repeat=True),
        said("evaluate", {"verdict": "revise", "score": 2}, match="Put your judgement", repeat=True),
        said("evaluate", "No.", repeat=True), task=TASK,
    )  # fmt: skip
    assert ran.outputs["answer"] == "10 euros each." and ran.visits["recruit"] == 3
