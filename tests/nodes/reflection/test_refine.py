"""reflection.refine"""

import pytest

from nodes.contract import NodeError
from nodes.reflection.refine import refine
from tests.fakes import FakeContext, ScriptedModel, run_node


def test_rewrites_by_the_feedback():
    """Draft, feedback, task and advice are shown, and the improved draft comes back bare."""
    model = ScriptedModel(" 17 + 26 = 43\n")
    inputs = {"draft": "17 + 26 = 45", "feedback": "The sum is wrong.", "task": "Add.", "tone": "short"}
    ctx = FakeContext(model=model)
    out = run_node(refine, inputs, ctx, advice="Keep it {{tone}}.")
    assert [version["draft"] for version in ctx.views[-1]["versions"]] == ["17 + 26 = 45", "17 + 26 = 43"]
    assert out == {"draft": "17 + 26 = 43"}
    for part in ("17 + 26 = 45", "The sum is wrong.", "Task:\nAdd.", "Keep it short."):
        assert part in model.calls[0].text


def test_an_empty_draft_is_tried_again():
    """A model that gives nothing back has failed in a way that may pass."""
    with pytest.raises(NodeError, match="empty draft") as caught:
        run_node(refine, {"draft": "x", "feedback": "y"}, FakeContext(model=ScriptedModel(" ")))
    assert caught.value.retryable
