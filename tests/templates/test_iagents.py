"""iAgents: each sees only its own person's notes, unknown facts steer the talk, and what was found is remembered."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

NOTES: dict[str, Any] = {"ann": "Notes of Ann.", "bob": "Notes of Bob.", "cleo": "Notes of Cleo."}


def talk(node: str, *answers: Any, own: str = "UNKNOWN") -> list[Reply]:
    """One fact is needed; the first side does not know it, the other answers."""
    return [said(node, {"questions": []}), said(node, {"questions": ["When?"]}), said(node, own),
            *(said(node, answer) for answer in answers), said(node, "So it is.")]  # fmt: skip


def seek(lab: Lab, *replies: Reply) -> Ran:
    """A run on a question about a day."""
    return lab.run(*replies, said("answer", "On Friday."), task="Which day?", **NOTES)


def test_each_agent_sees_only_its_own_persons_notes(tmp_path: Path):
    """No prompt of the talks holds the notes of two people; what Bob said is told to Cleo's side, his notes are not."""
    ran = seek(Lab("iagents", tmp_path), *talk("ask_bob", "Friday."), *talk("ask_cleo", "Friday too."))
    for text in (*ran.prompts("ask_bob"), *ran.prompts("ask_cleo")):
        assert sum(notes in text for notes in NOTES.values()) <= 1
    assert any("Friday." in text and "Notes of Ann." in text for text in ran.prompts("ask_cleo"))
    assert not any("Notes of Bob." in text for text in ran.prompts("ask_cleo"))


def test_only_what_is_unknown_is_asked(tmp_path: Path):
    """What Ann's own notes fill is not asked of Bob; what nobody knows is told as missing."""
    ran = seek(
        Lab("iagents", tmp_path), *talk("ask_bob", own="Ann says Friday."), *talk("ask_cleo", "UNKNOWN"),
    )  # fmt: skip
    assert ran.outcomes("ask_bob") == ["complete"] and ran.results("ask_bob")[0]["dialogue"] == []
    assert ran.outcomes("ask_cleo") == ["incomplete"]
    assert ran.outputs["facts_cleo"]["steps"][0]["status"] == "failed"


def test_what_was_found_is_known_the_next_time(tmp_path: Path):
    """The second run begins with the answer of the first beside Ann's notes."""
    lab = Lab("iagents", tmp_path)
    replies = [*talk("ask_bob", "Friday."), *talk("ask_cleo", "Friday.")]
    seek(lab, *replies)
    ran = seek(lab, *replies)
    assert any("From earlier talks:" in text and "On Friday." in text for text in ran.prompts("ask_bob"))
