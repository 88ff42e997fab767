"""Internet of Agents: who registered is found by skill, and the flow of the talk decides who is next."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

AGENTS = [
    {"name": name, "skills": skills, "persona": f"You are {name}."}
    for name, skills in (("Bus", "bus timetable"), ("Till", "price list"), ("Cook", "recipes for soup"))
]


def needs(*skills: str) -> Reply:
    """What the task needs."""
    return said("needs", {"answer": list(skills)})


def comes(next: str, **parts: str) -> Reply:
    """What the director of the chat says: what comes next, and who does what."""
    return said("control", {"answer": {"next": next, "members": list(parts), "parts": list(parts.values())}})


def run(lab: Lab, *replies: Reply, agents: list[dict[str, Any]] | None = None) -> Ran:
    """A run with three agents, or with these."""
    return lab.run(
        *replies, said("conclude", "So be it."), task="A day out.", agents=AGENTS if agents is None else agents
    )


def chat(ran: Ran) -> list[tuple[str, str]]:
    """Who said what."""
    return [(each["speaker"], each["text"]) for each in ran.outputs["chat"]]


def test_only_who_has_a_skill_that_is_needed_joins_the_chat(tmp_path: Path):
    """The cook is registered and not found; an agent found for two skills joins once."""
    ran = run(
        Lab("internet_of_agents", tmp_path), needs("bus timetable", "price list", "timetable of the bus"),
        comes("discuss", Bus="Begin."), said("discuss", "At 8:30."), comes("conclude"),
    )  # fmt: skip
    assert ran.outputs["team"] == ["Bus", "Till"]
    assert "- Till: price list" in ran.prompts("control")[0] and "Cook" not in ran.prompts("control")[0]


def test_who_registered_earlier_is_found_in_a_later_run(tmp_path: Path):
    """The second run registers nobody, and finds the cook of the first."""
    lab = Lab("internet_of_agents", tmp_path)
    run(lab, needs("bus timetable"), comes("discuss", Bus="Begin."), said("discuss", "At 8:30."), comes("conclude"))
    ran = run(
        lab, needs("recipes for soup"), comes("discuss", Cook="Begin."), said("discuss", "Leek."), comes("conclude"),
        agents=[],
    )  # fmt: skip
    assert ran.outputs["team"] == ["Cook"] and chat(ran) == [("Cook", "Leek.")]


def test_parts_assigned_together_are_done_by_each_and_all_are_in_the_chat(tmp_path: Path):
    """Each is told its own part; the next word is given with both results in sight, in the order they were named."""
    ran = run(
        Lab("internet_of_agents", tmp_path), needs("bus timetable", "price list"),
        comes("assign", Till="Work out the fare.", Bus="Name the hour."), said("work", "96 euros.", match="the fare"),
        said("work", "8:30.", match="the hour"), comes("conclude"),
    )  # fmt: skip
    assert chat(ran) == [("Till", "96 euros."), ("Bus", "8:30.")]
    first, second = ran.prompts("work")
    assert ("the fare" in first) != ("the fare" in second)
    assert "Till: 96 euros.\nBus: 8:30." in ran.prompts("control")[1] and ran.visits["discuss"] == 0
    assert ran.outcomes("flow") == ["assign", "conclude"]


def test_the_talk_does_not_conclude_before_something_was_said(tmp_path: Path):
    """Told to conclude at once, the machine stays in discussion and the first in turn speaks."""
    ran = run(
        Lab("internet_of_agents", tmp_path), needs("bus timetable", "price list"), comes("conclude"),
        said("discuss", "At 8:30."), comes("conclude"),
    )  # fmt: skip
    assert ran.outcomes("flow") == ["discuss", "conclude"] and chat(ran) == [("Bus", "At 8:30.")]


def test_who_is_not_in_the_room_is_not_given_the_floor(tmp_path: Path):
    """The cook is named and was not found: the next in turn speaks instead."""
    ran = run(
        Lab("internet_of_agents", tmp_path), needs("bus timetable", "price list"), comes("discuss", Bus="Begin."),
        said("discuss", "At 8:30."), comes("discuss", Cook="Your turn."), said("discuss", "96 euros."),
        comes("conclude"),
    )  # fmt: skip
    assert chat(ran) == [("Bus", "At 8:30."), ("Till", "96 euros.")]


def test_where_nobody_is_found_no_chat_is_opened(tmp_path: Path):
    """An empty registry ends in a sentence about what is missing."""
    lab = Lab("internet_of_agents", tmp_path)
    ran = lab.run(needs("flying"), said("alone", "Somebody who flies is missing."), task="Fly.", agents=[])
    assert ran.outputs["answer"] == "Somebody who flies is missing." and ran.outputs["team"] == []
    assert ran.visits["control"] == 0
