"""AgenTracer: each step is corrected in turn with those before it kept, and the first that turns it is to blame."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said


def run(tmp_path: Path, *replies: Reply) -> Ran:
    lab = Lab("agentracer", tmp_path)
    return lab.run(*replies, workflow=lab.document.inputs["workflow"].examples[0], task="2 + 3 doubled?", expected="10")


def corrected(*texts: str) -> list[Reply]:
    """What the steps should have given, in their order."""
    return [said("correct", text, item=item) for item, text in enumerate(texts)]


def test_the_step_that_went_wrong_is_found_though_the_last_one_shows_it(tmp_path: Path):
    """The numbers were right, the reckoning was not: with only the numbers corrected it stays wrong."""
    ran = run(
        tmp_path, said("facts", "2 and 3"), said("reckon", "2 + 3 = 5"), said("tell", "It is 5."),
        *corrected("2 and 3", "(2 + 3) x 2 = 10", "It is 10."), said("reckon", "2 + 3 = 5"),
        said("tell", "It is 10.", match="= 10"), said("tell", "It is 5.", match="= 5"),
    )  # fmt: skip
    assert ran.outputs["culprit"] == "reckon"
    assert [(each["step"], each["turned"]) for each in ran.outputs["tries"]] == [
        ("facts", False), ("reckon", True), ("tell", True),
    ]  # fmt: skip


def test_an_early_mistake_is_blamed_before_the_steps_that_follow_from_it(tmp_path: Path):
    """With the first step corrected everything after it comes right, so it is the first."""
    ran = run(
        tmp_path, said("facts", "2 and 4"), said("reckon", "(2 + 4) x 2 = 12"), said("tell", "It is 12."),
        *corrected("2 and 3", "(2 + 3) x 2 = 10", "It is 10."), said("reckon", "(2 + 3) x 2 = 10", match="2 and 3"),
        said("tell", "It is 10.", match="= 10"), said("tell", "It is 10.", match="= 10"),
    )  # fmt: skip
    assert ran.outputs["culprit"] == "facts"


def test_steps_before_the_corrected_one_are_kept_and_not_asked_again(tmp_path: Path):
    """Facts are asked for once in all, reckon twice, though three runs were made from the middle."""
    ran = run(
        tmp_path, said("facts", "2 and 3"), said("reckon", "5"), said("tell", "It is 5."),
        *corrected("2 and 3", "5", "It is 5."), said("reckon", "5"), said("tell", "It is 5.", repeat=True),
    )  # fmt: skip
    assert ran.outputs["culprit"] == "no single step"
    assert (len(ran.prompts("facts")), len(ran.prompts("reckon"))) == (1, 2)


def test_a_right_answer_blames_nobody(tmp_path: Path):
    """Nothing is corrected, and nothing is run again."""
    ran = run(tmp_path, said("facts", "2 and 3"), said("reckon", "= 10"), said("tell", "It is 10."))
    assert ran.outputs["culprit"].startswith("none") and ran.visits["correct"] == 0
