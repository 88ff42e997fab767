"""Chain of summarisation: frames are summed up alone, decisions are made every third frame from the sums alone."""

from pathlib import Path

from tests.templates.running import Lab, Ran, said


def watch(tmp_path: Path, many: int) -> Ran:
    """A stream of so many frames."""
    sums = [said("summarise", f"Sum {at}.") for at in range(1, many + 1)]
    decisions = [said("analyse", f"So.\nDecision: number {at}") for at in range(1, many // 3 + 2)]
    lab = Lab("textstarcraft_ii_chain_of_summarization", tmp_path)
    frames = [f"Frame {at} in all its length." for at in range(1, many + 1)]
    return lab.run(*sums, *decisions, frames=frames, goal="Win.")


def test_decisions_are_made_every_third_frame_from_the_sums(tmp_path: Path):
    """Six frames make two decisions; each sees the three sums since the last, in order, and no frame."""
    ran = watch(tmp_path, 6)
    assert len(ran.outputs["decisions"]) == 2 and ran.visits["summarise"] == 6
    first, second = ran.prompts("analyse")
    assert "Frame" not in first and "Frame" not in second
    assert [f"Sum {at}." in second for at in range(1, 7)] == [False, False, False, True, True, True]
    assert second.index("Sum 4.") < second.index("Sum 6.")


def test_each_frame_is_summed_up_alone(tmp_path: Path):
    """The prompt of a frame holds that frame and nothing that came before."""
    ran = watch(tmp_path, 3)
    assert all(text.count("Frame") == 1 and "Sum 1" not in text for text in ran.prompts("summarise"))


def test_what_was_decided_is_known_and_the_rest_is_decided_upon(tmp_path: Path):
    """The fourth frame, the last, is analysed too, with the first decision before it."""
    ran = watch(tmp_path, 4)
    assert len(ran.outputs["decisions"]) == 2
    assert "Decision: number 1" in ran.prompts("analyse")[1]
