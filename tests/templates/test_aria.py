"""ARIA: each paper is judged by itself, a person has the last word on the shortlist, only that is written from."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said

PAPERS = [{"id": f"d{at}", "text": f"tomato finding {at}"} for at in range(1, 5)]


def scores(*given: float) -> list[Reply]:
    """What is judged of each paper."""
    judged = [(f"finding {at}", {"answer": {"why": "So.", "score": score}}) for at, score in enumerate(given, start=1)]
    return [said("judge", answer, match=found) for found, answer in judged]


def review(tmp_path: Path, *replies: Reply, edited: str | None = None) -> Ran:
    """A review in which the person writes this shortlist; None: nobody is asked."""
    answers = [] if edited is None else [{"text": edited}]
    lab = Lab("aria", tmp_path)
    return lab.run(*replies, said("synthesise", "1. Do it."), answers=answers, question="tomato?", papers=PAPERS)


def test_papers_are_judged_one_by_one_and_filtered(tmp_path: Path):
    """No judgement sees another paper; what scores below five is left out, the best stands first."""
    ran = review(tmp_path, *scores(6, 2, 9, 5), edited="as it is")
    assert all(text.count("tomato finding") == 1 for text in ran.prompts("judge"))
    assert [paper["id"] for paper in ran.outputs["shortlist"]] == ["d3", "d1", "d4"]


def test_only_what_the_person_approves_is_written_from(tmp_path: Path):
    """The person strikes two lines and adds one; the writer sees that, and nothing that was struck out."""
    ran = review(tmp_path, *scores(6, 2, 9, 5), edited="[d3] tomato finding 3\n[own] Water in the morning.")
    asked = ran.prompts("synthesise")[0]
    assert "Water in the morning." in asked and "finding 3" in asked and "finding 1" not in asked


def test_nothing_is_written_from_nothing(tmp_path: Path):
    """Where no paper helps nobody is asked and no procedure is made up."""
    ran = review(tmp_path, *scores(1, 1, 1, 1))
    assert ran.outputs["procedure"] == "No paper helps with this question." and ran.visits["synthesise"] == 0
