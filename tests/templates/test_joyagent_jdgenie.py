"""JoyAgent: critics outvote a wrong result, and the layers of memory hold what was sent back and what worked."""

from pathlib import Path

from tests.templates.running import Lab, Reply, said

TASK = "What comes in when all seats are sold?"
LIKE = "What comes in when all places are sold?"


def planned(*steps: str) -> Reply:
    return said("plan", {"steps": list(steps)})


def worked(result: str, steps: int = 1) -> list[Reply]:
    """Each step, and the result."""
    return [*(said("work", f"part of {result}") for _ in range(steps)), said("work", result)]


def votes(*choices: str, why: str = "The cheap seats were forgotten.") -> list[Reply]:
    """What the three critics say, in their order."""
    return [said("critics", f"{why if each == 'REVISE' else 'Fine.'}\nAnswer: {each}") for each in choices]


def test_two_critics_outvote_the_third_and_their_objections_reach_the_next_plan(tmp_path: Path):
    """The first result has one vote of three and is planned anew, knowing why; the second is accepted."""
    lab = Lab("joyagent_jdgenie", tmp_path)
    ran = lab.run(
        planned("Price all"), *worked("5184"), *votes("REVISE", "ACCEPT", "REVISE"),
        planned("Price both", "Add"), *worked("4374", 2), *votes("ACCEPT", "ACCEPT", "REVISE"), task=TASK,
    )  # fmt: skip
    assert ran.outputs["answer"] == "4374" and round(ran.outputs["vote"], 2) == 0.67
    first, second = ran.prompts("plan")
    assert "cheap seats" not in first and "Exact: The cheap seats were forgotten." in second
    assert "Literal:" not in second  # whoever accepted objects to nothing


def test_what_passed_is_kept_as_fact_and_as_procedure_for_the_next_task(tmp_path: Path):
    """A later like task is planned with the plan that worked in view; the objection stays in the working layer."""
    lab = Lab("joyagent_jdgenie", tmp_path)
    lab.run(
        planned("Price all"), *worked("5184"), *votes("REVISE", "REVISE", "REVISE"), planned("Price both kinds"),
        *worked("4374"), *votes("ACCEPT", "ACCEPT", "ACCEPT"), task=TASK,
    )  # fmt: skip
    layers = sorted(hit.layer for hit in lab.spaces["joyagent-layers"].hits.values())
    assert layers == ["procedural", "semantic", "working"]
    later = lab.run(planned("Same"), *worked("3240"), *votes("ACCEPT", "ACCEPT", "ACCEPT"), task=LIKE)
    assert "Price both kinds" in later.prompts("plan")[0] and "Price both kinds" in later.outputs["recalled"]


def test_a_result_that_never_passes_is_given_out_in_doubt(tmp_path: Path):
    """After three plans it ends with the last result, and nothing is kept as a fact."""
    lab = Lab("joyagent_jdgenie", tmp_path)
    rounds = [
        each for n in range(3) for each in (planned("Guess"), *worked(str(n)), *votes("REVISE", "REVISE", "ACCEPT"))
    ]
    ran = lab.run(*rounds, task=TASK)
    assert ran.outputs["answer"] == "2" and ran.visits["finish_doubtful"] == 1
    assert {hit.layer for hit in lab.spaces["joyagent-layers"].hits.values()} == {"working"}
