"""MAG-V: questions that ask for the same should lead to the same tools, and those that do not are flagged."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, calls, said

QUESTIONS = said("questions", {"answer": ["sum please", "date please"]})
REWORDED = [said("reverse", "add it up", match="sum please"), said("reverse", "which day", match="date please")]
ADDS = calls("agent", "calculator", "^sum please$", expression="1 + 1")
DATES = calls("agent", "clock", "^date please$")


def run(tmp_path: Path, *replies: Reply) -> Ran:
    """Two questions to the assistant of the example, which answers in the end."""
    lab = Lab("mag_v", tmp_path)
    workflow = lab.document.inputs["assistant"].examples[0]
    return lab.run(QUESTIONS, *REWORDED, ADDS, DATES, *replies, said("agent", "So it is.", repeat=True),
                   assistant=workflow)  # fmt: skip


def test_the_same_tools_for_other_words_are_stable(tmp_path: Path):
    """Both questions take the same way in other words: nothing is flagged."""
    again = calls("agent", "calculator", "^add it up$", expression="1+1")
    ran = run(tmp_path, again, calls("agent", "clock", "^which day$"))
    assert ran.outputs["stable"] == 1 and ran.outputs["unstable"] == []
    assert [each["tools"] for each in ran.outputs["tests"]] == [["calculator"], ["clock"]]


def test_another_way_for_the_same_question_is_flagged(tmp_path: Path):
    """Reworded, one question is answered without its tool: it is flagged with both ways."""
    ran = run(tmp_path, calls("agent", "calculator", "^add it up$", expression="1+1"))
    (flagged,) = ran.outputs["unstable"]
    assert ran.outputs["stable"] == 0.5 and flagged["other"] == "which day"
    assert (flagged["tools"], flagged["tools_again"], flagged["likeness"]) == (["clock"], [], 0)


def test_the_second_question_is_made_from_the_answer(tmp_path: Path):
    """Whoever rewords reads what the assistant answered."""
    ran = run(tmp_path)
    assert all("So it is." in prompt for prompt in ran.prompts("reverse"))
