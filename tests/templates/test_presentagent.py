"""PresentAgent: slides that do not fit go back, the talk is timed by its words, and a listener has the talk alone."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Reply, said

DOCUMENT = "# Bees\n\n## Hive\nA hive holds 40,000 bees.\n\n## Honey\nIt gives 20 kilos a year."
QUIZ = [
    {"question": "How many bees?", "options": "A 20; B 40,000", "answer": "B"},
    {"question": "How much honey?", "options": "A 20 kilos; B 40 kilos", "answer": "A"},
]
JUDGED = (said("judge", "Fine."), said("judge", {"faithful": 8, "clear": 6, "followed": 6}))


def slide(item: int, *points: str) -> Reply:
    """A slide planned for a section."""
    return said("slide", {"answer": {"title": f"Slide {item}", "points": list(points)}}, item=item)


def letter(item: int, given: str) -> Reply:
    """What the listener answers."""
    return said("answer", {"answer": {"letter": given}}, item=item)


def made(lab: Lab, *more: Reply, quiz: list[dict[str, Any]] | None = None):
    """A run on two sections."""
    says = (said("narrate", "word " * 28, item=0), said("narrate", "word " * 14, item=1))
    return lab.run(*more, *says, *JUDGED, document=DOCUMENT, quiz=QUIZ if quiz is None else quiz)


def test_a_slide_that_is_too_full_goes_back_with_the_reason_and_the_others_do_not(tmp_path: Path):
    """Section 0 is planned twice, told what was wrong; section 1 once."""
    ran = made(
        Lab("presentagent", tmp_path), slide(0, "x" * 71, "two"), slide(0, "40,000 bees", "two"),
        slide(1, "20 kilos", "a year"), letter(0, "B"), letter(1, "A"),
    )  # fmt: skip
    again = [each for each in ran.prompts("slide") if "did not fit" in each]
    assert len(ran.prompts("slide")) == 3 and len(again) == 1 and "longer than 70 letters" in again[0]
    assert "x" * 71 not in ran.outputs["talk"] and "- 40,000 bees" in ran.outputs["talk"]


def test_sections_keep_their_order_and_a_slide_stands_as_long_as_its_words(tmp_path: Path):
    """28 words take 12 seconds, so the second slide begins then; both together take 18."""
    ran = made(
        Lab("presentagent", tmp_path), slide(1, "20 kilos", "a year"), slide(0, "40,000 bees", "two"), letter(0, "B"),
        letter(1, "A"),
    )  # fmt: skip
    talk = ran.outputs["talk"]
    assert talk.index("Slide 0") < talk.index("Slide 1") and ran.outputs["seconds"] == 18
    assert "At 0:00, for 12 s" in talk and "At 0:12, for 6 s" in talk
    assert ran.bench.spans.of("execute_tool")[0]["input"]["text"] == talk


def test_the_listener_has_the_talk_alone_and_what_it_leaves_out_costs_marks(tmp_path: Path):
    """The number that no slide kept is not in the listener's prompt, and one of two questions is lost."""
    ran = made(
        Lab("presentagent", tmp_path), slide(0, "many bees", "two"), slide(1, "20 kilos", "a year"), letter(0, "D"),
        letter(1, "a"),
    )  # fmt: skip
    heard = ran.prompts("answer")
    assert all("A hive holds" not in each and "many bees" in each for each in heard)
    assert ran.outputs["quiz"] == 0.5 and ran.outputs["score"] == 7
    assert "A hive holds 40,000 bees." in ran.prompts("judge")[0]


def test_a_slide_that_never_fits_is_taken_after_two_more_tries(tmp_path: Path):
    """The loop has an end, and without a quiz the mark is 0."""
    full = [slide(0, "only one")] * 3
    ran = made(Lab("presentagent", tmp_path), *full, slide(1, "20 kilos", "a year"), quiz=[])
    assert len(ran.prompts("slide")) == 4 and "- only one" in ran.outputs["talk"] and ran.outputs["quiz"] == 0
