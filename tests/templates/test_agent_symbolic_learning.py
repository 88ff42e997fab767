"""Agent Symbolic Learning: the loss goes back through the steps, and the change it points to is made and scored."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said

EXAMPLES = [{"task": "2 + 2", "expected": "4"}, {"task": "3 + 3", "expected": "6"}]


def updates(step: str, prompt: str) -> list[Reply]:
    """What goes back, and the change that is made."""
    return [
        said("loss", "It is wrong."), said("backward", f"{step}: count."),
        said("change", {"reason": "So.", "change": "reword", "step": step}, match="Which one change"),
        said("change", {"why": "So.", "prompt": prompt}),
    ]  # fmt: skip


def network(right: str) -> list[Reply]:
    """Steps that are right where their prompt holds this."""
    return [
        said("reckon", "4", match=rf"{right}[\s\S]*2 \+ 2", repeat=True),
        said("reckon", "6", match=rf"{right}[\s\S]*3 \+ 3", repeat=True), said("reckon", "5", repeat=True),
        said("tell", "It is 4.", match="Result: 4", repeat=True),
        said("tell", "It is 6.", match="Result: 6", repeat=True), said("tell", "It is 5.", repeat=True),
    ]  # fmt: skip


def run(lab: Lab, *replies: Reply) -> Ran:
    return lab.run(*replies, workflow=lab.document.inputs["workflow"].examples[0], examples=EXAMPLES)


def test_the_gradient_reaches_the_step_that_made_the_loss(tmp_path: Path):
    """The loss is seen at the end, the step before is changed, and all examples come right."""
    ran = run(Lab("agent_symbolic_learning", tmp_path), *updates("reckon", "Count it. {{task}}"), *network("Count it"))
    assert ran.outputs["score"] == 1 and ran.outputs["gradients"] == "reckon: count."
    nodes = ran.outputs["workflow"]["nodes"]
    assert nodes["reckon"]["config"]["prompt"] == "Count it. {{task}}"
    (backward,) = ran.prompts("backward")
    assert "It is wrong." in backward and backward.index('"reckon"') < backward.index('"tell"')
    assert "reckon: count." in ran.prompts("change")[0]


def test_a_change_that_wins_nothing_leaves_the_best_as_it_was(tmp_path: Path):
    """Every update makes it no better: the next begins with the best again, and that one is given out."""
    lab = Lab("agent_symbolic_learning", tmp_path)
    rounds = [each for n in range(3) for each in updates("reckon", f"Guess {n}. {{{{task}}}}")]
    ran = run(lab, *rounds, *network("never"))
    assert ran.outputs["score"] == 0 and ran.visits["change"] == 3
    assert len(lab.spaces["symbolic-learning"].hits) == 4


def test_a_workflow_that_is_right_is_seen_through_once(tmp_path: Path):
    """All right from the start: one pass, and the first workflow stays the best."""
    ran = run(
        Lab("agent_symbolic_learning", tmp_path), *updates("reckon", "Worse. {{task}}"), *network("Guess the result"),
    )  # fmt: skip
    assert ran.outputs["score"] == 1 and "Guess the result" in str(ran.outputs["workflow"])
