"""tools.retrieve_tools: an agent is handed only the tools that fit"""

import asyncio
from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.tools.retrieve_tools import rank, retrieve_tools
from tests.fakes import FakeContext, FakeTool, ListMemory, ScriptedModel, ToolCall, run_node

TOOLS = [
    FakeTool("weather", "12 degrees", "Tells the weather of a city today."),
    FakeTool("calculator", "42", "Calculates an expression."),
    FakeTool("send_mail", "sent", "Sends a mail to a person."),
    FakeTool("city_map", "a map", "Shows a map of a city."),
    FakeTool("music", "la", "Plays music."),
]


def ask(model: ScriptedModel, task: str = "Calculate 6 * 7", memory: ListMemory | None = None, **config: Any) -> Any:
    ctx = FakeContext(model, tools=TOOLS, memory=memory)
    return run_node(retrieve_tools, {"task": task}, ctx, **config), ctx


def test_words_decide_who_is_handed_on():
    """The tools that share words with the task come first, whatever the endings, a rare word counting more."""
    best = [tool.name for _, tool in rank("What is the weather in the city of Rome?", TOOLS)]
    assert best[:2] == ["weather", "city_map"]
    assert rank("calculations of mailing", TOOLS)[0][1].name == "calculator"
    assert [score for score, _ in rank("nothing fits here", TOOLS)] == [0.0] * 5
    assert rank("anything", []) == []


def test_the_agent_works_with_few_tools():
    """Of five tools the agent is handed the one the model names among the best, and uses it."""
    model = ScriptedModel({"tools": ["calculator"]}, ToolCall("calculator", {"q": "6*7"}), "It is 42.")
    outputs, ctx = ask(model, top_k=2)
    assert (outputs["answer"], outputs["tools"]) == ("It is 42.", ["calculator"])
    assert [name for name, _, _ in ctx.tool_calls] == ["calculator"]
    assert "- calculator: Calculates" in model.calls[0].text and "- music" not in model.calls[0].text
    assert [row[2] for row in ctx.views[-1]["rows"]] == [True, False, False, False, False]


def test_words_alone_cost_no_call():
    """Without the model's choice the best by words are handed on, and the model is only asked to work."""
    model = ScriptedModel("Done.")
    outputs, ctx = ask(model, "Send a mail about the weather", choose="words", top_k=2)
    assert outputs["tools"] == ["send_mail", "weather"]
    assert len(model.calls) == 1 and ctx.lines == ["2 of 5 tools: send_mail, weather"]


def test_a_task_may_need_no_tool():
    """Where the model names none the agent gets none and answers by itself."""
    outputs, _ = ask(ScriptedModel({"tools": []}, "Hello!"), "Say hello")
    assert (outputs["answer"], outputs["tools"]) == ("Hello!", [])


def test_tools_made_up_are_asked_for_again():
    """A name that is not on the list does not fit; the model is asked once more."""
    model = ScriptedModel({"tools": ["abacus"]}, {"tools": ["calculator"]}, "42")
    assert ask(model)[0]["tools"] == ["calculator"]
    assert "That does not fit" in model.calls[1].text


def test_kept_tools_are_candidates():
    """Approved tools of the attached memory are found by the task and can be called; attached ones go first."""
    memory = ListMemory()

    async def keep() -> None:
        for name, trusted in (("double", True), ("triple", False), ("calculator", True)):
            code = f"def {name}(n: int) -> int:\n    return n * 2"
            data = {
                "name": name,
                "description": f"{name}s a number",
                "parameters": {"properties": {"n": {}}},
                "code": code,
            }
            await memory.add(f"{name} a number", kind="tool", data=data, trusted=trusted)

    asyncio.run(keep())
    model = ScriptedModel({"tools": ["double"]}, ToolCall("double", {"n": 21}), "42")
    outputs, ctx = ask(model, "double the number 21", memory, top_k=3)
    assert outputs["tools"] == ["double"]
    assert ctx.tool_calls[0][2].data == 42
    assert "- triple" not in model.calls[0].text


def test_edges():
    """An empty task and an agent without an answer are told with what to do."""
    with pytest.raises(NodeError, match="The task is empty"):
        ask(ScriptedModel(), " ")
    with pytest.raises(NodeError, match="gave no answer after 0 tool calls with calculator"):
        ask(ScriptedModel({"tools": ["calculator"]}, " "))
