"""memory.exemplar_keep and memory.exemplars"""

import pytest

from nodes.contract import NodeError
from nodes.memory.exemplar_keep import exemplar_keep
from nodes.memory.exemplars import exemplars
from nodes.types import conforms
from tests.fakes import FakeContext, ListMemory, ModelCall, ScriptedModel, run_node

TURNS = [
    {"role": "system", "content": "You are an agent."},
    {"role": "user", "content": "book a flight"},
    {"role": "assistant", "content": "", "tool_calls": [{"name": "search", "args": {"to": "Oslo"}}]},
    {"role": "tool", "content": "page " * 100 + "flight 7"},
    {"role": "assistant", "content": "Flight 7 is booked."},
]


def keep(memory: ListMemory, task: str = "book a flight", **config: object) -> dict[str, object]:
    return run_node(exemplar_keep, {"task": task, "messages": TURNS}, FakeContext(memory=memory), **config)


def test_a_trajectory_comes_back_whole():
    """Every turn but the system's is kept as a prompt can show it, and found by a like task."""
    memory = ListMemory()
    keep(memory, abstract="none")
    out = run_node(exemplars, {"task": "book a train"}, FakeContext(memory=memory))
    assert [turn["role"] for turn in out["messages"]] == ["user", "assistant", "user", "assistant"]
    assert out["messages"][1]["content"] == 'search({"to": "Oslo"})'
    assert out["messages"][2]["content"].endswith("flight 7")
    assert conforms(out["messages"], "messages")
    assert out["text"].startswith("user: book a flight")


def test_the_model_abstracts_long_turns():
    """Only the long observation is cleaned, knowing the task."""

    def abstract(call: ModelCall) -> str:
        assert "book a flight" in call.text and "flight 7" in call.text
        return "Flight 7 goes to Oslo."

    model = ScriptedModel(abstract)
    ctx = FakeContext(model=model, memory=ListMemory())
    out = run_node(exemplar_keep, {"task": "book a flight", "messages": TURNS}, ctx, abstract="model", max_length=100)
    assert out["messages"][2]["content"] == "Flight 7 goes to Oslo."
    assert len(model.calls) == 1


def test_long_turns_can_be_cut():
    """Without a model they are cut to length."""
    out = keep(ListMemory(), max_length=50)
    assert max(len(turn["content"]) for turn in out["messages"]) == 50  # type: ignore[union-attr]


def test_the_likest_stands_last_and_what_does_not_fit_is_left_out():
    """Nearest to the task at hand is the likest; the bound drops whole trajectories."""
    memory = ListMemory()
    keep(memory, "book a flight to Oslo")
    keep(memory, "book a room")
    out = run_node(exemplars, {"task": "book a flight to Rome"}, FakeContext(memory=memory))
    assert [hit["text"] for hit in out["hits"]] == ["book a flight to Oslo", "book a room"]
    assert out["messages"][0]["content"] == "book a room"
    short = run_node(exemplars, {"task": "book a flight to Rome"}, FakeContext(memory=memory), max_length=700)
    assert [hit["text"] for hit in short["hits"]] == ["book a flight to Oslo"]


def test_unlike_tasks_give_none():
    """No exemplar is better than a wrong one."""
    memory = ListMemory()
    keep(memory)
    out = run_node(exemplars, {"task": "prove theorems"}, FakeContext(memory=memory))
    assert out == {"messages": [], "text": "", "hits": []}


def test_what_cannot_be_kept_is_refused():
    """No task, no turns, or too many."""
    ctx = FakeContext(memory=ListMemory())
    with pytest.raises(NodeError, match="no task to keep"):
        run_node(exemplar_keep, {"task": " ", "messages": TURNS}, ctx)
    with pytest.raises(NodeError, match="no trajectory to keep"):
        run_node(exemplar_keep, {"task": "t", "messages": TURNS[:1]}, ctx)
    with pytest.raises(NodeError, match="4 turns; at most 3"):
        run_node(exemplar_keep, {"task": "t", "messages": TURNS}, ctx, max_turns=3)


def test_a_task_that_is_not_among_the_turns_is_said_first():
    """A trajectory that begins with the agent's turn is told with its task before it."""
    memory = ListMemory()
    inputs = {"task": "book a flight", "messages": TURNS[2:]}
    run_node(exemplar_keep, inputs, FakeContext(memory=memory), abstract="cut")
    out = run_node(exemplars, {"task": "book a train"}, FakeContext(memory=memory))
    assert out["messages"][0] == {"role": "user", "content": "book a flight"}
    assert out["messages"][1]["role"] == "assistant"
