"""AgentDebug: the critical step is told what was wrong, steps before it are kept, and the rest runs again."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said


def run(tmp_path: Path, *replies: Reply) -> Ran:
    lab = Lab("agentdebug", tmp_path)
    return lab.run(*replies, workflow=lab.document.inputs["workflow"].examples[0], task="How many?", expected="9")


def blames(step: int, module: str, feedback: str) -> Reply:
    """A diagnosis; the start is step 1."""
    row = {"why": f"Wrong at {step}.", "module": module, "step": step, "feedback": feedback}
    return said("diagnose", {"answer": row})


def steps(plan: str, work: str, tell: str) -> list[Reply]:
    return [said("plan", plan), said("work", work), said("tell", tell)]


def test_the_steps_before_the_critical_one_are_kept(tmp_path: Path):
    """The work is to blame: the plan is not asked again, the work reads the feedback, and the answer comes right."""
    ran = run(
        tmp_path, *steps("Divide, add one.", "40 / 5 = 8", "8"), blames(3, "reflection", "You forgot to add one."),
        said("work", "8 + 1 = 9", match="You forgot to add one"), said("tell", "9"),
    )  # fmt: skip
    assert ran.outputs["answer"] == "9" and ran.outputs["diagnoses"] == ["reflection, step 3: Wrong at 3."]
    assert (len(ran.prompts("plan")), len(ran.prompts("work"))) == (1, 2)
    assert "Divide, add one." in ran.prompts("work")[1]


def test_a_wrong_plan_is_made_anew_with_all_behind_it(tmp_path: Path):
    """Blamed at the second step, everything from the plan on runs again."""
    ran = run(
        tmp_path, *steps("Divide.", "40 / 5 = 8", "8"), blames(2, "planning", "Count the ends."),
        said("plan", "Divide, add one.", match="Count the ends"), said("work", "9"), said("tell", "9"),
    )  # fmt: skip
    assert ran.outputs["answer"] == "9" and len(ran.prompts("plan")) == 2
    assert "Divide." in ran.prompts("diagnose")[0] and "40 / 5 = 8" in ran.prompts("diagnose")[0]


def test_two_corrections_are_the_most(tmp_path: Path):
    """What stays wrong is given out with both diagnoses."""
    ran = run(
        tmp_path, *steps("Divide.", "8", "8"), blames(4, "system", "Look."), said("tell", "8"),
        blames(4, "system", "Look again."), said("tell", "8"),
    )  # fmt: skip
    assert ran.outputs["answer"] == "8" and len(ran.outputs["diagnoses"]) == 2


def test_a_right_answer_needs_no_diagnosis(tmp_path: Path):
    """Nothing is blamed and nothing runs twice."""
    ran = run(tmp_path, *steps("Divide, add one.", "9", "It is 9."))
    assert ran.outputs == {"answer": "It is 9.", "diagnoses": []} and ran.visits["run"] == 1
