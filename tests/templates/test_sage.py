"""Reflecting writer with a fading memory: lessons mend the next attempt, last by use, and fade without it."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests import fakes
from tests.fakes import ListMemory
from tests.templates.running import Lab, said

TASK = "Write a notice that the library is closed on Friday."
DAY = 86_400.0
LESSON = {"what": "The day was wrong.", "why": "It was not read.", "next_time": "Copy the day from the task."}


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the memory of the tests writes is as old as the run."""
    monkeypatch.setattr(fakes, "NOW", time.time())


def checked(verdict: str) -> list[dict[str, Any]]:
    return [said("checker", f"I say {verdict}."), said("checker", {"verdict": verdict, "score": 5})]


def reflected() -> list[dict[str, Any]]:
    return [said("reflector", "The day was wrong."), said("reflector", LESSON)]


def test_a_rejected_draft_leaves_a_lesson_that_the_next_attempt_and_the_next_run_read(tmp_path: Path) -> None:
    """The second attempt is told the lesson and accepted; a later like task is told it before its first attempt."""
    lab = Lab("sage", tmp_path)
    ran = lab.run(
        said("actor", "Closed on Monday."), *checked("revise"), *reflected(), said("actor", "Closed on Friday."),
        *checked("accept"), task=TASK,
    )  # fmt: skip
    assert ran.outputs["answer"] == "Closed on Friday." and ran.visits["actor"] == 2
    first, second = ran.prompts("actor")
    assert "Copy the day" not in first and "Copy the day from the task" in second
    later = lab.run(said("actor", "Closed on Sunday."), *checked("accept"), task=TASK)
    assert "Remember from earlier work" in later.prompts("actor")[0]
    assert "Copy the day from the task" in later.prompts("actor")[0] and later.visits["reflector"] == 0


async def _filled(space: ListMemory, days: float, **texts: int) -> None:
    for text, uses in texts.items():
        id = await space.add(text.replace("_", " "), kind="lesson")
        space.hits[id] = replace(space.hits[id], created_at=fakes.NOW - days * DAY, uses=uses)


async def _old_lessons(lab: Lab) -> ListMemory:
    space = lab.spaces["sage-lessons"] = ListMemory(space="sage-lessons")
    await _filled(space, 10, fading_advice=0)
    await _filled(space, 30, never_used=0, used_often=9)
    await _filled(space, 1, notice_one=0, notice_two=0, notice_three=0)
    return space


def test_what_is_not_used_is_forgotten_and_what_is_used_stays(tmp_path: Path) -> None:
    """Of two lessons of the same age the unused one is removed; one half faded moves to the archive."""
    lab = Lab("sage", tmp_path)
    space = asyncio.run(_old_lessons(lab))
    ran = lab.run(said("actor", "Shut."), *checked("accept"), task="notice")
    assert [each["text"] for each in ran.outputs["forgotten"]] == ["never used"]
    left = {hit.text: hit.layer for hit in space.hits.values() if "notice" not in hit.text}
    assert left == {"fading advice": "archive", "used often": ""}


def test_it_stops_trying_after_the_second_failure(tmp_path: Path) -> None:
    """Two lessons are drawn at most; then the last draft is given out as it is."""
    ran = Lab("sage", tmp_path).run(
        said("actor", "One."), *checked("revise"), *reflected(), said("actor", "Two."), *checked("revise"),
        *reflected(), said("actor", "Three."), *checked("revise"), task=TASK,
    )  # fmt: skip
    assert ran.outputs["answer"] == "Three."
    assert ran.visits["reflector"] == 2 and ran.prompts("actor")[2].count("Copy the day") == 1
