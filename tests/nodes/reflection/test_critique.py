"""reflection.critique"""

import pytest

from nodes.contract import NodeError
from nodes.reflection.critique import critique
from tests.fakes import FakeContext, ScriptedModel, run_node

REVISE = {"verdict": "revise", "score": 3}
ACCEPT = {"verdict": "accept", "score": 9}


def test_thinks_in_prose_before_the_verdict():
    """First call without schema, second with, the prose in between; the prose is the feedback."""
    model = ScriptedModel(" 17 + 26 is 43, not 45. \n", REVISE)
    ctx = FakeContext(model=model)
    result = run_node(critique, {"draft": "17 + 26 = 45", "task": "add"}, ctx)
    assert result.outcome == "revise"
    assert ctx.views[-1]["versions"] == [
        {"draft": "17 + 26 = 45", "critique": "17 + 26 is 43, not 45.", "score": 3}
    ]  # fmt: skip
    assert result.outputs == {"feedback": "17 + 26 is 43, not 45.", "verdict": "revise", "score": 3}
    first, second = model.calls
    assert first.schema is None and second.schema is not None
    assert "17 + 26 = 45" in first.text and "Task:\nadd" in first.text
    assert second.messages[2] == {"role": "assistant", "content": " 17 + 26 is 43, not 45. \n"}


def test_accepts():
    """A good draft leads on."""
    assert run_node(critique, {"draft": "43"}, FakeContext(model=ScriptedModel("Right.", ACCEPT))).outcome == "accept"


@pytest.mark.parametrize(("visit", "outcome"), [(1, "revise"), (2, "revise"), (3, "accept")])
def test_revisions_are_bounded(visit: int, outcome: str):
    """After the last revision the draft goes on, and the verdict still says what the judge thought."""
    ctx = FakeContext(model=ScriptedModel("Bad.", REVISE), visit=visit)
    result = run_node(critique, {"draft": "x"}, ctx, max_revisions=2)
    assert result.outcome == outcome
    assert result.outputs["verdict"] == "revise"
    assert bool(ctx.lines) == (visit == 3)
    assert critique.bounds_loop


def test_criteria_are_a_template():
    """The rubric may use what is wired in."""
    model = ScriptedModel("ok", ACCEPT)
    run_node(critique, {"draft": "x", "unit": "km"}, FakeContext(model=model), rubric="Is it in {{unit}}?")
    assert "Criteria: Is it in km?" in model.calls[0].text


def test_an_empty_draft_is_an_error():
    """There is nothing to judge in nothing."""
    with pytest.raises(NodeError, match="draft is empty"):
        run_node(critique, {"draft": " "})
