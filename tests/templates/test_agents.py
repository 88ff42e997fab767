"""Agents: the procedure decides who speaks, and no phase is skipped."""

from pathlib import Path

from tests.templates.running import Lab, Reply, said

WISH = "A bicycle."


def label(name: str) -> Reply:
    """What the controller says of the phase."""
    return said("controller", {"label": name})


def answers(*texts: str) -> list[dict[str, str]]:
    return [{"said": text} for text in texts]


def test_each_phase_has_its_own_agent_in_the_order_of_the_procedure(tmp_path: Path):
    """The clerk asks until the phase is reached, then the adviser offers, then it is closed."""
    ran = Lab("agents", tmp_path).run(
        said("clerk", "How far?"), label("stay"), said("clerk", "What may it cost?"), label("reached"),
        said("adviser", "This one, 900 euros."), label("reached"), said("agree", "This one for 900 euros."),
        answers=answers("Eight km.", "900.", "Yes."), wish=WISH,
    )  # fmt: skip
    assert ran.outputs["order"] == "This one for 900 euros."
    assert [node for node in ran.order if node in ("clerk", "adviser", "agree")] == [
        "clerk", "clerk", "adviser", "agree",
    ]  # fmt: skip
    assert ran.outcomes("procedure") == ["ask", "ask", "offer", "close"]
    assert ran.outputs["talk"].splitlines()[-1] == "Customer: Yes."


def test_a_customer_who_wants_something_else_leads_back(tmp_path: Path):
    """From the offer it goes back to asking, and the second offer knows what was said in between."""
    ran = Lab("agents", tmp_path).run(
        said("clerk", "How far?"), label("reached"), said("adviser", "With a motor."), label("back"),
        said("clerk", "Without one?"), label("reached"), said("adviser", "Without."), label("reached"),
        said("agree", "Without."), answers=answers("Eight km.", "No motor!", "Yes.", "Good."), wish=WISH,
    )  # fmt: skip
    assert ran.outcomes("procedure") == ["ask", "offer", "ask", "offer", "close"]
    assert "No motor!" in ran.prompts("adviser")[1] and "No motor!" not in ran.prompts("adviser")[0]


def test_no_label_leads_past_a_phase(tmp_path: Path):
    """Back in the first phase has no transition: the clerk goes on, and after eight turns the talk is closed."""
    ran = Lab("agents", tmp_path).run(
        said("clerk", "And?", repeat=True), said("controller", {"label": "back"}, repeat=True),
        said("agree", "Nothing was agreed."), answers=answers(*["Hm."] * 9), wish=WISH,
    )  # fmt: skip
    assert ran.outputs["order"] == "Nothing was agreed." and ran.visits["adviser"] == 0 and ran.visits["clerk"] == 9
