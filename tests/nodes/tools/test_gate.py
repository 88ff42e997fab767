"""tools.gate: what needs a tool takes the way with tools, what does not the short one"""

from typing import Any

import pytest

from nodes.contract import NodeError, Route
from nodes.tools.gate import gate
from tests.fakes import FakeContext, FakeTool, ScriptedModel, run_node

KNOWN = {"known": "Paris is the capital.", "lacking": "nothing", "decision": "no tool needed"}
LACKING = {"known": "What a share is.", "lacking": "today's price", "decision": "tool needed"}


def ask(*answers: Any, task: str = "The capital of France?", **config: Any) -> tuple[Route, FakeContext]:
    ctx = FakeContext(ScriptedModel(*answers), tools=[FakeTool("search", description="Searches the web.")])
    return run_node(gate, {"task": task}, ctx, **config), ctx


def test_what_is_lacking_needs_a_tool():
    """A task beyond the model's knowledge goes the way with tools, and why is told."""
    route, ctx = ask(LACKING)
    assert (route.outcome, route.outputs["reason"]) == ("needed", "It lacks: today's price")
    assert "- search: Searches the web." in ctx.model.calls[0].text


def test_what_is_known_needs_none():
    """A task the model knows takes the short way, with the task handed on."""
    route, _ = ask(KNOWN)
    assert route.outcome == "not_needed"
    assert route.outputs["task"] == "The capital of France?"
    assert route.outputs["known"] == "Paris is the capital."


def test_trials_find_out_a_model_that_only_thinks_it_knows():
    """Answers that do not agree show that it does not know, whatever it says of itself."""
    route, ctx = ask(KNOWN, "Paris", "Lyon", "Rome", trials=3)
    assert route.outcome == "needed"
    assert route.outputs["answer"] == "" and "33% of 3 answers" in route.outputs["reason"]
    assert len(ctx.views[-1]["ballots"]) == 3


def test_trials_that_agree_are_the_answer():
    """Answers that say the same in other dress agree, and are handed on so that nothing is asked twice."""
    route, ctx = ask(KNOWN, "Rome", "Paris.", "It is paris", "The Paris", trials=4, agreement=0.75)
    assert (route.outcome, route.outputs["answer"]) == ("not_needed", "Paris.")
    assert ctx.views[-1]["winner"] == "Paris."
    assert {call.temperature for call in ctx.model.calls[1:]} == {0.8}


def test_trials_are_saved_where_a_tool_is_needed_anyway():
    """A model that says it lacks something is believed without trials."""
    assert len(ask(LACKING, trials=5)[1].model.calls) == 1


def test_edges():
    """An answer that does not fit is asked for again; an empty task is refused."""
    assert ask({"known": "x"}, LACKING)[0].outcome == "needed"
    with pytest.raises(NodeError, match="The task is empty"):
        ask(task="")
