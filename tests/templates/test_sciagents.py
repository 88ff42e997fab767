"""SciAgents: facts of several findings meet in the graph, and the critic sends the proposal back."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said

FINDINGS = ["Silk has crystals.", "Crystals make things hard.", "Latex dries in air."]


def fact(match: str, subject: str, relation: str, object: str) -> Reply:
    triple = {"subject": subject, "relation": relation, "object": object}
    return said("facts", {"triples": [triple]}, match=match)


GRAPH = [
    fact("Silk has", "silk", "has", "crystals"), fact("make things", "crystals", "make", "hardness"),
    fact("Latex", "latex", "dries in", "air"),
]  # fmt: skip


def judged(verdict: str, why: str) -> list[Reply]:
    return [said("critic", why), said("critic", {"verdict": verdict, "score": 5})]


def run(lab: Lab, *replies: Reply, concept: str = "silk") -> Ran:
    return lab.run(*GRAPH, *replies, concept=concept, findings=FINDINGS)


def test_the_hypothesis_reads_facts_that_only_the_graph_connects(tmp_path: Path):
    """From silk the walk goes over crystals to hardness, a fact of another finding; latex is not near."""
    ran = run(
        Lab("sciagents", tmp_path), said("hypothesis", "Silk is hard."), said("expand", "Proposal."),
        *judged("accept", "Fine."),
    )  # fmt: skip
    assert ran.outputs["proposal"] == "Proposal."
    prompt = ran.prompts("hypothesis")[0]
    assert "silk has crystals" in prompt and "crystals make hardness" in prompt and "latex" not in prompt


def test_the_critic_has_the_proposal_mended(tmp_path: Path):
    """The second proposal is written with the objection in view, the hypothesis is not written again."""
    ran = run(
        Lab("sciagents", tmp_path), said("hypothesis", "Silk is hard."), said("expand", "Just look."),
        *judged("revise", "Nothing is measured."), said("expand", "Measure it.", match="Nothing is measured"),
        *judged("accept", "Now it is."),
    )  # fmt: skip
    assert (ran.outputs["proposal"], ran.outputs["critique"]) == ("Measure it.", "Now it is.")
    assert (ran.visits["hypothesis"], ran.visits["expand"]) == (1, 2)


def test_of_an_unknown_concept_nothing_is_made_up(tmp_path: Path):
    """Where the graph has nothing near, no hypothesis is written."""
    ran = run(Lab("sciagents", tmp_path), concept="zzz")
    assert ran.visits["hypothesis"] == 0 and "say nothing" in ran.outputs["proposal"]
