"""agent"""

import asyncio
from typing import Any

import pytest

from nodes.contract import AgentTurn, NodeError
from nodes.tools.agent import agent
from tests.fakes import FakeContext, FakeTool, ListMemory, ScriptedModel, ToolCall, run_node

CALL: Any = ToolCall("search", {"q": "x"})


def test_works_with_its_tools():
    """The agent calls its tools until it answers; everything said comes out."""
    tool = FakeTool("search", "42")
    ctx = FakeContext(model=ScriptedModel(CALL, "It is 42."), tools=[tool])
    out = run_node(agent, {"task": "Find x"}, ctx)
    assert out["answer"] == "It is 42."
    assert tool.calls == [{"q": "x"}]
    assert [message["role"] for message in out["messages"]] == ["system", "user", "assistant", "tool", "assistant"]


def test_is_reminded_first():
    """With a memory attached it is searched with the task, and the hits stand before it."""
    memory = ListMemory()
    asyncio.run(memory.add("check units twice"))
    model = ScriptedModel("ok")
    run_node(agent, {"task": "check the units"}, FakeContext(model=model, memory=memory), recall=2)
    assert memory.searches[0]["query"] == "check the units"
    assert memory.searches[0]["top_k"] == 2
    assert "- check units twice\n\ncheck the units" in model.calls[0].text


def test_no_memories_no_mention():
    """An empty memory, or recall set to none, leaves the task alone."""
    model = ScriptedModel("ok", "ok")
    run_node(agent, {"task": "t"}, FakeContext(model=model, memory=ListMemory()))
    memory = ListMemory()
    asyncio.run(memory.add("t"))
    run_node(agent, {"task": "t"}, FakeContext(model=model, memory=memory), recall=0)
    assert [call.messages[-1]["content"] for call in model.calls] == ["t", "t"]


def test_typed_answers_are_extracted():
    """Another type than text is drawn from the answer in a call of its own."""
    model = ScriptedModel("There are three of them.", {"answer": 3})
    out = run_node(agent, {"task": "Count"}, FakeContext(model=model), answer_type="number")
    assert out["answer"] == 3
    assert "There are three of them." in model.calls[1].text and "Count" in model.calls[1].text


@pytest.mark.parametrize(("script", "what"), [([CALL, CALL], "repeating the same call"), ([""], "without a word")])
def test_no_answer_is_an_error(script: list[Any], what: str):
    """An agent that ends without an answer fails and says why."""
    with pytest.raises(NodeError, match=what):
        run_node(agent, {"task": "x"}, FakeContext(model=ScriptedModel(*script), tools=[FakeTool("search")]))


def test_calls_are_bounded():
    """The limit on calls is kept, and is in the error."""
    script: list[Any] = [ToolCall("search", {"q": str(number)}) for number in range(3)]
    tool = FakeTool("search")
    with pytest.raises(NodeError, match="after 2 tool calls"):
        run_node(agent, {"task": "x"}, FakeContext(model=ScriptedModel(*script), tools=[tool]), max_calls=2)
    assert len(tool.calls) == 2


def test_an_early_stop_with_words_is_told():
    """An answer of an agent that ran out of calls is used, and whoever watches is told."""

    class Stopped(FakeContext):
        async def agent(self, messages: Any, **_: Any) -> AgentTurn:
            return AgentTurn("half done", list(messages), 1, "calls")

    ctx = Stopped()
    assert run_node(agent, {"task": "x"}, ctx)["answer"] == "half done"
    assert "stopped after 8 tool calls" in ctx.lines[0]


def test_an_empty_task_is_an_error():
    """There is nothing to do in nothing."""
    with pytest.raises(NodeError, match="task is empty"):
        run_node(agent, {"task": ""})
    with pytest.raises(ValueError, match="at least one entry"):
        agent.config.model_validate({"answer_type": "record"})
