"""ReHAC: a person is asked where the agent is unsure, and no more often than the budget allows."""

from pathlib import Path

from tests.templates.running import Lab, Reply, said

TASK = "Write to the landlord."


def step(text: str, *, reached: bool = False) -> Reply:
    """What the planner says."""
    return said("next", {"thought": "", "reached": reached, "text": text})


def sure(confidence: int, question: str = "") -> Reply:
    """How sure the gate is."""
    return said("gate", {"missing": "Something.", "confidence": confidence, "question": question})


def test_only_the_doubtful_step_asks_and_the_answer_reaches_the_work(tmp_path: Path):
    """Sure at the first step, unsure at the second: one question, whose answer stands in the prompt of that step."""
    ran = Lab("rehac", tmp_path).run(
        step("Greet"), sure(9), said("act", "Dear landlord,"), step("Propose a time"), sure(2, "When?"),
        said("act", "On Tuesday."), step("Dear landlord, on Tuesday.", reached=True),
        answers=[{"said": "Tuesday"}], task=TASK,
    )  # fmt: skip
    assert ran.outputs["answer"] == "Dear landlord, on Tuesday."
    assert (ran.visits["ask"], ran.outcomes("gate")) == (1, ["go_on", "ask"])
    assert "When? - Tuesday" not in ran.prompts("act")[0] and "When? - Tuesday" in ran.prompts("act")[1]


def test_the_budget_of_questions_is_kept(tmp_path: Path):
    """After two questions the gate is not even asked, however unsure the agent may be."""
    ran = Lab("rehac", tmp_path).run(
        step("One"), sure(1, "First?"), said("act", "a"), step("Two"), sure(1, "Second?"), said("act", "b"),
        step("Three"), said("act", "c"), step("abc", reached=True),
        answers=[{"said": "yes"}, {"said": "no"}], task=TASK,
    )  # fmt: skip
    assert ran.outputs["answer"] == "abc" and ran.outcomes("gate") == ["ask", "ask", "go_on"]
    assert len(ran.prompts("gate")) == 2
    assert "First? - yes" in ran.prompts("act")[2] and "Second? - no" in ran.prompts("act")[2]


def test_a_sure_agent_asks_nobody(tmp_path: Path):
    """Confidence at the threshold goes on alone."""
    ran = Lab("rehac", tmp_path).run(
        step("Write"), sure(6, "Which day?"), said("act", "Dear landlord."), step("Dear landlord.", reached=True),
        task=TASK,
    )  # fmt: skip
    assert ran.outputs["answer"] == "Dear landlord." and ran.visits["ask"] == 0
