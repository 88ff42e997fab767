"""control.route_by_model"""

import pytest

from nodes.contract import AnswerError
from nodes.control.route_by_model import route_by_model
from tests.fakes import FakeContext, ScriptedModel, run_node

LABELS = [{"name": "billing", "description": "money & bills"}, {"name": "other"}]


def test_goes_the_way_the_model_chose():
    """The label becomes the outcome, and the model saw text, question, labels and descriptions."""
    model = ScriptedModel({"label": "billing"})
    result = run_node(route_by_model, {"text": "I paid twice"}, FakeContext(model=model), labels=LABELS)
    assert (result.outcome, result.outputs) == ("billing", {"label": "billing"})
    call = model.calls[0]
    assert "- billing: money & bills\n- other\n" in call.messages[0]["content"]
    assert call.messages[1]["content"].endswith("I paid twice")
    assert call.schema is not None
    assert call.schema.model_json_schema()["properties"]["label"]["enum"] == ["billing", "other"]
    assert call.temperature == 0


def test_other_labels_are_not_accepted():
    """A label that is not among them is asked for again, and refused the second time."""
    model = ScriptedModel({"label": "sales"}, {"label": "other"})
    assert run_node(route_by_model, {"text": "x"}, FakeContext(model=model), labels=LABELS).outcome == "other"
    model = ScriptedModel({"label": "sales"}, {"label": "sales"})
    with pytest.raises(AnswerError, match="billing"):
        run_node(route_by_model, {"text": "x"}, FakeContext(model=model), labels=LABELS)


def test_instruction_is_a_template():
    """The question may use what is wired in."""
    model = ScriptedModel({"label": "other"})
    inputs = {"text": [1, 2], "team": "support"}
    run_node(route_by_model, inputs, FakeContext(model=model), labels=LABELS, instruction="For {{team}}?")
    assert model.calls[0].messages[1]["content"] == "For support?\n\n- 1\n- 2"


def test_labels_are_named_once():
    """Two labels of one name are refused."""
    with pytest.raises(ValueError, match="two outcomes are named 'a'"):
        route_by_model.config.model_validate({"labels": [{"name": "a"}, {"name": "a"}]})
