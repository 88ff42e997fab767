"""deliberation.merge"""

import pytest

from nodes.contract import NodeError
from nodes.deliberation.merge import merge
from tests.fakes import FakeContext, ScriptedModel, role, run_node


def test_layers_see_the_proposals_before_and_the_last_are_merged():
    """Two members in two layers and the aggregator: the second layer reads the first, the aggregator the second."""
    ann, bob = role("Ann", "rain", "rain and wind"), role("Bob", "wind", "storm")
    ctx = FakeContext(roles=[ann, bob], model=ScriptedModel("A storm with rain."))
    out = run_node(merge, {"question": "Weather?"}, ctx, layers=2)
    assert out == {"answer": "A storm with rain.", "proposals": ["rain and wind", "storm"]}
    assert ann.model.calls[0].text.endswith("Weather?")  # type: ignore[attr-defined]
    assert "Answer 1:\nrain\n\nAnswer 2:\nwind" in bob.model.calls[1].text  # type: ignore[attr-defined]
    assert "Answer 2:\nstorm" in ctx.model.calls[0].text and ctx.model.calls[0].temperature == 0
    assert ctx.views[-1]["verdict"] == "A storm with rain." and len(ctx.views[-1]["rounds"]) == 2


def test_wired_answers_are_only_merged():
    """With answers wired in, one layer costs one call."""
    ctx = FakeContext(model=ScriptedModel("both"))
    assert run_node(merge, {"question": "q", "answers": ["one", " ", "two"]}, ctx)["proposals"] == ["one", "two"]
    assert len(ctx.model.calls) == 1


def test_copies_propose_where_no_role_is_attached():
    """Dropped on the canvas it works: copies of the model propose at a temperature."""
    ctx = FakeContext(model=ScriptedModel("a", "b", "c", "abc"))
    assert run_node(merge, {"question": "q"}, ctx)["answer"] == "abc"
    assert [call.temperature for call in ctx.model.calls] == [0.7, 0.7, 0.7, 0]


def test_nothing_to_merge():
    """No question, or only empty proposals, are errors."""
    with pytest.raises(NodeError, match="question is empty"):
        run_node(merge, {"question": ""})
    with pytest.raises(NodeError, match="All proposals are empty"):
        run_node(merge, {"question": "q"}, FakeContext(model=ScriptedModel("", "", "")))
