"""search.a_star"""

from typing import Any

import pytest

from nodes.contract import NodeError, ToolResult
from nodes.search.a_star import a_star
from tests.fakes import FakeContext, FakeSubworkflow, FakeTool, ScriptedModel, run_node
from tests.nodes.search.maps import LEFT, START, context


def left(given: dict[str, Any]) -> dict[str, Any]:
    return {"cost": LEFT[given["situation"]]}


def test_the_cheapest_way_wins_though_a_dear_one_was_found_first():
    """The goal by the low road is found at once, at cost 11; the one taken is the high road's, at 3."""
    ctx = context(value=left)
    route = run_node(a_star, START, ctx)
    assert route.outcome == "solved"
    assert route.outputs == {
        "best": "goal", "actions": ["to high", "to bridge", "to goal"], "cost": 3.0, "expanded": 4,
    }  # fmt: skip
    assert [part["situation"] for part in ctx.parts["propose"].inputs] == ["start", "low", "high", "bridge"]
    ends = [node["status"] for node in ctx.views[-1]["nodes"] if node["label"] == "to goal"]
    assert ends == ["open", "solution"]


def test_an_estimate_below_zero_closes_a_way():
    """What cannot reach the goal is not looked into."""
    ctx = context(value=left)
    run_node(a_star, START, ctx)
    assert {node["label"]: node["status"] for node in ctx.views[-1]["nodes"]}["to dead end"] == "pruned"


def test_an_inconsistent_estimate_still_finds_the_cheapest():
    """A place looked into too early is looked into again when a cheaper way to it turns up."""
    roads = {"s": {"a": 1.0, "b": 1.0}, "a": {"c": 4.0}, "b": {"c": 1.0}, "c": {"goal": 10.0}}
    rest = {"a": 0.0, "b": 8.0, "c": 0.0, "goal": 0.0}
    parts = {
        "propose": FakeSubworkflow(
            lambda given: {"actions": [{"action": to, "situation": to, "cost": cost}
                                       for to, cost in roads.get(given["situation"], {}).items()]}
        ),
        "value": FakeSubworkflow(lambda given: {"cost": rest[given["situation"]]}),
        "goal": FakeSubworkflow(lambda given: {"reached": given["situation"] == "goal"}),
    }  # fmt: skip
    route = run_node(a_star, {"problem": "p", "situation": "s"}, FakeContext(parts=parts))
    assert (route.outputs["actions"], route.outputs["cost"]) == (["b", "c", "goal"], 12.0)


def test_tools_are_the_actions():
    """The model proposes calls of the attached tools; results belong to the situation, costs decide the order."""
    prices = FakeTool("prices", "20 euro")
    archive = FakeTool("archive", lambda given: ToolResult("no such file", failed=True))
    model = ScriptedModel(
        {"steps": [{"tool": "archive", "arguments": {"q": "tax"}}, {"tool": "prices", "arguments": {"q": "net"}}]},
        {"reason": "the tax is missing", "steps": 1},
        {"steps": [{"tool": "prices", "arguments": {"q": "tax"}}]},
        {"reason": "all is known", "steps": 0},
    )
    ctx = FakeContext(model=model, tools=[prices, archive])
    route = run_node(a_star, {"problem": "Price with tax?"}, ctx, costs={"prices": 2.5})
    assert route.outcome == "solved"
    assert route.outputs["best"] == 'prices(q="net") -> 20 euro\nprices(q="tax") -> 20 euro'
    assert route.outputs["actions"][0] == {"tool": "prices", "arguments": {"q": "net"}}
    assert (route.outputs["cost"], route.outputs["expanded"]) == (5.0, 2)
    assert "- prices: a fake tool" in model.calls[0].text
    failed = [node for node in ctx.views[-1]["nodes"] if node["status"] == "failed"]
    assert len(failed) == 1 and "archive" in failed[0]["label"]


def test_a_call_of_no_tool_is_refused():
    """A proposal that names no attached tool says which there are."""
    ctx = context(lambda given: {"actions": [{"action": {"tool": "phone"}}]})
    ctx.tools = [FakeTool("prices")]
    with pytest.raises(NodeError, match=r"'phone'.*is not a call of an attached tool"):
        run_node(a_star, START, ctx)


def test_without_tools_steps_are_text():
    """The model's steps cost one each and are estimated by it."""
    model = ScriptedModel(
        {"steps": ["add"]}, {"reason": "", "steps": 1}, {"steps": ["halve"]}, {"reason": "", "steps": 0}
    )
    route = run_node(a_star, {"problem": "p"}, FakeContext(model=model))
    assert (route.outputs["best"], route.outputs["cost"]) == ("add\nhalve", 2.0)


def test_unsolved_gives_what_is_least_far():
    """Out of expansions, the best is the situation of the smallest estimate."""
    route = run_node(a_star, START, context(value=left), expansions=3, goal="situation == 'nowhere'")
    assert (route.outcome, route.outputs["best"], route.outputs["expanded"]) == ("unsolved", "goal", 3)
    assert run_node(a_star, START, context(lambda given: {"actions": []})).outputs["best"] == "start"


def test_depth_is_a_limit():
    """The cheap way is too long for the depth, so the short dear one is taken."""
    route = run_node(a_star, START, context(value=left), depth=2)
    assert (route.outputs["actions"], route.outputs["cost"]) == (["to low", "to goal"], 11.0)


def test_a_negative_cost_is_refused():
    """Costs below 0 would make the first solution found any but the cheapest."""
    with pytest.raises(NodeError, match="'propose' gave -1 as 'cost'"):
        run_node(a_star, START, context(lambda given: {"actions": [{"situation": "x", "cost": -1}]}))


def test_a_dearer_way_to_a_known_place_is_not_looked_into():
    """Of two open ways to one place the dearer is closed, and passed over when its turn comes."""
    roads = {"s": {"a": 1.0, "b": 1.0}, "a": {"x": 9.0}, "b": {"x": 1.0}}
    parts = {
        "propose": FakeSubworkflow(
            lambda given: {"actions": [{"situation": to, "cost": cost}
                                       for to, cost in roads.get(given["situation"], {}).items()]}
        ),
        "value": FakeSubworkflow(lambda given: {"cost": 1}),
    }  # fmt: skip
    run_node(a_star, {"problem": "p", "situation": "s"}, FakeContext(parts=parts))
    assert [given["situation"] for given in parts["propose"].inputs] == ["s", "a", "b", "x"]
