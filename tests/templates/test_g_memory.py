"""G-Memory: what one task taught stands before the next like one, and an insight seen twice gains a supporter."""

from pathlib import Path

from tests.templates.running import Lab, Reply, said

RICE = "A recipe for 4 people takes 300 g of rice. How much rice do 6 people need?"
FLOUR = "A recipe for 4 people takes 200 g of flour. How much flour do 10 people need?"
INSIGHT = "Work out the amount for one person first."


def episode(answer: str, insight: str = INSIGHT) -> list[Reply]:
    """The answers of one run: the team talks, and its talk is condensed and learned from."""
    return [
        said("team", f"I find {answer}."), said("team", "Right.\nDONE"), said("team", answer),
        said("absorb", f"The Solver divided by 4 first and found {answer}."), said("absorb", {"insights": [insight]}),
    ]  # fmt: skip


def test_the_next_like_task_begins_with_insight_and_interaction(tmp_path: Path):
    """The first team knows nothing; the second is told the insight and how the first went."""
    lab = Lab("g_memory", tmp_path)
    first = lab.run(*episode("450 g"), task=RICE)
    assert first.outputs["answer"] == "450 g" and first.outputs["recalled"] == ""
    assert "From earlier work" not in first.prompts("team")[0]
    second = lab.run(*episode("500 g"), task=FLOUR)
    prompt = second.prompts("team")[0]
    assert INSIGHT in prompt and "The Solver divided by 4 first and found 450 g." in prompt


def test_the_same_insight_gains_a_supporter_instead_of_a_copy(tmp_path: Path):
    """Two episodes teach the same: one insight, two queries below it, and the queries know each other."""
    lab = Lab("g_memory", tmp_path)
    for task in (RICE, FLOUR):
        lab.run(*episode("x"), task=task)
    data = [hit.data for hit in lab.spaces["team-graph"].hits.values()]
    insights = [each for each in data if "queries" in each]
    assert len(insights) == 1 and len(insights[0]["queries"]) == 2
    assert all(each["similar"] for each in data if "task" in each)


def test_the_team_ends_when_the_checker_is_content(tmp_path: Path):
    """DONE on a line of its own ends the talk after two turns; without it four turns are the most."""
    ran = Lab("g_memory", tmp_path).run(
        *(said("team", f"Turn {turn}.") for turn in range(4)), said("team", "450 g"),
        *episode("450 g")[3:], task=RICE,
    )  # fmt: skip
    assert ran.outputs["answer"] == "450 g" and len(ran.prompts("team")) == 5
