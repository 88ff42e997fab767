"""TeachYou: the pupil knows only its list, a person's words mend it, and the exam is taken with what was taught."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

MISTAKE, TRUTH = "One adds above and below.", "One adds above only."


def lesson(*knows: str) -> list[Reply]:
    """The pupil's words and question, and what it knows after the teacher's answer."""
    return [said("pupil", "I add both."), said("wonder", "Why?"), said("learn", {"answer": list(knows)})]


def teach(tmp_path: Path, *replies: Reply, answers: list[dict[str, Any]], turns: int = 5) -> Ran:
    """Lessons on fractions with a pupil that makes one mistake."""
    lab = Lab("teachyou_algobo", tmp_path)
    return lab.run(*replies, said("exam", "1/2."), answers=answers, topic="fractions", knows=[MISTAKE],
                   exam="1/4 + 1/4?", turns=turns)  # fmt: skip


def test_the_pupil_knows_only_its_list_until_it_is_taught(tmp_path: Path):
    """Before the lesson the mistake is all it knows; after it the mistake is gone from every prompt."""
    ran = teach(
        tmp_path, *lesson(TRUTH), said("pupil", "Above only."), said("wonder", "How?"),
        answers=[{"text": "Below stays.", "choice": "Teach"}, {"text": "", "choice": "To the exam"}],
    )  # fmt: skip
    first, second = ran.prompts("pupil")
    assert MISTAKE in first and TRUTH not in first
    assert TRUTH in second and MISTAKE not in second and "Teacher: Below stays." in second
    assert TRUTH in ran.prompts("exam")[0] and MISTAKE not in ran.prompts("exam")[0]
    assert ran.outputs == {"exam": "1/2.", "knowledge": [TRUTH]}


def test_the_person_sees_what_the_pupil_says_and_asks(tmp_path: Path):
    """Both stand in the question; the person's words, and the old list, lead to the new one."""
    ran = teach(tmp_path, *lesson(MISTAKE, TRUTH), answers=[{"text": "Look at a cake.", "choice": "Teach"}], turns=1)
    assert "Look at a cake." in ran.prompts("learn")[0] and MISTAKE in ran.prompts("learn")[0]
    assert ran.outputs["knowledge"] == [MISTAKE, TRUTH]


def test_an_untaught_pupil_takes_the_exam_with_its_mistakes(tmp_path: Path):
    """Who is sent to the exam at once knows what it knew."""
    ran = teach(tmp_path, said("pupil", "I add both."), said("wonder", "Why?"),
                answers=[{"text": "", "choice": "To the exam"}])  # fmt: skip
    assert ran.visits["learn"] == 0 and ran.outputs["knowledge"] == [MISTAKE]
