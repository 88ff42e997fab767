"""Jubensha: scripts stay secret, clues come between the acts, the majority accuses, and knowledge is measured."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

PLAYERS = [
    {"name": name, "skills": "a guest", "persona": f"You are {name}. Secret of {name}."} for name in ("Ann", "Bo", "Cy")
]  # fmt: skip
CASE: dict[str, Any] = {
    "case": "The cake is gone.", "players": PLAYERS, "clues": "Crumbs on Bo.", "culprit": "Bo",
    "quiz": [{"question": "Who slept?", "answer": "Cy"}],
}  # fmt: skip


def votes(node: str, *names: str) -> list[Reply]:
    """What the players answer, in their order."""
    return [said(node, f"So.\nAnswer: {name}", match="", item=0 if node == "test" else None) for name in names]


def play(tmp_path: Path, *replies: Reply) -> Ran:
    """A game in which everybody says that they slept."""
    talk = [said(node, f"I slept in {node}.", repeat=True) for node in ("act_one", "act_two")]
    return Lab("jubensha_detectives", tmp_path).run(*replies, *talk, **CASE)


def test_only_the_player_itself_has_its_script(tmp_path: Path):
    """In every turn and every vote the speaker's own secret stands in the prompt, and no other."""
    ran = play(tmp_path, *votes("accuse", "Bo", "Ann", "Bo"), *votes("test", "Cy", "Cy", "Cy"))
    turns = [text for text in ran.prompts("act_one") if "Say your part as" in text]
    asked = [*turns, *ran.prompts("accuse"), *ran.prompts("test")]
    assert len(asked) == 6 + 3 + 3
    assert all(text.count("Secret of") == 1 for text in asked)
    assert "Secret of Ann" in turns[0] and "Secret of Bo" in turns[1]


def test_clues_come_with_the_second_act(tmp_path: Path):
    """The first act knows nothing of them; the second has them and all that was said."""
    ran = play(tmp_path, *votes("accuse", "Bo", "Ann", "Bo"), *votes("test", "Cy", "Cy", "Cy"))
    assert all("Crumbs" not in text for text in ran.prompts("act_one"))
    assert "Crumbs on Bo." in ran.prompts("act_two")[0] and "I slept in act_one." in ran.prompts("act_two")[0]


def test_the_majority_accuses_and_the_quiz_counts(tmp_path: Path):
    """Two of three accuse Bo though Bo points elsewhere; two of three know who slept."""
    ran = play(tmp_path, *votes("accuse", "Bo", "Ann", "Bo"), *votes("test", "Cy", "Ann", "Cy"))
    assert ran.outputs["accused"] == "Bo" and ran.outputs["solved"] is True
    assert round(ran.outputs["knowledge"][0], 2) == 0.67
    wrong = play(tmp_path / "wrong", *votes("accuse", "Ann", "Ann", "Bo"), *votes("test", "Cy", "Cy", "Cy"))
    assert wrong.outputs["accused"] == "Ann" and wrong.outputs["solved"] is False
