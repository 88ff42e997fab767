"""planning.constraints"""

import pytest

from nodes.contract import NodeError
from nodes.planning.constraints import constraints
from tests.fakes import FakeContext, ScriptedModel, run_node


def test_constraints_are_listed_once_after_the_known_ones():
    """What always holds stands first; numbering and repeats of the model are dropped."""
    model = ScriptedModel({"constraints": ["1. Leave by noon", "Meet Ann at 9", "Leave by noon", " "]})
    ctx = FakeContext(model=model)
    out = run_node(constraints, {"problem": "Meet Ann at 9, leave by noon"}, ctx, always=["Stay in town"])
    assert out["constraints"] == ["Stay in town", "Leave by noon", "Meet Ann at 9"]
    assert out["text"].splitlines()[1] == "2. Leave by noon"
    assert "Meet Ann at 9, leave by noon" in model.calls[0].text
    assert ctx.views[-1]["rows"] == [["Stay in town"], ["Leave by noon"], ["Meet Ann at 9"]]


def test_their_number_is_bounded():
    """More than allowed are cut; none is a possible answer."""
    many = ScriptedModel({"constraints": ["a", "b", "c"]}, {"constraints": []})
    assert run_node(constraints, {"problem": "p"}, FakeContext(model=many), max_constraints=2)["constraints"] == [
        "a", "b",
    ]  # fmt: skip
    assert run_node(constraints, {"problem": "p"}, FakeContext(model=many)) == {"constraints": [], "text": ""}


def test_an_empty_problem_is_refused():
    """There is nothing to look at."""
    with pytest.raises(NodeError, match="problem is empty"):
        run_node(constraints, {"problem": ""})
