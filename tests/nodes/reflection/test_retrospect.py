"""reflection.retrospect"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.reflection.retrospect import retrospect
from tests.fakes import FakeContext, ListMemory, ScriptedModel, run_node


def look_back(memory: ListMemory | None, said: str, reward: float, task: str = "t", **config: Any) -> Any:
    other = ScriptedModel(said)
    ctx = FakeContext(memory=memory, at={"retrospective": [other]})
    out = run_node(retrospect, {"task": task, "episode": "I went left.", "reward": reward}, ctx, **config)
    return out, other, ctx


def test_the_other_model_reflects():
    """The model at its own socket is asked, the node's own is not."""
    out, other, ctx = look_back(None, " Go right next time. ", 0.2)
    assert out == {"reflection": "Go right next time.", "gain": 0}
    assert "I went left." in other.calls[0].text and "Score: 0.2" in other.calls[0].text
    assert ctx.model.calls == []


def test_reflections_that_helped_are_shown_as_examples():
    """The reflection after which the score rose most stands in the prompt, the one after which it fell does not."""
    memory = ListMemory()
    look_back(memory, "Try harder.", 0.5)
    fell, _, _ = look_back(memory, "Read the map.", 0.25)
    rose, other, ctx = look_back(memory, "Ask the way.", 1.0)
    assert (fell["gain"], rose["gain"]) == (-0.25, 0.75)
    assert "A reflection that helped (score up by 0.75):\nRead the map." in other.calls[0].text
    assert "Try harder." not in other.calls[0].text
    assert ctx.views[-1]["rows"] == [["Try harder.", -0.25], ["Read the map.", 0.75], ["Ask the way.", None]]


def test_helpful_reflections_of_other_tasks_are_shown_too():
    """Examples are of any task, gains only of the same."""
    memory = ListMemory()
    look_back(memory, "Read the map.", 0)
    look_back(memory, "Go on.", 1)
    out, other, _ = look_back(memory, "x", 0.5, task="another")
    assert out["gain"] == 0 and "Read the map." in other.calls[0].text
    assert "Read the map." not in look_back(memory, "x", 0.5, task="a third", examples=0)[1].calls[0].text


def test_without_another_model_the_nodes_own_is_asked():
    """The socket may stay empty."""
    ctx = FakeContext(model=ScriptedModel("Go."))
    assert run_node(retrospect, {"task": "t", "episode": "e", "reward": 1}, ctx)["reflection"] == "Go."


def test_nothing_to_look_back_on_is_an_error():
    """An empty episode is refused, an empty reflection is tried again."""
    with pytest.raises(NodeError, match="The episode is empty"):
        run_node(retrospect, {"task": "t", "episode": [], "reward": 1})
    with pytest.raises(NodeError, match="empty reflection"):
        look_back(None, " ", 1)
