"""AgentCourt: each lawyer learns from the verdict for itself alone, and argues the next case with it."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Reply, said

TURNS = ("claim", "answer", "rejoin", "close")
CASES = [{"name": name, "facts": f"Facts of {name}.", "law": "Proof decides."} for name in ("One", "Two")]


def hearing(winner: str, plaintiff: str, defence: str) -> list[Reply]:
    """A whole case, and what both learn."""
    lessons: list[Reply] = []
    for side, lesson in (("plaintiff", plaintiff), ("defence", defence)):
        found = [{"when": "proof is asked for", "lesson": lesson, "role": ""}]
        lessons += [said(f"learn_{side}", "So it went."), said(f"learn_{side}", {"lessons": found})]
    verdict: dict[str, Any] = {"answer": {"reasons": "So it is.", "winner": winner}}
    return [*(said(turn, f"The {turn}.") for turn in TURNS), said("judge", verdict), *lessons]


def test_lessons_of_one_case_are_argued_with_in_the_next(tmp_path: Path):
    """Each side has its own lesson before it in case two, in both its turns, and never the other's."""
    ran = Lab("agentcourt", tmp_path).run(
        *hearing("defence", "Bring proof.", "Demand proof."), *hearing("plaintiff", "Bring more.", "Demand more."),
        cases=CASES,
    )  # fmt: skip
    assert [each["winner"] for each in ran.outputs["verdicts"]] == ["defence", "plaintiff"]
    for turn in TURNS:
        first, second = ran.prompts(turn)
        mine, other = ("Bring", "Demand") if turn in ("claim", "rejoin") else ("Demand", "Bring")
        assert "What you learned" not in first
        assert f"{mine} proof." in second and f"{other} proof." not in second


def test_each_side_is_told_whether_it_won(tmp_path: Path):
    """The loser learns from having lost."""
    ran = Lab("agentcourt", tmp_path).run(*hearing("plaintiff", "a", "b"), cases=CASES[:1])
    assert "lawyer of the plaintiff, and won" in ran.prompts("learn_plaintiff")[0]
    assert "lawyer of the defence, and lost" in ran.prompts("learn_defence")[0]


def test_experience_outlives_the_run(tmp_path: Path):
    """The next run begins with the lessons of the last; a lesson that is learned again is not kept twice."""
    lab = Lab("agentcourt", tmp_path)
    lab.run(*hearing("defence", "Bring proof.", "Demand proof."), cases=CASES[:1])
    ran = lab.run(*hearing("defence", "Bring proof.", "Demand proof."), cases=CASES[1:])
    assert "Bring proof." in ran.prompts("claim")[0]
    assert len(lab.spaces["court-plaintiff"].hits) == 1
