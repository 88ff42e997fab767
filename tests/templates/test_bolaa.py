"""BOLAA: the controller decides who acts, and each agent has its own action alone."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Reply, calls, said

TASK = "What do two Vega wall lamps cost?"


def orders(to: str, instruction: str = "") -> Reply:
    """What the controller says."""
    return said("controller", {"reason": "So.", "to": to, "instruction": instruction})


def run(tmp_path: Path, *replies: Reply) -> Any:
    lab = Lab("bolaa", tmp_path)
    return lab.run(*replies, task=TASK, catalogue=lab.document.inputs["catalogue"].default)


def test_each_agent_is_handed_its_own_tool_alone(tmp_path: Path):
    """The searcher reads, the reckoner calculates; no call of one carries the other's tool."""
    ran = run(
        tmp_path, orders("Search", "Price of the Vega"),
        calls("controller", "files", action="read", path="catalogue.txt"), said("controller", "24 euros"),
        orders("Reckon", "Twice 24"), calls("controller", "calculator", expression="2 * 24"), said("controller", "48"),
        orders("finish"), said("controller", "48 euros."),
    )  # fmt: skip
    assert ran.outputs["answer"] == "48 euros."
    offered = [row["attributes"].get("tools") for row in ran.bench.spans.of("chat")]
    names = [each for each in offered if each]
    assert names == [["files"], ["files"], ["calculator"], ["calculator"]]
    assert "Vega wall lamp; 24 euros" in str(ran.tool_results("files")[-1])


def test_an_agent_is_told_results_and_the_controller_reads_them(tmp_path: Path):
    """What the first agent found stands in the second one's prompt and in the controller's next choice."""
    ran = run(
        tmp_path, orders("Search", "Price of the Vega"), said("controller", "It is 24 euros."),
        orders("Reckon", "Twice that"), said("controller", "48"), orders("finish"), said("controller", "48 euros."),
    )  # fmt: skip
    prompts = ran.prompts("controller")
    assert "It is 24 euros." not in prompts[1] and all("It is 24 euros." in each for each in prompts[2:])
    assert [(each["member"], each["result"]) for each in ran.outputs["messages"]] == [
        ("Search", "It is 24 euros."), ("Reckon", "48"),
    ]  # fmt: skip


def test_a_controller_in_circles_is_ended(tmp_path: Path):
    """The same order to the same agent ends the work, and the answer is written from what there is."""
    again = orders("Search", "Price of the Vega")
    ran = run(tmp_path, again, said("controller", "Not found."), again, said("controller", "I do not know."))
    assert ran.outputs["answer"] == "I do not know." and len(ran.outputs["messages"]) == 1
