"""LLM Economist: workers react to the tax, the planner learns from history, and a vote may keep the old tax."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

WORKERS = [{"name": "Ann", "persona": "You are Ann.", "wage": 10}, {"name": "Bo", "persona": "You are Bo.", "wage": 40}]


def period(tax: float, *hours: float) -> list[Reply]:
    """What the workers choose, and the tax the planner sets then."""
    chosen = [said("hours", {"answer": {"why": "", "hours": each}}, item=at) for at, each in enumerate(hours)]
    return [*chosen, said("planner", {"answer": {"why": "", "tax": tax}})]


def economy(tmp_path: Path, *replies: Reply, **inputs: Any) -> Ran:
    """An economy of two."""
    usual: dict[str, Any] = {"workers": WORKERS, "periods": 1, "vote": False, "tax": 50}
    return Lab("llm_economist", tmp_path).run(*replies, **usual | inputs)


def test_taxes_are_shared_out_and_welfare_is_summed(tmp_path: Path):
    """At 50 percent 100 and 400 become 50 and 200, and 125 for each."""
    ran = economy(tmp_path, *period(20, 10, 10))
    (first,) = ran.outputs["history"]
    assert first["revenue"] == 250
    assert first["utility"] == {"Ann": round(175**0.5 * 10 - 5, 1), "Bo": round(325**0.5 * 10 - 5, 1)}
    assert first["welfare"] == round(sum(first["utility"].values()), 1) and ran.outputs["tax"] == 20


def test_the_planner_learns_from_history_and_workers_react_to_its_tax(tmp_path: Path):
    """The second choice is made under the new tax; the second tax is set with both periods in view, within bounds."""
    ran = economy(tmp_path, *period(20, 10, 10), *period(400, 20, 20), periods=2)
    assert "50 percent are taken" in ran.prompts("hours")[0] and "20 percent are taken" in ran.prompts("hours")[2]
    second = ran.prompts("planner")[1]
    assert "tax 50 percent" in second and "tax 20 percent" in second
    assert "tax 20 percent" not in ran.prompts("planner")[0] and ran.outputs["tax"] == 90


def test_a_tax_without_a_majority_does_not_hold(tmp_path: Path):
    """Of two voters one agrees: the old tax stays; with both it changes."""
    for choices, tax in ((("yes", "no"), 50), (("yes", "yes"), 20)):
        votes = [said("ballot", {"why": "", "choice": choice}) for choice in choices]
        ran = economy(tmp_path / str(tax), *period(20, 10, 10), *votes, vote=True)
        assert ran.outputs["tax"] == tax
        assert "proposes 20 percent" in ran.prompts("ballot")[0]
