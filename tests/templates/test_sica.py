"""SICA: the best version is edited by what it got wrong, and a change counts when it is better and approved."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

BENCHMARK = [{"task": "largest", "expected": "ANSWER: max"}, {"task": "items", "expected": "ANSWER: len"}]
YES, NO = {"decision": "Approve", "reason": "Good."}, {"decision": "Reject", "reason": "Too long a prompt."}


def answers(*, form: str) -> list[Reply]:
    """The workflow under improvement: right in its form only where its prompt holds ``form``."""
    return [
        said("code", "ANSWER: max", match=f"(?s){form}.*largest|largest.*{form}", repeat=True),
        said("code", "ANSWER: len", match=f"(?s){form}.*items|items.*{form}", repeat=True),
        said("code", "I do not know.", repeat=True),
    ]


def edits(prompt: str) -> list[Reply]:
    """The choice of a change, and the prompt that is written."""
    return [
        said("edit", {"reason": "So.", "change": "reword", "step": "code"}, match="Which one change"),
        said("edit", {"why": "So.", "prompt": prompt + " {{task}}"}),
    ]


def run(lab: Lab, *replies: Reply, people: list[dict[str, Any]]) -> Ran:
    """A run on two tasks."""
    workflow = lab.document.inputs["workflow"].examples[0]
    return lab.run(*replies, answers=people, workflow=workflow, benchmark=BENCHMARK)


def versions(lab: Lab) -> list[float]:
    """The scores in the archive, the first first."""
    return [hit.data["score"] for hit in lab.spaces["sica-versions"].hits.values()]


def test_a_better_version_is_approved_and_takes_over(tmp_path: Path):
    """The reflection reads the mistakes, the edit follows it, the new version scores 1 and is the best."""
    lab = Lab("sica", tmp_path)
    ran = run(lab, said("reflect", "Say the form.", match="I do not know"), *edits("In form."), *answers(form="form"),
              people=[YES])  # fmt: skip
    assert ran.outputs["score"] == 1 and versions(lab) == [0, 1]
    assert "In form." in str(ran.outputs["best"]) and "Say the form." in ran.prompts("edit")[0]


def test_a_change_that_is_no_better_is_not_kept_nor_shown(tmp_path: Path):
    """The first edit helps nothing: no person is asked about it, and the next round edits the old version again."""
    lab = Lab("sica", tmp_path)
    ran = run(lab, said("reflect", "Say the form.", repeat=True), *edits("Please."), *edits("In form."),
              *answers(form="form"), people=[YES])  # fmt: skip
    assert ran.visits["approve"] == 1 and versions(lab) == [0, 1]
    assert "Please." not in str(ran.outputs["best"])


def test_what_a_person_refuses_is_not_kept_and_the_reason_is_heard(tmp_path: Path):
    """The refused version is in no archive; the next reflection is told why."""
    lab = Lab("sica", tmp_path)
    ran = run(lab, said("reflect", "Say the form.", repeat=True), *edits("In form, at length."), *edits("In form."),
              *answers(form="form"), people=[NO, YES])  # fmt: skip
    assert versions(lab) == [0, 1] and "at length" not in str(ran.outputs["best"])
    assert "Too long a prompt." in ran.prompts("reflect")[1]
