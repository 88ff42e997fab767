"""teams.read_in_parts"""

from typing import Any

import pytest

from nodes.contract import AnswerError, NodeError
from nodes.teams.read_in_parts import read_in_parts
from tests.fakes import FakeContext, ModelCall, ScriptedModel, run_node

TEXT = "a" * 200 + "the key is 42" + "b" * 187 + "c" * 100
"""Three parts of 200 without overlap; the second holds the fact."""
CUT = {"part": 200, "overlap": 0}


def told(answer: str) -> dict[str, Any]:
    return {"told": bool(answer), "answer": answer}


def reader(call: ModelCall) -> dict[str, Any]:
    """Finds the key where it is; makes one up from a text of b's or c's alone."""
    text = call.messages[0]["content"].split("Question")[0]
    return told("42" if "key" in text else "7" if "c" * 50 in text else "")


def test_readers_who_differ_read_together_and_the_made_up_answer_goes():
    """One reader finds 42, another makes up 7: with both parts in sight 42 is left."""
    ctx = FakeContext(model=ScriptedModel(*[reader] * 4))
    out = run_node(read_in_parts, {"text": TEXT, "question": "Which key?"}, ctx, **CUT)
    assert (out.outcome, out.outputs["answer"]) == ("found", "42")
    assert [(each["reader"], each["answer"]) for each in out.outputs["findings"]] == [("1", ""), ("2+3", "42")]
    assert "[...]" in ctx.model.calls[3].text
    assert [[each["answer"] for each in round] for round in ctx.views[-1]["rounds"]] == [
        ["(not told)", "42", "7"], ["42"],
    ]  # fmt: skip
    assert ctx.lines == ["parts 2 and 3 differ: '42', '7'"]


def test_conflicts_are_bounded():
    """Without a shared reading the answers stay divided, and what most say stands."""
    model = ScriptedModel(told("7"), told("42."), told("42"))
    out = run_node(read_in_parts, {"text": TEXT, "question": "q"}, FakeContext(model=model), max_conflicts=0, **CUT)
    assert (out.outcome, out.outputs["answer"]) == ("divided", "42.")


def test_equal_answers_are_no_conflict():
    """Forty-two in two spellings costs no further call."""
    model = ScriptedModel(told("$42"), told(""), told("42.0"))
    out = run_node(read_in_parts, {"text": TEXT, "question": "q"}, FakeContext(model=model), **CUT)
    assert out.outcome == "found" and len(model.calls) == 3


def test_nobody_finds_it():
    """Readers to whom nothing is told, and one that cannot fill the form, find nothing."""
    model = ScriptedModel(told(""), AnswerError("no", text=""), AnswerError("no", text=""), told(""))
    out = run_node(read_in_parts, {"text": TEXT[:400], "question": "q"}, FakeContext(model=model), part=200, overlap=80)
    assert (out.outcome, out.outputs["answer"]) == ("not_found", "")


def test_parts_overlap_and_cover_the_text():
    """Each part begins before the one before it ends, and the last ends with the text."""
    text = "".join(chr(97 + i % 26) for i in range(1_000))
    ctx = FakeContext(model=ScriptedModel(*[told("")] * 4))
    out = run_node(read_in_parts, {"text": text, "question": "q"}, ctx, part=300, overlap=50)
    starts = [each["start"] for each in out.outputs["findings"]]
    assert starts == [text[i : i + 80] for i in (0, 250, 500, 750)]
    assert text[-50:] in ctx.model.calls[-1].text


def test_texts_that_cannot_be_read():
    """An empty text, and one with more parts than allowed, are errors with their numbers."""
    with pytest.raises(NodeError, match="text is empty"):
        run_node(read_in_parts, {"text": " ", "question": "q"})
    with pytest.raises(NodeError, match=r"500 characters makes 3 parts, and 'Parts' is 2"):
        run_node(read_in_parts, {"text": TEXT, "question": "q"}, max_parts=2, **CUT)
