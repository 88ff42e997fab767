"""control.when_to_ask"""

from nodes.contract import RunEvent
from nodes.control.when_to_ask import when_to_ask
from tests.fakes import FakeContext, ScriptedModel, run_node

UNSURE = {"missing": "the date", "confidence": 3, "question": " When is it? "}
SURE = {"missing": "nothing", "confidence": 9, "question": "When is it?"}
ASKED = RunEvent("node", "node", "ask")


def test_asks_when_unsure_and_goes_on_when_sure():
    """The threshold decides, and the question is given out."""
    asked = run_node(when_to_ask, {"task": "Book it"}, FakeContext(model=ScriptedModel(UNSURE)))
    assert (asked.outcome, asked.outputs) == ("ask", {"question": "When is it?", "confidence": 3, "left": 1})
    went = run_node(when_to_ask, {"task": "Book it"}, FakeContext(model=ScriptedModel(SURE)))
    assert (went.outcome, went.outputs["question"], went.outputs["left"]) == ("go_on", "", 2)
    bold = run_node(when_to_ask, {"task": "Book it"}, FakeContext(model=ScriptedModel(UNSURE)), min_confidence=3)
    assert bold.outcome == "go_on"


def test_budget_of_questions_ends():
    """After the last question no model is asked; questions of other nodes do not count."""
    spent = FakeContext(model=ScriptedModel(), history=[ASKED, ASKED])
    assert run_node(when_to_ask, {"task": "t"}, spent).outcome == "go_on"
    other = RunEvent("node", "elsewhere", "ask")
    ctx = FakeContext(model=ScriptedModel(UNSURE), history=[ASKED, other])
    assert run_node(when_to_ask, {"task": "t", "work": "half done"}, ctx).outputs["left"] == 0
    assert "half done" in ctx.model.calls[0].text


def test_no_question_is_no_question():
    """A doubt without words is nothing to ask."""
    ctx = FakeContext(model=ScriptedModel({**UNSURE, "question": " "}))
    assert run_node(when_to_ask, {"task": "t"}, ctx).outcome == "go_on"
