"""Ballots and their count."""

import asyncio

import pytest

from nodes.contract import AnswerError, NodeError
from nodes.deliberation.ballots import Ballot, choice_in, count, normalised, read_choice
from tests.fakes import ScriptedModel


def ballots(*choices: str) -> list[Ballot]:
    return [Ballot(f"v{i}", f"text {i}", choice) for i, choice in enumerate(choices)]


@pytest.mark.parametrize(
    ("one", "other"),
    [("18", "18.0"), ("$1,200", "1200"), ("**Paris**.", " paris "), ("two  words", "Two words!"), ("-3", "-3.00")],
)
def test_the_same_answer_in_other_words(one: str, other: str):
    """Letter case, blanks, marks and ways to write a number make no difference."""
    assert normalised(one) == normalised(other)


def test_different_answers_stay_different():
    """What is not the same is not made the same."""
    assert len({normalised(each) for each in ["18", "-18", "18 dollars", "1.8", ""]}) == 5


@pytest.mark.parametrize(
    ("text", "reading", "choice"),
    [
        ("Answer: 3\nno, wait.\nAnswer: 4\nDone.", "answer_line", "4"),
        ("**Answer:** Paris", "answer_line", "Paris"),
        ("Answer:\n\nblue", "answer_line", "blue"),
        ("The answer is: \\[ \\boxed{105} \\]", "answer_line", "105"),
        ("So \\(\\boxed{\\$7}\\) it is, after 3 tries", "last_number", "7"),
        ("Use this:\n```python\nx = 1\n```\nGood?", "code", "x = 1"),
        (" x = 1 ", "code", "x = 1"),
        ("Answer: [1, 2]", "answer_line", "[1, 2]"),
        ("I think so.\nBlue.", "answer_line", "Blue"),
        ("", "answer_line", ""),
        ("Answer: $1,250 for 3 nights", "last_number", "1250"),
        ("First 3, then 7", "last_number", "7"),
        ("Answer: none of 2 is right 5", "last_number", "2"),
        ("no number", "last_number", ""),
        (" all of it ", "whole_text", "all of it"),
    ],
)
def test_reading_a_reply(text: str, reading: str, choice: str):
    """Each way of reading finds the answer where it says."""
    assert choice_in(text, reading) == choice  # type: ignore[arg-type]


def test_reading_by_schema_asks_once_more():
    """With schema the model puts its own reply into the form; one it cannot fill twice is no answer."""
    asked = [{"role": "user", "content": "q"}]
    model = ScriptedModel({"answer": " 42 "}, AnswerError("no", text="?"), AnswerError("no", text="?"))
    assert asyncio.run(read_choice(model, asked, "it is 42", "schema")) == "42"
    assert "it is 42" in model.calls[0].text
    assert asyncio.run(read_choice(model, asked, "hm", "schema")) == ""


def test_the_majority_wins_though_the_first_was_wrong():
    """The most frequent answer wins; its share counts every ballot, also those without an answer."""
    tally = count(ballots("17", "18", "18.0", "", "$18"))
    assert (tally.winner.voter, tally.winner.choice, tally.agreement) == ("v1", "18", 0.6)


def test_of_equals_the_first_wins():
    """A tie goes to the answer that came first."""
    assert count(ballots("b", "a", "a", "b")).winner.choice == "b"


def test_no_answer_at_all_is_an_error():
    """Nothing to count says what was read and how to mend it."""
    with pytest.raises(NodeError, match="None of 2 replies holds an answer; the first begins 'text 0'"):
        count(ballots("", ""))
