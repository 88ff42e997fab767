"""control.effort"""

import pytest

from nodes.contract import NodeError
from nodes.control.effort import effort
from tests.fakes import FakeContext, ScriptedModel, run_node


@pytest.mark.parametrize("level", ["low", "medium", "high"])
def test_leads_on_by_difficulty(level: str):
    """The rating is the outcome, and the levels of the settings stand in the prompt."""
    ctx = FakeContext(model=ScriptedModel({"needs": "one look", "difficulty": level}))
    result = run_node(effort, {"task": "Prove it"}, ctx, high="anything with a proof")
    assert result.outcome == level
    assert result.outputs == {"difficulty": level, "needs": "one look"}
    assert "high: anything with a proof" in ctx.model.calls[0].text and "Prove it" in ctx.model.calls[0].text


def test_level_that_is_none_is_asked_again():
    """An answer outside the three is asked for once more."""
    answers = [{"needs": "x", "difficulty": "extreme"}, {"needs": "x", "difficulty": "high"}]
    assert run_node(effort, {"task": "t"}, FakeContext(model=ScriptedModel(*answers))).outcome == "high"


def test_empty_task_is_refused():
    """There is nothing to rate in an empty text."""
    with pytest.raises(NodeError, match="empty"):
        run_node(effort, {"task": " "})
