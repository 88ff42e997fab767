"""Translation agents: the router chooses one agent, and the next turn knows the last."""

from pathlib import Path

from tests.templates.running import Lab, said


def test_only_the_agent_of_the_language_is_asked(tmp_path: Path):
    """The router says French: the French agent works, the other two do not run."""
    ran = Lab("langgraph_translation_agents", tmp_path).run(
        said("router", {"label": "french"}), said("french", "Bonjour."), request="Good morning, in French"
    )
    assert ran.outputs == {"translation": "Bonjour.", "language": "french"}
    assert (ran.visits["french"], ran.visits["english"], ran.visits["japanese"]) == (1, 0, 0)


def test_the_next_turn_knows_the_last(tmp_path: Path):
    """The first run's translation stands in the prompt of another agent in the second run."""
    lab = Lab("langgraph_translation_agents", tmp_path)
    first = lab.run(said("router", {"label": "french"}), said("french", "Bonjour."), request="Good morning, in French")
    second = lab.run(
        said("router", {"label": "japanese"}), said("japanese", "おはよう"), request="And good morning in Japanese"
    )
    assert "Earlier in this conversation" not in first.prompts("french")[0]
    assert "Translation: Bonjour." in second.prompts("japanese")[0]


def test_another_language_reaches_no_agent(tmp_path: Path):
    """It is said plainly, and nothing is kept of it."""
    lab = Lab("langgraph_translation_agents", tmp_path)
    ran = lab.run(said("router", {"label": "other"}), said("other", "English, French or Japanese?"), request="In Thai")
    assert ran.outputs["language"] == "other" and ran.visits["keep"] == 0
    assert not lab.spaces["translation-dialogue"].hits
