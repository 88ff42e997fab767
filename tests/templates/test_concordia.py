"""Concordia: the game master alone changes the world, and each remembers what they could see."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Reply, said

PLACE = {"stove": "cold", "door": "locked"}


def turn(who: str, tries: str, event: str, *, possible: bool = True, **changes: str) -> list[Reply]:
    """A person's attempt and the ruling on it."""
    changed = [{"variable": name, "value": value} for name, value in changes.items()]
    ruling: dict[str, Any] = {"thought": "", "possible": possible, "event": event, "changes": changed}
    return [said(who, tries), said(f"rule_{who}", ruling)]


def play(lab: Lab) -> Any:
    """Two rounds: Ana lights the stove, Ben cannot open the door, then both go on from there."""
    return lab.run(
        *turn("ana", "I light the stove.", "Ana lights the stove.", stove="hot"),
        *turn("ben", "I walk through the door.", "Ben bumps against the locked door.", possible=False),
        *turn("ana", "I cook.", "Ana cooks soup."), *turn("ben", "I eat.", "Ben eats soup."), place=PLACE,
    )  # fmt: skip


def test_an_attempt_changes_the_place_only_as_the_game_master_rules(tmp_path: Path):
    """The stove is hot for the next one; the refused attempt changes nothing and is seen all the same."""
    ran = play(Lab("concordia", tmp_path))
    assert ran.outputs["world"] == {"stove": "hot", "door": "locked"}
    assert ran.outputs["events"] == [
        "Ana: Ana lights the stove.", "Ben: Ben bumps against the locked door.", "Ana: Ana cooks soup.",
        "Ben: Ben eats soup.",
    ]  # fmt: skip
    assert ran.outcomes("rule_ben") == ["refused", "happened"]
    assert "hot" in ran.prompts("rule_ben")[0] and "cold" in ran.prompts("rule_ana")[0]


def test_each_remembers_it_from_their_own_side(tmp_path: Path):
    """What Ana did is in both memories, as her own deed in hers and as a sight in Ben's."""
    lab = Lab("concordia", tmp_path)
    ran = play(lab)
    ana, ben = ([hit.text for hit in lab.spaces[f"concordia-{who}"].hits.values()] for who in ("ana", "ben"))
    assert "I did this: Ana lights the stove." in ana and "I saw this of Ana: Ana lights the stove." in ben
    assert "I did this: Ana lights the stove." in ran.prompts("ana")[1]
    assert "I did this: Ana" not in ran.prompts("ben")[1]


def test_memories_outlive_the_run(tmp_path: Path):
    """The next evening begins with what was seen the last time."""
    lab = Lab("concordia", tmp_path)
    play(lab)
    assert "I saw this of Ben: Ben eats soup." in play(lab).prompts("ana")[0]
