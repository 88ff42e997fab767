"""memory.window and memory.summarise"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.memory.summarise import summarise
from nodes.memory.window import tokens, window
from nodes.types import conforms
from tests.fakes import FakeContext, ScriptedModel, run_node

SYSTEM = {"role": "system", "content": "Be kind."}


def turn(text: str, role: str = "user", **more: Any) -> dict[str, Any]:
    return {"role": role, "content": text, **more}


def test_the_newest_turns_stay():
    """By number: system turns stay beside them, the rest falls out in order."""
    turns = [SYSTEM, turn("one"), turn("two", "assistant"), turn("three")]
    out = run_node(window, {"messages": turns}, max_messages=2)
    assert out["messages"] == [SYSTEM, turns[2], turns[3]]
    assert out["dropped"] == [turns[1]]
    assert out["text"] == "system: Be kind.\nassistant: two\nuser: three"
    assert conforms(out["messages"], "messages")


def test_tokens_bound_the_window():
    """Turns stay as long as their tokens fit; the last one stays even when it does not."""
    turns = [turn("a" * 40), turn("b" * 40), turn("c" * 40)]
    assert [tokens(each) for each in turns] == [11, 11, 11]
    assert run_node(window, {"messages": turns}, max_tokens=22)["messages"] == turns[1:]
    assert run_node(window, {"messages": [turn("a"), turn("b" * 400)]}, max_tokens=16)["messages"] == [turn("b" * 400)]


def test_a_result_is_not_kept_without_its_call():
    """A window that would begin with a tool's result begins after it."""
    call = turn("", "assistant", tool_calls=[{"name": "add", "args": {}}])
    turns = [turn("2 + 2?"), call, turn("4", "tool"), turn("It is 4.", "assistant")]
    assert run_node(window, {"messages": turns}, max_messages=2)["messages"] == [turns[3]]
    assert run_node(window, {"messages": turns[:3]}, max_messages=1)["messages"] == [call, turns[2]]
    assert run_node(window, {"messages": [turns[2]]}, max_messages=1)["messages"] == [turns[2]]


def test_an_empty_conversation_stays_empty():
    """Nothing in, nothing out."""
    assert run_node(window, {"messages": []}) == {"messages": [], "dropped": [], "text": ""}


def test_the_summary_grows_with_what_falls_out():
    """Old summary and new turns go in, one summary comes out, with the kept turns behind it."""
    model = ScriptedModel(" Ann wants tea at four. ")
    turns = [SYSTEM, turn("I am Ann"), turn("tea at four"), turn("thanks")]
    out = run_node(summarise, {"messages": turns, "summary": "A guest came."}, FakeContext(model=model), keep_last=1)
    assert out["summary"] == "Ann wants tea at four."
    assert out["messages"] == [
        {"role": "system", "content": "Notes of the conversation so far:\nAnn wants tea at four."}, turns[3],
    ]  # fmt: skip
    assert "A guest came." in model.calls[0].text and "user: tea at four" in model.calls[0].text
    assert "thanks" not in model.calls[0].text


@pytest.mark.parametrize(("turns", "keep"), [([], 0), ([turn("a")], 1), ([turn("a")], 5)])
def test_without_new_turns_no_model_is_called(turns: list[dict[str, Any]], keep: int):
    """The old summary stays as it is."""
    out = run_node(summarise, {"messages": turns, "summary": "old"}, keep_last=keep)
    assert out["summary"] == "old" and out["messages"][1:] == turns
    assert run_node(summarise, {"messages": []}) == {"summary": "", "messages": []}


def test_a_summary_that_runs_on_is_cut():
    """At twice the words asked for; an empty one is tried again."""
    ctx = FakeContext(model=ScriptedModel("word " * 100))
    assert len(run_node(summarise, {"messages": [turn("a")]}, ctx, max_words=20)["summary"].split()) == 40
    with pytest.raises(NodeError, match="empty summary"):
        run_node(summarise, {"messages": [turn("a")]}, FakeContext(model=ScriptedModel(" ")))
