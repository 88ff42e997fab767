"""MAS-ZERO: the workflow is written for the question, and what the checks find changes the next design."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Reply, said

QUESTION = "How many minutes does the train travel?"


def designs(*instructions: str, title: str = "Design") -> Reply:
    """The outline of a workflow, a thinking step for each instruction."""
    steps: list[Any] = [{"does": "think", "instruction": each} for each in instructions]
    return said("design", {"idea": "So.", "title": title, "steps": steps})


def checked(solvable: bool, complete: bool) -> list[Reply]:
    """What the two checks say."""
    words = {True: "YES", False: "NO"}
    return [
        said("check", f"Looked at the steps.\n{words[solvable]}", match="without a guess"),
        said("check", f"The stops count too.\n{words[complete]}", match="Is every part"),
    ]


def test_an_incomplete_answer_changes_the_design(tmp_path: Path):
    """One step forgets the stops; told so, the designer writes two, and the second run is taken."""
    ran = Lab("mas_zero", tmp_path).run(
        designs("Say the minutes."), said("step_1", "205"), *checked(True, False),
        designs("Work out the time.", "Take the stops off.", title="Two steps"), said("step_1", "205"),
        said("step_2", "185", match="205"), *checked(True, True), question=QUESTION,
    )  # fmt: skip
    assert ran.outputs["answer"] == "185" and ran.outputs["workflow"]["title"] == "Two steps"
    first, second = ran.prompts("design")
    assert "The stops count too." not in first and "The stops count too." in second
    assert ran.outcomes("check") == ["failed", "passed"]


def test_the_designed_workflow_really_runs_inside_this_one(tmp_path: Path):
    """Its steps stand in the trace below the node that ran it, and see the question."""
    ran = Lab("mas_zero", tmp_path).run(
        designs("Think."), said("step_1", "185"), *checked(True, True), question=QUESTION
    )
    inner = [row for row in ran.bench.spans.of("invoke_workflow") if row.get("parent_id")]
    assert len(inner) == 1 and ran.prompts("step_1")[0].endswith(f"Task:\n{QUESTION}")


def test_it_gives_up_after_three_designs(tmp_path: Path):
    """Where no design passes, the last answer is given out with the share of checks it passed."""
    rounds = [each for n in range(3) for each in (designs("Think."), said("step_1", str(n)), *checked(True, False))]
    ran = Lab("mas_zero", tmp_path).run(*rounds, question=QUESTION)
    assert ran.visits["design"] == 3
    assert (ran.outputs["answer"], ran.outputs["checked"]) == ("2", 0.5)
