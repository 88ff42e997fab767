"""Agent forest: many answer apart from each other, and the majority wins."""

from pathlib import Path

from tests.templates.running import Lab, said

QUESTION = "Six trays of 14 rolls, 9 burn, 2 dollars a roll?"


def test_the_majority_outvotes_the_first_agent(tmp_path: Path):
    """Two of seven agents are wrong, the first among them; the answer is that of the other five."""
    numbers = [168, 150, 159, 150, 150, 150, 150]
    replies = [said("forest", f"Step by step.\nAnswer: {n}") for n in numbers]
    ran = Lab("agent_forest", tmp_path).run(*replies, question=QUESTION)
    assert ran.outputs["answer"] == "150"
    assert round(ran.outputs["agreement"], 4) == round(5 / 7, 4)
    assert sorted(each["choice"] for each in ran.views("forest")[-1]["ballots"]) == sorted(map(str, numbers))


def test_no_agent_sees_another(tmp_path: Path):
    """All seven are asked exactly the same, and the runner-up's answer stands in none of the prompts."""
    replies = [said("forest", f"Answer: {n}") for n in (7001, 7001, 7001, 7001, 9002, 9002, 9002)]
    ran = Lab("agent_forest", tmp_path).run(*replies, question=QUESTION)
    prompts = ran.prompts("forest")
    assert ran.outputs["answer"] == "7001"
    assert len(prompts) == 7 and len(set(prompts)) == 1 and QUESTION in prompts[0]
    assert "7001" not in prompts[0] and "9002" not in prompts[0]
