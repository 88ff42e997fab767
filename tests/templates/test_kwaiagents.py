"""KwaiAgents: steps are planned from what was found, searched in documents, dated by a clock; talk is remembered."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, calls, said

PAGES = [
    {"path": "pages/ferry.md", "text": "Published 2026-01-05. The ferry sails until 2026-04-01."},
    {"path": "pages/bakery.md", "text": "Published 2026-01-05. The bakery sells rye bread."},
]


def step(text: str) -> Reply:
    """What is planned next."""
    return said("plan", {"thought": "It is missing.", "reached": False, "text": text})


def reached() -> Reply:
    """The planner is content."""
    return said("plan", {"thought": "All is known.", "reached": True, "text": "Known."})


def seek(*replies: Reply, lab: Lab, **inputs: Any) -> Ran:
    """A run on two pages."""
    given: dict[str, Any] = {"question": "When does the ferry stop?", "documents": PAGES, **inputs}
    return lab.run(*replies, **given)


def test_each_step_is_planned_from_the_results_and_searched_for_itself(tmp_path: Path):
    """The second step knows what the first one found, and each is given the page that bears on it."""
    ran = seek(
        step("until when the ferry sails"), said("work", "Until 2026-04-01."), step("what the bakery sells"),
        said("work", "Rye bread."), reached(), said("conclude", "It stops on 1 April."),
        lab=Lab("kwaiagents", tmp_path),
    )  # fmt: skip
    assert "until when the ferry sails: Until 2026-04-01." in ran.prompts("plan")[1]
    first, second = (prompt.partition("[2]")[0] for prompt in ran.prompts("work"))
    assert "ferry sails until 2026-04-01" in first and "rye bread" in second and "ferry sails until" not in second
    assert "- what the bakery sells: Rye bread." in ran.prompts("conclude")[0]
    assert [each["status"] for each in ran.outputs["plan"]["steps"]] == ["done", "done"]


def test_days_are_counted_by_the_clock_from_the_date_that_is_given(tmp_path: Path):
    """The given date stands before every prompt, and the tool counts, not the model."""
    ran = seek(
        step("count the days to 2026-04-01"), calls("work", "clock", action="difference", start="2026-03-02",
        end="2026-04-01"), said("work", "30 days."), reached(), said("conclude", "In 30 days."),
        lab=Lab("kwaiagents", tmp_path), today="2026-03-02",
    )  # fmt: skip
    assert all("Today is 2026-03-02." in each for node in ("plan", "work", "conclude") for each in ran.prompts(node))
    assert "30 days" in str(ran.tool_results("clock")[0]) and ran.visits["now"] == 0


def test_without_a_date_the_clock_is_looked_at(tmp_path: Path):
    """The clock's own date takes the place of the missing one."""
    ran = seek(reached(), said("conclude", "I know."), lab=Lab("kwaiagents", tmp_path), today="now")
    told = str(ran.results("now")[0]["result"])
    assert ran.outputs["date"] == told and f"Today is {told}." in ran.prompts("plan")[0]


def test_earlier_talk_is_recalled_in_the_next_run(tmp_path: Path):
    """The second question is planned with the first answer in sight; the first was not."""
    lab = Lab("kwaiagents", tmp_path)
    first = seek(reached(), said("conclude", "On 1 April."), lab=lab)
    second = seek(reached(), said("conclude", "30 days."), lab=lab, question="How long until the ferry stop then?")
    assert "From earlier talk" not in first.prompts("plan")[0]
    assert "I was asked: When does the ferry stop? I answered: On 1 April." in second.prompts("plan")[0]


def test_a_step_that_finds_nothing_is_told_to_the_planner_as_failed(tmp_path: Path):
    """It plans another one, and concludes from what it has when its steps are used up."""
    ran = seek(
        *(step(f"try {n}") for n in range(5)), said("work", "CANNOT: it is not there.", repeat=True),
        said("conclude", "The documents do not tell."), lab=Lab("kwaiagents", tmp_path),
    )  # fmt: skip
    assert "try 0: could not be done" in ran.prompts("plan")[1]
    assert ran.outcomes("plan")[-1] == "exhausted" and ran.outputs["answer"] == "The documents do not tell."
