"""MASS: each stage begins where the one before did best, and none makes it worse."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said

EXAMPLES = [{"task": "2 + 2", "expected": "4"}, {"task": "3 + 3", "expected": "6"}]
CRITIQUE = [
    said("critique_1", {"verdict": "revise", "score": 3}, match="Put your judgement", visit=1, repeat=True),
    said("critique_1", {"verdict": "accept", "score": 9}, match="Put your judgement", repeat=True),
    said("critique_1", "Count again.", repeat=True),
]


def rewords(node: str, prompt: str) -> Reply:
    """The prompt a stage proposes."""
    return said(node, {"why": "So.", "prompt": prompt}, repeat=True)


def run(lab: Lab, *replies: Reply) -> Ran:
    return lab.run(*replies, workflow=lab.document.inputs["workflow"].examples[0], examples=EXAMPLES)


def test_prompts_first_then_structure(tmp_path: Path):
    """The new prompt gets half right, the new structure built on it all; the last stage has nothing left to mend."""
    ran = run(
        Lab("mass", tmp_path), rewords("prompts", "Count slowly. {{task}}"), *CRITIQUE,
        said("step_1", "4 and 6", repeat=True), said("solve", "4 and 6", match="A reviewer said", repeat=True),
        said("solve", "4", match="Count slowly", repeat=True), said("solve", "?", repeat=True),
    )  # fmt: skip
    assert (ran.outputs["before"], ran.outputs["score"]) == (0, 1)
    assert [each["score"] for each in ran.results("prompts")] == [0.5]
    nodes = ran.outputs["workflow"]["nodes"]
    assert len(nodes) > 3 and any("Count slowly" in str(node.get("config")) for node in nodes.values())
    assert ran.order.index("prompts") < ran.order.index("structure") < ran.order.index("joint")


def test_a_worse_prompt_is_not_kept(tmp_path: Path):
    """What scores lower is dropped, and the next stage changes the old one."""
    ran = run(
        Lab("mass", tmp_path), rewords("prompts", "Guess. {{task}}"), rewords("joint", "Guess more. {{task}}"),
        *CRITIQUE, said("step_1", "?", repeat=True), said("solve", "?", match="Guess", repeat=True),
        said("solve", "4", repeat=True),
    )  # fmt: skip
    assert (ran.outputs["before"], ran.outputs["score"]) == (0.5, 0.5)
    assert "Guess" not in str(ran.outputs["workflow"])
    assert [each["kept"] for each in ran.results("prompts")[0]["tried"]] == [False]


def test_the_last_stage_tunes_the_words_of_the_best_structure(tmp_path: Path):
    """No structure helps; the joint stage finds the prompt that gets all right."""
    ran = run(
        Lab("mass", tmp_path), rewords("prompts", "Guess. {{task}}"), rewords("joint", "Count slowly. {{task}}"),
        *CRITIQUE, said("step_1", "?", repeat=True), said("solve", "4 and 6", match="Count slowly", repeat=True),
        said("solve", "4", repeat=True),
    )  # fmt: skip
    assert ran.outputs["score"] == 1 and "Count slowly" in str(ran.outputs["workflow"])
