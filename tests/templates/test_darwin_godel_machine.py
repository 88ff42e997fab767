"""Darwin Gödel Machine: children are kept with their lineage, weak ones too, and a person has the last word."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

EXAMPLES = [{"task": "2 + 2", "expected": "4"}, {"task": "3 + 3", "expected": "6"}]
CHANGED = [
    said("mutate", {"why": "Slower.", "prompt": "Count slowly. {{task}}"}, repeat=True),
    said("critique_1", {"verdict": "revise", "score": 3}, match="Put your judgement", visit=1, repeat=True),
    said("critique_1", {"verdict": "accept", "score": 9}, match="Put your judgement", repeat=True),
    said("critique_1", "Count again.", repeat=True),
]
"""Whatever change is drawn, the model's part in it."""


def solver(first: str, later: str) -> list[Reply]:
    """A workflow that answers so before it was changed, and so with another prompt, step or critique."""
    changed = r"Count slowly|A reviewer said|Work:|work below"
    return [
        said("step_1", later, repeat=True), said("step_2", later, repeat=True),
        said("solve", later, match=changed, repeat=True), said("solve", first, repeat=True),
    ]  # fmt: skip


def run(lab: Lab, *replies: Reply, decision: str = "Approve") -> Ran:
    workflow = lab.document.inputs["workflow"].examples[0]
    answer = {"decision": decision, "reason": "I have looked at it."}
    return lab.run(*CHANGED, *replies, answers=[answer], workflow=workflow, examples=EXAMPLES)


def archive(lab: Lab) -> list[dict[str, Any]]:
    """What the archive holds of each workflow, the first first."""
    return [dict(hit.data) for hit in lab.spaces["dgm-archive"].hits.values()]


def test_a_better_child_is_found_and_given_out_once_a_person_approved(tmp_path: Path):
    """The first gets half right; a changed one gets all right, knows its parent, and goes out as approved."""
    lab = Lab("darwin_godel_machine", tmp_path)
    ran = run(lab, *solver("4", "4 and 6"))
    assert ran.outputs["score"] == 1 and ran.outputs["best"]["nodes"] and ran.outputs["reason"]
    first, *children = archive(lab)
    assert (first["score"], first["parent"], first["children"]) == (0.5, "", 1)
    assert [each["score"] for each in children] == [1]
    assert children[0]["parent"] in lab.spaces["dgm-archive"].hits and children[0]["change"]


def test_weak_children_stay_in_the_archive_and_it_ends(tmp_path: Path):
    """Where every change makes it worse all children are kept, and the first is still the best."""
    lab = Lab("darwin_godel_machine", tmp_path)
    ran = run(lab, *solver("4", "nothing"))
    scores = [each["score"] for each in archive(lab)]
    assert ran.outputs["score"] == 0.5 and scores[0] == 0.5 and len(scores) > 2 and max(scores[1:]) <= 0.5
    assert ran.visits["mutate"] == 5


def test_what_a_person_rejects_is_not_given_out(tmp_path: Path):
    """The score is told and the reason, and no workflow."""
    ran = run(Lab("darwin_godel_machine", tmp_path), *solver("4", "4 and 6"), decision="Reject")
    assert "best" not in ran.outputs or ran.outputs["best"] is None
    assert ran.outputs["score"] == 1 and ran.outputs["reason"] == "I have looked at it."
