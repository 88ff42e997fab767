"""Cheapest way through tool calls: the dear way waits, the hopeless one is closed, the cheap one wins."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Reply, said

TASK = "What is 6 x 7 x 2?"


def call(tool: str, **arguments: Any) -> dict[str, Any]:
    return {"tool": tool, "arguments": arguments}


def proposed(after: str, *steps: dict[str, Any]) -> Reply:
    """The calls the model proposes where the situation ends with this text."""
    return said("search", {"steps": list(steps)}, match=f"{after}\\s+Propose")


def estimated(after: str, steps: int) -> Reply:
    return said("search", {"reason": "So far.", "steps": steps}, match=f"{after}\\s+Judge it")


def test_the_cheap_way_wins_though_the_dear_one_was_proposed_first(tmp_path: Path) -> None:
    """Python would solve it at once for 3; two calculator calls cost 2 and are taken."""
    ran = Lab("toolchain_star", tmp_path).run(
        proposed("nothing yet", call("python", code="6 * 7 * 2"), call("calculator", expression="6 * 7")),
        estimated("python.*84", 0), estimated("calculator.*42", 1),
        proposed("calculator.*42", call("calculator", expression="42 * 2")), estimated("calculator.*84", 0),
        said("answer", "84.", match="42 \\* 2"), task=TASK,
    )  # fmt: skip
    assert ran.outputs["answer"] == "84." and ran.outputs["cost"] == 2
    assert [each["arguments"]["expression"] for each in ran.outputs["calls"]] == ["6 * 7", "42 * 2"]


def test_a_way_that_cannot_succeed_is_never_looked_into(tmp_path: Path) -> None:
    """What is estimated as hopeless is pruned although it is cheap; a failing call ends its way too."""
    ran = Lab("toolchain_star", tmp_path).run(
        proposed("nothing yet", call("calculator", expression="6 + 7"), call("python", code="6 * 7 * 2")),
        estimated("calculator.*13", -1), estimated("python.*84", 0), said("answer", "84."), task=TASK,
    )  # fmt: skip
    assert ran.outputs["cost"] == 3 and ran.outputs["expanded"] == 1
    assert "pruned" in [node["status"] for node in ran.views("search")[-1]["nodes"]]


def test_a_call_that_fails_is_left_and_another_way_is_taken(tmp_path: Path) -> None:
    """The failed call is marked in the tree and nothing follows from it."""
    ran = Lab("toolchain_star", tmp_path).run(
        proposed("nothing yet", call("calculator", expression="6 / 0"), call("calculator", expression="6 * 7 * 2")),
        estimated("calculator.*84", 0), said("answer", "84."), task=TASK,
    )  # fmt: skip
    assert ran.outputs["cost"] == 1
    assert [node["status"] for node in ran.views("search")[-1]["nodes"]].count("failed") == 1
