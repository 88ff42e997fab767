"""teams.delegate"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.teams.delegate import delegate
from tests.fakes import FakeContext, FakeTool, ModelCall, ScriptedModel, ToolCall, run_node

PARTS = {"trip": ["flight", "hotel"], "hotel": ["room", "breakfast"]}


def agent(call: ModelCall) -> Any:
    """Splits by the table; does a task by naming it; combines by listing."""
    text = call.messages[-1]["content"]
    if call.schema is not None:
        return {"parts": PARTS.get(text.splitlines()[1], [])}
    if "Results of its parts" in text:
        return f"[{' '.join(line[3:] for line in text.splitlines() if line.startswith('->'))}]"
    return text.splitlines()[0].upper()


def test_the_tree_grows_where_it_is_needed_and_results_go_up():
    """A trip has two parts, of which one has two: three leaves, two that combine."""
    ctx = FakeContext(model=ScriptedModel(*[agent] * 8))
    out = run_node(delegate, {"task": "trip"}, ctx)
    assert out["answer"] == "[FLIGHT [ROOM BREAKFAST]]"
    assert [(each["id"], each["parent"]) for each in out["agents"]] == [
        ("1", ""), ("1.1", "1"), ("1.2", "1"), ("1.2.1", "1.2"), ("1.2.2", "1.2"),
    ]  # fmt: skip
    view = ctx.views[-1]
    assert view["type"] == "search" and all(each["status"] == "solution" for each in view["nodes"])
    assert len(ctx.model.calls) == 8


def test_the_depth_caps_it():
    """At depth 1 the hotel is done at once, without asking whether it has parts."""
    ctx = FakeContext(model=ScriptedModel(*[agent] * 4))
    out = run_node(delegate, {"task": "trip"}, ctx, max_depth=1)
    assert out["answer"] == "[FLIGHT HOTEL]" and len(ctx.model.calls) == 4


def test_the_budget_of_agents_caps_it():
    """Four agents in all: the second split would make five and is not made."""
    out = run_node(delegate, {"task": "trip"}, FakeContext(model=ScriptedModel(*[agent] * 6)), max_agents=4)
    assert out["answer"] == "[FLIGHT HOTEL]" and len(out["agents"]) == 3


def test_one_part_is_no_split():
    """A task that is handed out whole is done instead."""
    model = ScriptedModel({"parts": ["task in other words"]}, "done")
    assert run_node(delegate, {"task": "task"}, FakeContext(model=model))["answer"] == "done"


def test_leaves_use_the_attached_tools():
    """Who has no children works with the tools; without an answer it says so."""
    tool = FakeTool("search", "cheap")
    model = ScriptedModel({"parts": []}, ToolCall("search", {"q": "x"}), ToolCall("search", {"q": "y"}))
    out = run_node(delegate, {"task": "find"}, FakeContext(model=model, tools=[tool]), max_calls=1)
    assert tool.calls == [{"q": "x"}] and out["answer"] == "(no result after 1 tool calls)"


def test_nothing_to_delegate():
    """An empty task is an error."""
    with pytest.raises(NodeError, match="task is empty"):
        run_node(delegate, {"task": ""})
