"""MaAS: effort follows the question, a held answer ends it, and what a way earned counts next time."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Reply, said

EASY, HARD = "Capital of Portugal?", "Both red?"


def weighs(straight: int, tools: int, ensemble: int = 1, debate: int = 1) -> Reply:
    """How well each way suits."""
    weights: dict[str, Any] = {"straight": straight, "tools": tools, "ensemble": ensemble, "debate": debate}
    return said("sample", {"reason": "So.", **weights})


def holds(*rights: bool) -> list[Reply]:
    """Round by round whether the answer holds."""
    return [said("check", "Looked.\nYES" if right else "Looked.\nNO") for right in rights]


def test_an_easy_question_costs_one_call_and_ends_early(tmp_path: Path):
    """The straight answer holds: no other way is taken."""
    ran = Lab("maas", tmp_path).run(weighs(9, 5), said("straight", "Lisbon"), *holds(True), question=EASY)
    assert ran.outputs == {"answer": "Lisbon", "way": "straight"}
    assert ran.visits["tools"] + ran.visits["ensemble"] + ran.visits["debate"] == 0


def test_a_way_that_fails_loses_against_another(tmp_path: Path):
    """The straight answer does not hold; the next best way is sampled, and its answer is given out."""
    ran = Lab("maas", tmp_path).run(
        weighs(7, 6), said("straight", "4/25"), said("tools", "Answer: 2/15"), *holds(False, True), question=HARD
    )
    assert ran.outputs == {"answer": "Answer: 2/15", "way": "tools"} and ran.outcomes("check") == ["failed", "passed"]


def test_rewards_of_earlier_runs_count(tmp_path: Path):
    """After a failure in an earlier run the same weights lead to the other way first."""
    lab = Lab("maas", tmp_path)
    lab.run(weighs(7, 6), said("straight", "4/25"), said("tools", "2/15"), *holds(False, True), question=HARD)
    ran = lab.run(weighs(7, 6), said("tools", "2/15"), *holds(True), question=HARD)
    assert ran.outputs["way"] == "tools" and ran.visits["straight"] == 0


def test_no_way_is_sampled_once_the_budget_is_spent(tmp_path: Path):
    """A dear first try that does not hold is given out as it is."""
    dear = said("straight", "4/25", input_tokens=12_000, output_tokens=100)
    ran = Lab("maas", tmp_path).run(weighs(7, 6), dear, *holds(False), question=HARD)
    assert ran.outputs["answer"] == "4/25" and ran.outcomes("gate") == ["within", "over"]
