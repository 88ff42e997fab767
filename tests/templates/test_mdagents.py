"""MDAgents: complexity chooses the structure, and a moderator settles what the team cannot."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Reply, said

COUGH = "A man takes lisinopril and has a dry cough. Next step? (A) an antibiotic (B) change lisinopril to losartan"


def rated(difficulty: str) -> Reply:
    """What the rating says."""
    return said("complexity", {"needs": "Thinking.", "difficulty": difficulty})


def views(*letters: str) -> list[Reply]:
    """What the specialists say, in their order."""
    return [said("team", f"In my view.\nAnswer: {letter}") for letter in letters]


def run(tmp_path: Path, *replies: Reply, **more: Any):
    """A run with the template's own notes."""
    lab = Lab("mdagents", tmp_path)
    return lab.run(*replies, question=COUGH, knowledge=lab.document.inputs["knowledge"].default, **more)


def test_an_easy_question_costs_one_clinician(tmp_path: Path):
    """Nothing is looked up and no team is asked."""
    ran = run(tmp_path, rated("low"), said("clinician", "Simple.\nAnswer: C"))
    assert ran.outputs == {"answer": "Simple.\nAnswer: C", "complexity": "low"}
    assert ran.visits["look_up"] + ran.visits["team"] + ran.visits["decide"] == 0


def test_the_moderator_brings_a_divided_team_together(tmp_path: Path):
    """Two rounds end divided; with the moderator's review and the note in sight the second discussion agrees."""
    ran = run(
        tmp_path, rated("medium"), *views("A", "B", "A", "A", "B", "B"),
        said("moderator", "The note on ACE inhibitors should settle it."), *views("B", "B", "B"),
        said("decide", "The drug causes it.\nAnswer: B"),
    )  # fmt: skip
    assert ran.outputs["answer"].endswith("Answer: B")
    assert ran.order[-7:] == ["team", "agreed", "again", "moderator", "team", "agreed", "decide", "finish"][-7:]
    first, *_, last = ran.prompts("team")
    assert "ACE inhibitors such as lisinopril" in first and "The moderator reviewed" not in first
    assert "The note on ACE inhibitors should settle it." in last
    assert len(ran.prompts("team")) == 9 and ran.visits["assess"] == 0


def test_a_team_that_stays_divided_is_decided_over(tmp_path: Path):
    """After one moderated discussion the decider has the last word, with both sides before it."""
    ran = run(
        tmp_path, rated("medium"), *views("A", "B", "A", "A", "B", "A"), said("moderator", "They differ."),
        *views("A", "B", "A", "A", "B", "A"), said("decide", "Against the majority.\nAnswer: B"),
    )  # fmt: skip
    assert ran.outputs["answer"].endswith("Answer: B")
    assert (ran.visits["team"], ran.visits["moderator"]) == (2, 1)
    assert "Answer: A" in ran.prompts("decide")[0] and "Answer: B" in ran.prompts("decide")[0]


def test_a_hard_case_passes_three_teams(tmp_path: Path):
    """Assessment, diagnosis and review report in this order, each knowing those before; no debate is held."""
    ran = run(
        tmp_path, rated("high"), said("assess", "Potassium is low."), said("diagnose", "Ketoacidosis."),
        said("review", "Insulin would harm."), said("decide", "First potassium.\nAnswer: B"),
    )  # fmt: skip
    assert [each for each in ran.order if each in ("assess", "diagnose", "review", "team", "decide")] == [
        "assess", "diagnose", "review", "decide",
    ]  # fmt: skip
    assert "Potassium is low." in ran.prompts("review")[0] and "Ketoacidosis." in ran.prompts("review")[0]
    assert "Insulin would harm." in ran.prompts("decide")[0]
