"""teams.recruit"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.teams.recruit import recruit
from tests.fakes import FakeContext, FakeTool, ScriptedModel, ToolCall, run_node


def team(*names: str) -> dict[str, Any]:
    return {"experts": [{"name": n, "persona": f"You are a {n}.", "skills": "s", "job": f"do {n}"} for n in names]}


GOOD, BAD = {"good": True, "advice": ""}, {"good": False, "advice": "Add a lawyer."}


def test_the_observer_has_the_team_written_anew_and_the_experts_work_in_order():
    """A team that misses a part is mended with the observer's advice; later experts know what earlier ones did."""
    model = ScriptedModel(team("Chef"), BAD, team("Chef", "Lawyer"), "menu", "contract", "menu and contract")
    ctx = FakeContext(model=model)
    out = run_node(recruit, {"task": "Open a restaurant"}, ctx)
    assert out["answer"] == "menu and contract"
    assert [each["name"] for each in out["team"]] == ["Chef", "Lawyer"]
    assert "Change: Add a lawyer." in model.calls[2].text
    assert model.calls[4].messages[0]["content"] == "You are a Lawyer." and "Chef: menu" in model.calls[4].text
    assert [each["speaker"] for each in ctx.views[-1]["messages"]] == ["Chef", "Lawyer"]


def test_an_accepted_team_is_not_written_again():
    """The observer's yes ends the drafting; names that come twice count once, and no more than allowed work."""
    model = ScriptedModel(team("A", "a ", "B", "C"), GOOD, "1", "2", "end")
    out = run_node(recruit, {"task": "t"}, FakeContext(model=model), max_experts=2, max_revisions=3)
    assert [each["name"] for each in out["team"]] == ["A", "B"]


def test_the_evaluator_sends_it_back_to_recruitment():
    """In rounds an answer that falls short leads to another team, told why; the last answer stands."""
    model = ScriptedModel(team("A"), "x", "poor", {"good": False, "advice": "Be exact."}, team("B"), "y", "fine", GOOD)
    ctx = FakeContext(model=model)
    out = run_node(recruit, {"task": "t"}, ctx, max_revisions=0, rounds=3)
    assert out["answer"] == "fine" and [each["name"] for each in out["team"]] == ["B"]
    assert "An earlier team fell short: Be exact." in model.calls[4].text


def test_experts_use_the_attached_tools():
    """Each expert may call the tools that are attached to the node."""
    tool = FakeTool("search", "42")
    model = ScriptedModel(team("A"), ToolCall("search", {"q": "x"}), "It is 42", "42")
    run_node(recruit, {"task": "t"}, FakeContext(model=model, tools=[tool]), max_revisions=0)
    assert tool.calls == [{"q": "x"}]


def test_no_task():
    """An empty task is an error."""
    with pytest.raises(NodeError, match="task is empty"):
        run_node(recruit, {"task": ""})
