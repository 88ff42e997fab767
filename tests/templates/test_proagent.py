"""ProAgent: the partner is predicted, the plan complements it, and a failed prediction revises the belief."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said


def step(predicted: str, mine: str, belief: str = "") -> list[Reply]:
    """A prediction, a plan, and where it failed the new belief."""
    thought = [said("predict", {"answer": {"why": "", "action": predicted}}),
               said("plan", {"answer": {"why": "", "action": mine}})]  # fmt: skip
    return [*thought, *([said("revise", belief)] if belief else [])]


def cook(tmp_path: Path, *steps: list[Reply], habit: str = "onions") -> Ran:
    """Some steps in the template's own kitchen."""
    lab = Lab("proagent", tmp_path)
    replies = [reply for each in steps for reply in each]
    return lab.run(*replies, **lab.changed({"habit": habit, "steps": len(steps)}))


def test_a_failed_prediction_revises_the_belief_for_the_next(tmp_path: Path):
    """The partner fetched an onion: the belief says so in the next prediction; a right one changes nothing."""
    ran = cook(tmp_path, step("fetch plate", "fetch onion", "It likes onions."), step("put onion in pot", "wait"))
    assert "Nothing is known" in ran.prompts("predict")[0] and "It likes onions." in ran.prompts("predict")[1]
    assert ran.visits["revise"] == 1 and ran.outputs["belief"] == "It likes onions."
    assert "It did: fetch onion." in ran.prompts("revise")[0]


def test_the_plan_is_made_for_the_predicted_move(tmp_path: Path):
    """What is expected of the partner stands before the cook's own choice."""
    ran = cook(tmp_path, step("fetch onion", "fetch plate"))
    assert "You expect your partner to do this next: fetch onion" in ran.prompts("plan")[0]
    assert ran.outputs["history"] == ["You: fetch plate. Partner: fetch onion."]


def test_complementing_each_other_serves_soup(tmp_path: Path):
    """The partner brings three onions while the cook holds the plate ready: one soup after seven steps."""
    bring = [step("fetch onion", "wait"), step("put onion in pot", "wait")]
    ran = cook(
        tmp_path, step("fetch onion", "fetch plate"), step("put onion in pot", "wait"), *bring, *bring,
        step("fetch onion", "fill plate"), step("put onion in pot", "serve soup"),
    )  # fmt: skip
    assert ran.outputs["served"] == 1 and ran.visits["revise"] == 0


def test_what_the_kitchen_does_not_allow_is_waiting(tmp_path: Path):
    """Nobody fills a plate from an empty pot."""
    ran = cook(tmp_path, step("fetch plate", "fill plate"), habit="plates")
    assert ran.outputs["history"] == ["You: waits. Partner: fetch plate."]
