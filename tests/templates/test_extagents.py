"""ExtAgents: seekers in parallel, findings shared and ranked over the rounds, a reasoner that asks for more."""

from pathlib import Path

from tests.templates.running import Lab, Reply, said

DOCUMENT = "\n\n".join(f"{name} " + "is told of here, at some length, " * 9 for name in ("Alpha", "Beta", "Gamma"))
NOTHING = said("seeker", {"answer": {"finding": "", "relevance": 0}}, repeat=True)


def finds(match: str, finding: str, relevance: float) -> Reply:
    """What the seeker of a part says."""
    return said("seeker", {"answer": {"finding": finding, "relevance": relevance}}, match=match)


def reasons(text: str, *, enough: bool, match: str | None = None) -> Reply:
    """What the reasoner says of the findings."""
    return said("reason", {"answer": {"thought": "So.", "enough": enough, "text": text}}, match=match)


def test_each_part_has_its_seeker_and_only_good_findings_reach_the_reasoner(tmp_path: Path):
    """Three parts, three seekers, none of whom sees another part; what helps little is not passed on."""
    ran = Lab("extagents", tmp_path).run(
        finds("Alpha", "alpha fact", 9), finds("Beta", "weak fact", 2), NOTHING, reasons("It is so.", enough=True),
        question="What?", document=DOCUMENT,
    )  # fmt: skip
    prompts = ran.prompts("seeker")
    assert len(prompts) == 3 and not any("Alpha" in prompt and "Beta" in prompt for prompt in prompts)
    assert "alpha fact" in ran.prompts("reason")[0] and "weak fact" not in ran.prompts("reason")[0]
    assert ran.outputs["answer"] == "It is so."


def test_the_reasoner_asks_for_more_and_findings_of_both_rounds_count(tmp_path: Path):
    """In the second round the seekers know what is wanted; the reasoner then has both findings, the better first."""
    ran = Lab("extagents", tmp_path).run(
        finds(r"Alpha[\s\S]*the second name", "alpha again", 3), finds(r"Beta[\s\S]*the second name", "beta fact", 10),
        finds(r"Gamma[\s\S]*the second name", "", 0), finds("Alpha", "alpha fact", 7), NOTHING,
        reasons("Look for the second name.", enough=False), reasons("Both.", enough=True, match="beta fact"),
        question="What?", document=DOCUMENT,
    )  # fmt: skip
    last = ran.prompts("reason")[1]
    assert last.index("beta fact") < last.index("alpha fact") and ran.outputs["answer"] == "Both."
    assert ran.visits["seek"] == 2


def test_after_three_rounds_it_answers_with_what_there_is(tmp_path: Path):
    """Where nobody finds anything, the reasoner is told so, and the end says what stayed open."""
    ran = Lab("extagents", tmp_path).run(
        NOTHING, said("reason", {"answer": {"thought": "", "enough": False, "text": "More."}}, repeat=True),
        said("close", "It stayed open."), question="What?", document=DOCUMENT,
    )  # fmt: skip
    assert ran.outputs["answer"] == "It stayed open." and ran.visits["seek"] == 3
    assert "none" in ran.prompts("reason")[0]
