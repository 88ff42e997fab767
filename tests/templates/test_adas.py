"""ADAS: designs are scored on examples, and the archive of all of them is what the next design is made of."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Reply, said

EXAMPLES = [{"task": "2 + 2", "expected": "4"}, {"task": "3 + 3", "expected": "6"}]


def designs(title: str, instruction: str) -> Reply:
    """The outline of a workflow of one step."""
    step = {"does": "think", "instruction": instruction}
    return said("design", {"idea": f"Idea of {title}.", "title": title, "steps": [step]})


def answers(instruction: str, two: str, three: str) -> list[Reply]:
    """What a design with this instruction says to the two examples."""
    return [
        said("step_1", two, match=rf"{instruction}[\s\S]*2 \+ 2"),
        said("step_1", three, match=rf"{instruction}[\s\S]*3 \+ 3"),
    ]


def run(lab: Lab, *replies: Reply) -> Any:
    return lab.run(*replies, purpose="Add numbers.", examples=EXAMPLES)


def test_the_next_design_knows_all_earlier_ones_with_their_scores(tmp_path: Path):
    """The first gets half right; told so, the second gets all right, is kept beside it and given out."""
    lab = Lab("adas", tmp_path)
    ran = run(
        lab, designs("Guess", "Guess it."), *answers("Guess it", "4", "7"),
        designs("Count", "Count on fingers."), *answers("Count on", "4", "6"),
    )  # fmt: skip
    assert ran.outputs["score"] == 1 and ran.outputs["best"]["title"] == "Count"
    first, second = ran.prompts("design")
    assert "Known designs" not in first and "score 0.5" in second and "Guess" in second
    assert len(lab.spaces["adas-archive"].hits) == 2


def test_the_archive_outlives_the_run(tmp_path: Path):
    """A later run begins with what the first one found."""
    lab = Lab("adas", tmp_path)
    run(lab, designs("Count", "Count on fingers."), *answers("Count on", "4", "6"))
    ran = run(lab, designs("Guess", "Guess it."), *answers("Guess it", "1", "1"))
    assert "score 1" in ran.prompts("design")[0]
    assert ran.outputs["best"]["title"] == "Count" and ran.outputs["score"] == 1


def test_it_ends_with_the_best_after_four_designs(tmp_path: Path):
    """Where none gets all right, the one that got most is given out."""
    lab = Lab("adas", tmp_path)
    rounds = [
        each for n in range(4) for each in
        (designs(f"Try {n}", f"Way {n}."), *answers(f"Way {n}", "4" if n == 1 else "0", "0"))
    ]  # fmt: skip
    ran = run(lab, *rounds)
    assert ran.outputs["score"] == 0.5 and ran.outputs["best"]["title"] == "Try 1" and ran.visits["design"] == 4
