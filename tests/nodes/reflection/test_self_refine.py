"""reflection.self_refine"""

import pytest

from nodes.contract import NodeError
from nodes.reflection.self_refine import self_refine
from tests.fakes import FakeContext, ScriptedModel, run_node

REVISE = {"verdict": "revise", "score": 3}
ACCEPT = {"verdict": "accept", "score": 9}


def test_a_wrong_draft_becomes_right():
    """The draft is criticised, rewritten by that critique, and given out when the judge accepts it."""
    model = ScriptedModel("45", "17 + 26 is 43.", REVISE, "43", "Right.", ACCEPT)
    ctx = FakeContext(model=model)
    out = run_node(self_refine, {"task": "17 + 26?"}, ctx, system="Answer with a number.", rubric="Is {{what}} right?")
    assert out == {"answer": "43", "critique": "Right.", "accepted": True, "rounds": 2}
    assert model.calls[0].messages[0] == {"role": "system", "content": "Answer with a number."}
    assert "17 + 26 is 43." in model.calls[3].text
    assert ctx.views[-1]["versions"] == [
        {"draft": "45", "critique": "17 + 26 is 43.", "score": 3},
        {"draft": "43", "critique": "Right.", "score": 9},
    ]


def test_a_good_draft_costs_three_calls():
    """An accepted first draft is not touched."""
    model = ScriptedModel(" 43 ", "Right.", ACCEPT)
    out = run_node(self_refine, {"task": "17 + 26?"}, FakeContext(model=model))
    assert out == {"answer": "43", "critique": "Right.", "accepted": True, "rounds": 1}
    assert [message["role"] for message in model.calls[0].messages] == ["user"]


def test_rounds_are_bounded():
    """After the last round the last draft goes out, not accepted, with the last critique."""
    model = ScriptedModel("a", "bad", REVISE, "b", "still bad", REVISE, "c")
    ctx = FakeContext(model=model)
    out = run_node(self_refine, {"task": "t"}, ctx, max_rounds=2)
    assert out == {"answer": "c", "critique": "still bad", "accepted": False, "rounds": 2}
    assert ctx.lines == ["round 1 of 2: revised", "round 2 of 2: revised"]
    assert ctx.views[-1]["versions"][-1] == {"draft": "c", "critique": ""}


def test_a_draft_may_be_wired_in():
    """What is there already is not written again."""
    model = ScriptedModel("fine", ACCEPT)
    assert run_node(self_refine, {"task": "t", "draft": "mine"}, FakeContext(model=model))["answer"] == "mine"


def test_nothing_to_do_and_nothing_written_are_errors():
    """An empty task is refused; an empty draft of the model is tried again."""
    with pytest.raises(NodeError, match="task is empty"):
        run_node(self_refine, {"task": " "})
    with pytest.raises(NodeError, match="empty draft") as caught:
        run_node(self_refine, {"task": "t"}, FakeContext(model=ScriptedModel(" ")))
    assert caught.value.retryable
