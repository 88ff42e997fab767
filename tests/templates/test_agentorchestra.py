"""AgentOrchestra: the tool is made once and found again, and sub-goals go to whoever holds the right tools."""

from pathlib import Path

from tests.templates.running import Lab, Reply, calls, said

GOAL = "Double 21 and note it."
MISSING = said("find", "MISSING: a tool that takes a number and gives back twice the number.")
MADE = [
    said("make", {"name": "twice", "description": "Twice a number.", "tests": ["assert twice(2) == 4"]}),
    said("make", "```python\ndef twice(n: int) -> int:\n    return 2 * n\n```"),
]


def orders(to: str, instruction: str = "") -> Reply:
    """What the conductor says."""
    return said("conductor", {"reason": "So.", "to": to, "instruction": instruction})


def test_the_analyst_uses_the_tool_the_keeper_had_made(tmp_path: Path):
    """Missing, made, tested, called; the filer keeps the result in a file, with its own tool."""
    ran = Lab("agentorchestra", tmp_path).run(
        MISSING, *MADE, orders("Analyst", "Double 21"),
        calls("conductor", "kept_tools", name="twice", arguments={"n": 21}), said("conductor", "42"),
        orders("Filer", "Note it"), calls("conductor", "files", action="write", path="note.txt", text="42"),
        said("conductor", "Noted."), orders("finish"), said("conductor", "It is 42, and noted."), goal=GOAL,
    )  # fmt: skip
    assert ran.outputs["answer"] == "It is 42, and noted."
    assert [each["member"] for each in ran.outputs["steps"]] == ["Analyst", "Filer"]
    assert "42" in str(ran.tool_results("kept_tools")[-1]) and ran.outcomes("make") == ["kept"]


def test_a_later_goal_finds_the_tool_and_none_is_made(tmp_path: Path):
    """The keeper lists the toolbox, sees what was made before, and the work begins at once."""
    lab = Lab("agentorchestra", tmp_path)
    lab.run(MISSING, *MADE, orders("finish"), said("conductor", "42"), goal=GOAL)
    ran = lab.run(
        calls("find", "kept_tools"), said("find", "THERE: twice", match="twice"), orders("finish"),
        said("conductor", "100"), goal="Double 50.",
    )  # fmt: skip
    assert ran.outputs["answer"] == "100" and ran.visits["make"] == 0


def test_each_specialist_holds_its_own_tools_alone(tmp_path: Path):
    """The author is asked without any, the analyst is offered kept tools and calculator."""
    ran = Lab("agentorchestra", tmp_path).run(
        said("find", "THERE: none is needed"), orders("Analyst", "Double"), said("conductor", "42"),
        orders("Author", "Write"), said("conductor", "42!"), orders("finish"), said("conductor", "42!"), goal=GOAL,
    )  # fmt: skip
    offered = [
        row["attributes"].get("tools") or [] for row in ran.bench.spans.of("chat") if row["node_id"] == "conductor"
    ]
    assert [sorted(each) for each in offered] == [[], ["calculator", "kept_tools"], [], [], [], []]
