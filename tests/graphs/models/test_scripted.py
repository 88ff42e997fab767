"""The scripted model takes the path of every other model."""

import json
from pathlib import Path
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.tools import tool
from pydantic import BaseModel

from graphs.models.script import Script
from graphs.models.scripted import ScriptedChat
from nodes.contract import NodeError

pytestmark = pytest.mark.anyio


class Verdict(BaseModel):
    """What the critic says."""

    accept: bool


@tool
def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


def script(*replies: dict[str, Any]) -> Script:
    return Script.model_validate({"name": "demo", "replies": list(replies)})


def of(node: str, **more: Any) -> dict[str, Any]:
    return {"metadata": {"nodeloom_node": node, **more}}


async def ask(model: Any, node: str, text: str = "?", **more: Any) -> str:
    return (await model.ainvoke(text, of(node, **more))).text


async def _stream(model: Any, node: str) -> list[Any]:
    return [chunk async for chunk in model.astream("?", of(node))]


async def test_replies_come_in_order_for_each_node():
    """A node gets its own replies, whatever others ask in between."""
    model = ScriptedChat.of(script({"node": "a", "text": "1"}, {"node": "b", "text": "2"}, {"node": "a", "text": "3"}))
    assert [await ask(model, node) for node in "aab"] == ["1", "3", "2"]


async def test_runs_do_not_take_each_others_replies():
    """What was given is remembered for each run."""
    model = ScriptedChat.of(script({"text": "once"}))
    assert await ask(model, "a", nodeloom_run="r1") == "once"
    assert await ask(model, "a", nodeloom_run="r2") == "once"
    model.player.forget("r1")
    assert await ask(model, "a", nodeloom_run="r1") == "once"


async def test_visit_and_item_choose_the_reply():
    """Bodies of a for-each that run in any order get the answers recorded for their items."""
    replies = [{"node": "a", "visit": 1, "item": item, "text": f"item {item}"} for item in (0, 1)]
    model = ScriptedChat.of(script(*replies))
    assert await ask(model, "a", nodeloom_visit=1, nodeloom_item=1) == "item 1"
    assert await ask(model, "a", nodeloom_visit=1, nodeloom_item=0) == "item 0"


async def test_a_rule_answers_as_often_as_asked():
    """``match`` is searched in the last message, and ``repeat`` keeps the reply."""
    model = ScriptedChat.of(script({"match": "(?i)capital", "text": "Paris", "repeat": True}, {"text": "other"}))
    assert [await ask(model, "a", text) for text in ("The capital?", "Hello", "capital")] == ["Paris", "other", "Paris"]


async def test_words_are_streamed_and_usage_comes_last():
    """The chunks join to the text with its spaces; the last one holds the counts."""
    model = ScriptedChat.of(script({"text": "one  two\nthree\n", "input_tokens": 7, "output_tokens": 3}))
    chunks = await _stream(model, "a")
    assert "".join(chunk.text for chunk in chunks) == "one  two\nthree\n"
    assert len([chunk for chunk in chunks if chunk.text]) == 3
    assert chunks[-1].usage_metadata["input_tokens"] == 7
    assert chunks[-1].response_metadata["finish_reason"] == "stop"


async def test_the_seconds_of_a_reply_are_kept_at_full_pace(monkeypatch: pytest.MonkeyPatch):
    """The waits between the words sum to the seconds of the recording."""
    waits: list[float] = []

    async def note(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr("graphs.models.scripted.asyncio.sleep", note)
    model = ScriptedChat.of(script({"text": "a b c d", "seconds": 2}), pace=0.5)
    await _stream(model, "a")
    assert sum(waits) == pytest.approx(1.0)


@pytest.mark.parametrize("watched", [False, True])
async def test_the_agent_loop_calls_scripted_tools(watched: bool):
    """LangChain's loop runs the tool the script asks for, watched or not, and ends with its answer."""
    model = ScriptedChat.of(
        script(
            {"node": "w", "tool_calls": [{"name": "add", "arguments": {"a": 2, "b": 3}}]},
            {"node": "w", "match": "^5$", "text": "It is 5"},
        )
    )
    agent: Any = create_agent(model, [add])
    start = {"messages": [("user", "2+3?")]}
    if watched:
        texts = [part[0].text async for part in agent.astream(start, of("w"), stream_mode="messages")]
        assert "It is 5" in "".join(texts)
    else:
        assert (await agent.ainvoke(start, of("w")))["messages"][-1].text == "It is 5"


async def test_structured_output_parses_the_data():
    """``data`` is sent as JSON and comes back as the schema's model."""
    model = ScriptedChat.of(script({"data": {"accept": True}}))
    answer = await model.with_structured_output(Verdict, method="json_schema", include_raw=True).ainvoke("?")
    assert answer["parsed"] == Verdict(accept=True)
    assert json.loads(answer["raw"].text) == {"accept": True}


async def test_a_misfitting_answer_is_a_parsing_error():
    """As with real models, ``include_raw`` reports it instead of raising."""
    model = ScriptedChat.of(script({"text": "no JSON"}))
    answer = await model.with_structured_output(Verdict, include_raw=True).ainvoke("?")
    assert answer["parsed"] is None
    assert "no JSON" in str(answer["parsing_error"])


async def test_an_empty_script_says_who_asked_what():
    """The error names the node, its visit, the question, and what the script held."""
    model = ScriptedChat.of(script({"node": "plan", "text": "x"}))
    with pytest.raises(NodeError, match=r'"demo" has no answer left for node "critique" at visit 2.*"Good\?".*plan: 1'):
        await ask(model, "critique", "Good?", nodeloom_visit=2)


async def test_a_scripted_error_is_raised():
    """A recording holds failures too."""
    model = ScriptedChat.of(script({"error": {"what": "Busy", "mend": "Wait", "retryable": True}}))
    with pytest.raises(NodeError, match="Busy") as caught:
        await ask(model, "a")
    assert caught.value.retryable


def test_a_script_survives_its_file(tmp_path: Path):
    """What is saved is what is loaded; the stem names a file without a name."""
    saved = script({"node": "a", "text": "ä", "seconds": 0.5})
    saved.save(tmp_path / "s.json")
    assert Script.load(tmp_path / "s.json") == saved
    (tmp_path / "tutor.json").write_text('{"replies": []}')
    assert Script.load(tmp_path / "tutor.json").name == "tutor"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{", "not a JSON object"),
        ("[1]", "not a JSON object"),
        ('{"replies": [{"txt": "a"}]}', r"wrong at replies\.0\.txt"),
        ('{"replies": [{"match": "("}]}', r"wrong at replies\.0\.match.*not a regular expression"),
        ('{"replies": [{"visit": 0}]}', r"replies\.0\.visit.*got 0"),
    ],
)
def test_a_wrong_file_is_told_where(tmp_path: Path, text: str, what: str):
    """The error names the file, the place in it, and the value."""
    path = tmp_path / "bad.json"
    path.write_text(text)
    with pytest.raises(NodeError, match=what):
        Script.load(path)


def test_a_missing_file_is_told(tmp_path: Path):
    """The path is in the error."""
    with pytest.raises(NodeError, match=r"none\.json cannot be read"):
        Script.load(tmp_path / "none.json")
