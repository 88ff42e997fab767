"""Constraints, a choice of algorithm, verification: what fails loses its place, and its faults are told."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said

RULE = "The dinner costs at most 30 euros"


def begun(direct: int, best_of_n: int, tree: int) -> list[Reply]:
    """The constraint, and how well each algorithm suits."""
    suits = {"reason": "So.", "direct": direct, "best_of_n": best_of_n, "tree": tree}
    return [said("constraints", {"constraints": [RULE]}), said("select", suits)]


def checked(plan: str, kept: bool) -> Reply:
    return said("verify", {"reason": f"{plan} was looked at.", "kept": kept}, match=plan, repeat=True)


def best_of(*plans: str) -> list[Reply]:
    """Proposals, each judged a little better than the one before."""
    judged = [said("best_of_n", {"reason": "So.", "score": 5 + n}, match=f"{p}\\s+Judge") for n, p in enumerate(plans)]
    return [said("best_of_n", {"steps": list(plans)}, match="Propose"), *judged]


def run(tmp_path: Path, *replies: Reply) -> Ran:
    return Lab("plangen", tmp_path).run(*replies, problem="Plan an evening with dinner.")


def test_the_algorithm_whose_plan_fails_loses_to_another(tmp_path: Path) -> None:
    """One plan suited best and broke the constraint; best of three is chosen next, and its best plan passes."""
    ran = run(
        tmp_path, *begun(7, 6, 2), said("direct", "Lobster at 80"), checked("Lobster at 80", False),
        *best_of("Oysters", "Soup", "Pizza at 12"), checked("Pizza at 12", True),
    )  # fmt: skip
    assert ran.outputs == {"plan": "Pizza at 12", "score": 1, "algorithm": "best_of_n"}
    assert ran.outcomes("verify") == ["failed", "passed"] and ran.visits["tree"] == 0


def test_the_next_plan_is_told_which_constraint_was_broken(tmp_path: Path) -> None:
    """Where one plan still suits best by far it is tried again, with the broken constraint in its prompt."""
    ran = run(
        tmp_path, *begun(10, 1, 1), said("direct", "Lobster at 80"), checked("Lobster at 80", False),
        said("direct", "Pizza at 12", match=f"An earlier plan broke these:(?s:.*){RULE}"), checked("Pizza at 12", True),
    )  # fmt: skip
    assert ran.outputs["plan"] == "Pizza at 12" and ran.visits["direct"] == 2
    assert RULE in ran.prompts("direct")[0] and "An earlier plan" not in ran.prompts("direct")[0]


def test_it_ends_after_three_failed_plans(tmp_path: Path) -> None:
    """The last plan is given out with its score."""
    ran = run(
        tmp_path, *begun(10, 1, 1), said("direct", "Lobster at 80", repeat=True), checked("Lobster at 80", False),
    )  # fmt: skip
    assert ran.outcomes("verify") == ["failed", "failed", "exhausted"]
    assert ran.outputs["score"] == 0 and ran.outputs["plan"] == "Lobster at 80"
