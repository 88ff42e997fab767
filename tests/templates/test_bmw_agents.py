"""BMW Agents: tasks are bound to one agent or a group, replaced where they fail, and the whole is verified."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, calls, said


def plan(*steps: tuple[str, list[int]]) -> Reply:
    """The planner's graph."""
    return said("plan", {"steps": [{"title": title, "needs": needs} for title, needs in steps]})


def bound(task: str, unit: str) -> Reply:
    """Who shall do a task."""
    return said("bind", {"label": unit}, match=task)


def checked(match: str, *, done: bool, why: str = "So it is.") -> Reply:
    """What is found of a result."""
    return said("check", {"answer": {"why": why, "done": done}}, match=match)


def verified(*answers: str) -> list[Reply]:
    """What verification says, question by question."""
    return [said("verify", f"I looked at it. {answer}") for answer in answers]


def run(folder: Path, *replies: Reply) -> Ran:
    """A run on the bundled files."""
    return Lab("bmw_agents", folder).run(*replies, process="Find the price and write a notice.")


def test_each_task_is_done_by_the_unit_it_is_bound_to(tmp_path: Path):
    """The look-up is one agent's; the notice is written, objected to and mended in a group that knows the price."""
    ran = run(
        tmp_path, plan(("Look up the price", []), ("Write the notice", [1])), bound("Look up", "agent"),
        bound("Write", "group"), calls("agent", "files", "nothing else: Look up", action="read", path="parts.csv"),
        said("agent", "The pump is 85.", match="water pump"), said("group", "It is a steal!"),
        said("group", "A steal is no fact."), said("group", "The pump is 85."), said("group", "Good.\nDONE"),
        said("group", "Notice: the pump is 85."), checked("Look up", done=True), checked("Write", done=True),
        said("work", "85, and the notice."), *verified("Yes", "Yes"),
    )  # fmt: skip
    assert [step["result"] for step in ran.outputs["plan"]["steps"]] == ["The pump is 85.", "Notice: the pump is 85."]
    turns = ran.prompts("group")
    assert "The pump is 85." in turns[0] and "A steal is no fact." in turns[2] and len(turns) == 5
    assert "DONE" not in ran.outputs["answer"] and ran.outputs["report"] == ""


def test_a_task_that_fails_is_replaced_by_others(tmp_path: Path):
    """A refusal is no result: another way is planned for this task alone, and the run ends well."""
    ran = run(
        tmp_path, plan(("Ask the foreman", [])), bound("Ask", "agent"), said("agent", "CANNOT: he is away."),
        checked("Ask", done=False, why="It is a refusal."),
        said("work", {"steps": ["Read the price list"]}, match="could not be done: Ask the foreman"),
        bound("Read", "agent"), said("agent", "The pump is 85."), checked("Read", done=True),
        said("work", "85.", match="85"), *verified("Yes", "Yes"),
    )  # fmt: skip
    steps = ran.outputs["plan"]["steps"]
    assert [(step["title"], step["status"]) for step in steps] == [
        ("Ask the foreman", "failed"), ("Read the price list", "done"),
    ]  # fmt: skip
    assert steps[0]["result"] == "It is a refusal." and ran.outcomes("work") == ["done"]


def test_what_fails_verification_is_planned_once_more_with_the_report(tmp_path: Path):
    """The second plan knows what was wanting; what fails again goes out with its report, and is not tried again."""
    once = (bound("Look up", "agent"), said("agent", "85."), checked("Look up", done=True), said("work", "85."))
    ran = run(
        tmp_path, plan(("Look up the price", [])), *once, *verified("Yes", "The notice is not there. No"),
        plan(("Look up the price", [])), *once, *verified("Yes", "Still no notice. No"),
    )  # fmt: skip
    assert ran.visits["plan"] == 2 and "The notice is not there." in ran.prompts("plan")[1]
    assert ran.outcomes("once_more") == ["again", "exhausted"] and "Still no notice." in ran.outputs["report"]


def test_an_agent_reads_the_files_and_can_change_none(tmp_path: Path):
    """Its order to write is refused, and the file stays as it is."""
    ran = run(
        tmp_path, plan(("Look up the price", [])), bound("Look up", "agent"),
        calls("agent", "files", action="write", path="parts.csv", text="free"),
        calls("agent", "files", action="read", path="parts.csv"), said("agent", "85."), checked("Look up", done=True),
        said("work", "85."), *verified("Yes", "Yes"),
    )  # fmt: skip
    assert "WP-7,water pump,85,1.5" in str(ran.tool_results("files")[-1])
