"""deliberation.compare"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.deliberation.compare import compare
from tests.fakes import FakeContext, ModelCall, ScriptedModel, run_node


class Judge(ScriptedModel):
    """Prefers by a rule of what is shown as A and as B."""

    def __init__(self, prefers: Any) -> None:
        super().__init__(*[self._say] * 4)
        self._prefers = prefers

    def _say(self, call: ModelCall) -> Any:
        if call.schema is None:
            return "They differ."
        shown = call.messages[1]["content"]
        return {"better": self._prefers(shown.index("SHORT") < shown.index("LONG"))}


def test_the_better_one_wins_in_both_orders():
    """A judge that always finds the same text better decides, wherever it stands."""
    ctx = FakeContext(model=Judge(lambda short_first: "B" if short_first else "A"))
    out = run_node(compare, {"first": "SHORT", "second": "LONG", "task": "t"}, ctx)
    assert (out.outcome, out.outputs["better"], out.outputs["consistent"]) == ("second", "LONG", True)
    assert len(ctx.model.calls) == 4 and ctx.views[-1]["winner"] == "second"


def test_a_judge_that_prefers_a_place_decides_nothing():
    """Whoever prefers what stands first says A in both orders: a tie."""
    ctx = FakeContext(model=Judge(lambda short_first: "A"))
    out = run_node(compare, {"first": "SHORT", "second": "LONG"}, ctx)
    assert (out.outcome, out.outputs["better"], out.outputs["consistent"]) == ("tie", "SHORT", False)
    assert ctx.lines[-1] == "tie (first and second in the two orders)"


def test_a_tie_in_both_orders_is_consistent():
    """Equally good is a verdict too."""
    out = run_node(compare, {"first": "SHORT", "second": "LONG"}, FakeContext(model=Judge(lambda _: "tie")))
    assert out.outcome == "tie" and out.outputs["consistent"]


def test_both_must_be_there():
    """An empty candidate is named."""
    with pytest.raises(NodeError, match="The second candidate is empty"):
        run_node(compare, {"first": "x", "second": " "})
