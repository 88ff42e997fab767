"""AIME: each step has an actor of its own, with its own persona and tools, and the board carries the progress."""

from pathlib import Path

from tests.templates.running import Lab, Reply, calls, said

TASK = "When does it end, and what does it cost?"
PLAN = said("planner", {"given": [], "to_find": ["date", "price"], "plan": ["actor counts", "actor reckons"]})


def leads(instruction: str, *, progress: bool = True, solved: bool = False) -> Reply:
    """The planner's next step."""
    row = {"reason": "So.", "solved": solved, "repeating": False, "progress": progress}
    return said("planner", {**row, "next": "actor", "instruction": instruction})


def actor(persona: str, *tools: str) -> list[Reply]:
    """Who is made for the step, and with which tools."""
    return [said("factory", persona), said("actor", {"tools": list(tools)})]


def test_every_step_has_another_actor_with_the_tools_it_needs(tmp_path: Path):
    """A calendar keeper with the clock, then an accountant with the calculator; neither holds the other's tool."""
    ran = Lab("aime", tmp_path).run(
        PLAN, leads("Add 9 weeks to the date 2026-05-04."), *actor("You keep calendars.", "clock"),
        calls("actor", "clock", action="add", start="2026-05-04", days=63), said("actor", "2026-07-06"),
        leads("Calculate the price 14 * 185."), *actor("You are an accountant.", "calculator"),
        calls("actor", "calculator", expression="14 * 185"), said("actor", "2590"),
        leads("", solved=True), said("close", "2026-07-06, 2590 euros."), task=TASK,
    )  # fmt: skip
    assert ran.outputs["answer"] == "2026-07-06, 2590 euros."
    assert [each["tools"] for each in ran.results("actor")] == [["clock"], ["calculator"]]
    asked = [
        row for row in ran.bench.spans.of("chat") if row["node_id"] == "actor" and row["input"][0]["role"] == "system"
    ]
    personas = list(dict.fromkeys(row["input"][0]["content"] for row in asked))
    assert personas == ["You keep calendars.", "You are an accountant."]


def test_the_board_carries_reports_to_the_planner_and_the_answer(tmp_path: Path):
    """What the first actor found stands before the planner's second choice and the final answer."""
    ran = Lab("aime", tmp_path).run(
        PLAN, leads("Say the date of today."), *actor("You keep calendars.", "clock"),
        said("actor", "It is 2026-07-06."), leads("", solved=True), said("close", "2026-07-06."), task=TASK,
    )  # fmt: skip
    assert "It is 2026-07-06." in ran.prompts("planner")[-1] and "It is 2026-07-06." in ran.prompts("close")[0]
    assert len(ran.outputs["board"]["rounds"]) == 1


def test_stalled_work_is_planned_anew(tmp_path: Path):
    """Two rounds without progress: facts and plan are made again, knowing what happened, and it goes on."""
    step = [*actor("You look.", "clock"), said("actor", "Nothing.")]
    ran = Lab("aime", tmp_path).run(
        PLAN, leads("Say the date."), *step, leads("Say the date again.", progress=False), *step,
        leads("And again.", progress=False), PLAN, leads("Calculate the date."), *actor("You reckon.", "clock"),
        said("actor", "2026-07-06"), leads("", solved=True), said("close", "2026-07-06."), task=TASK,
    )  # fmt: skip
    assert ran.outcomes("planner") == ["continue", "continue", "replan", "done"]
    assert ran.outputs["board"]["replans"] == 1
