"""control.choose, control.approve, control.edit"""

from typing import Any

import pytest

from nodes.contract import NodeError, Pause
from nodes.control.approve import approve
from nodes.control.choose import choose
from nodes.control.edit import edit
from tests.fakes import run_node

LONG = "word " * 40


def paused(result: Any) -> Pause:
    assert isinstance(result, Pause)
    return result


def test_the_chosen_option_goes_on_as_it_is():
    """Options may be any values; long ones are shown whole above and cut on the button."""
    pause = paused(run_node(choose, {"options": ["short", {"a": 1}, LONG]}))
    labels = pause.form.fields[0]["choices"]
    assert labels[:2] == ["1. short", '2. {"a": 1}'] and len(labels[2]) < 90 and LONG.strip() in pause.form.text
    result: Any = pause.resume({"choice": labels[1]})
    assert (result.outcome, result.outputs) == ("done", {"choice": {"a": 1}, "index": 1})


def test_all_options_can_be_refused():
    """With none of these there is a way on without a choice; without it, it is no choice."""
    refused: Any = paused(run_node(choose, {"options": ["a"]}, none_of_these=True)).resume({"choice": "None of these"})
    assert (refused.outcome, refused.outputs) == ("none", {"choice": None, "index": -1})
    with pytest.raises(NodeError, match="not one of the options"):
        paused(run_node(choose, {"options": ["a"]})).resume({"choice": "None of these"})


@pytest.mark.parametrize("options", [[], ["x"] * 51])
def test_there_must_be_options(options: list[str]):
    """None, and more than a person can read, are errors."""
    with pytest.raises(NodeError, match=f"{len(options)} options"):
        run_node(choose, {"options": options})


def test_equal_options_stay_apart():
    """The number tells equal texts apart."""
    pause = paused(run_node(choose, {"options": ["same", "same"]}))
    result: Any = pause.resume({"choice": "2. same"})
    assert result.outputs["index"] == 1


def test_approval_and_rejection_lead_on_differently():
    """Approved needs no reason; a rejection carries it."""
    pause = paused(run_node(approve, {"content": {"to": "Ann"}, "who": "Bo"}, question="May {{who}} send this?"))
    assert pause.form.text.startswith("May Bo send this?") and "Ann" in pause.form.text
    yes: Any = pause.resume({"decision": "Approve", "reason": None})
    assert (yes.outcome, yes.outputs) == ("approved", {"content": {"to": "Ann"}, "reason": ""})
    no: Any = pause.resume({"decision": "Reject", "reason": " too long "})
    assert (no.outcome, no.outputs["reason"]) == ("rejected", "too long")


def test_rejection_needs_a_reason():
    """Unless the settings say otherwise; a decision there must be."""
    with pytest.raises(NodeError, match="no reason"):
        paused(run_node(approve, {"content": "x"})).resume({"decision": "Reject"})
    free: Any = paused(run_node(approve, {"content": "x"}, reason_required=False)).resume({"decision": "Reject"})
    assert free.outcome == "rejected"
    with pytest.raises(NodeError, match="None is no decision"):
        paused(run_node(approve, {"content": "x"})).resume({})


def test_the_edited_text_goes_on():
    """The text stands in the field; what comes back goes on, and whether it changed."""
    pause = paused(run_node(edit, {"text": "Dear all"}))
    assert pause.form.fields[0]["default"] == "Dear all"
    assert pause.resume({"text": "Dear Ann"}) == {"text": "Dear Ann", "changed": True}
    assert pause.resume({"text": "Dear all"}) == {"text": "Dear all", "changed": False}


def test_empty_and_foreign_edits():
    """An empty text is refused unless allowed; a number is no text."""
    with pytest.raises(NodeError, match="empty"):
        paused(run_node(edit, {"text": "x"})).resume({"text": " "})
    assert paused(run_node(edit, {"text": "x"}, allow_empty=True)).resume({"text": None})["text"] == ""  # type: ignore[index]
    with pytest.raises(NodeError, match="is 3"):
        paused(run_node(edit, {"text": "x"})).resume({"text": 3})


def test_nobody_answers_in_time():
    """Each has a way out: the content unchanged, no choice, the text as it was."""
    late = {"answer_within": "2 h"}
    ways: list[Any] = [
        paused(run_node(approve, {"content": "x"}, **late)), paused(run_node(choose, {"options": ["a"]}, **late)),
        paused(run_node(edit, {"text": "x"}, **late)),
    ]  # fmt: skip
    assert {way.within for way in ways} == {7_200} and {way.timed_out.outcome for way in ways} == {"timed_out"}
    assert [way.timed_out.outputs for way in ways] == [
        {"content": "x", "reason": ""}, {"choice": None, "index": -1}, {"text": "x", "changed": False},
    ]  # fmt: skip


def test_the_decision_is_the_buttons():
    """An approval is decided by its buttons; the reason is a field."""
    form = paused(run_node(approve, {"content": "x"})).form
    assert form.decide == "decision" and [field["type"] for field in form.fields] == ["choice", "long_text"]
