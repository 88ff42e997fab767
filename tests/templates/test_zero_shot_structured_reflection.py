"""Structured reflection: the first wrong step is ruled out for all later trials, which are bounded."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said


def trial(room: str, *, fails: bool = True) -> list[Reply]:
    """A plan that opens a room, and the reflection on it."""
    lesson: dict[str, Any] = {"what": "Wrong room.", "why": "Not free.", "next_time": "Try another.", "step": 1,
                              "action": f"open {room} room"}  # fmt: skip
    plan = said("plan", {"answer": [f"open {room} room", "type 14", "press book"]})
    return [plan, *([said("reflect", "It was step 1."), said("reflect", lesson)] if fails else [])]


def book(tmp_path: Path, *replies: Reply) -> Ran:
    """A run on the template's own page."""
    lab = Lab("zero_shot_structured_reflection", tmp_path)
    return lab.run(*replies, **lab.example)


def test_a_failed_step_is_ruled_out_in_every_later_plan(tmp_path: Path):
    """The third plan knows both rooms that failed at step 1, and succeeds."""
    ran = book(tmp_path, *trial("red"), *trial("blue"), *trial("green", fails=False))
    first, second, third = ran.prompts("plan")
    assert "From failed trials" not in first
    assert "Not again at step 1: open red room" in second and "Not again at step 1: open blue room" not in second
    assert "Not again at step 1: open red room" in third and "Not again at step 1: open blue room" in third
    assert ran.outputs["done"] is True and "booked, the green room for 14" in ran.outputs["screen"]


def test_the_reflection_sees_what_each_action_came_to(tmp_path: Path):
    """The trace of the page is its feedback."""
    ran = book(tmp_path, *trial("red"), *trial("green", fails=False))
    assert "open red room -> Page: red room." in ran.prompts("reflect")[0] and "Free at 9" in ran.prompts("reflect")[0]


def test_it_gives_up_after_three_failed_trials(tmp_path: Path):
    """The same wrong room three times ends it, with the lessons that were learned."""
    ran = book(tmp_path, *trial("red"), *trial("blue"), *trial("red"))
    assert ran.outputs["done"] is False and ran.visits["plan"] == 3 and ran.outputs["lessons"]
