"""control.compute"""

from typing import Any

import pytest

from graphs.ports import ports_of
from nodes.conditions import ConditionError
from nodes.contract import NodeError
from nodes.control.compute import compute
from nodes.registry import KINDS
from tests.documents import document
from tests.fakes import FakeContext, run_node


def result(expression: str, inputs: dict[str, Any], result_type: str = "any", visit: int = 1) -> Any:
    ctx = FakeContext(visit=visit)
    return run_node(compute, inputs, ctx, expression=expression, result_type=result_type)["result"]


@pytest.mark.parametrize(
    ("expression", "inputs", "result_type", "expected"),
    [
        ("value - other", {"value": 7, "other": 2}, "number", 5),
        ("value.map(each, each.text)", {"value": [{"text": "a"}, {"text": "b"}]}, "list[text]", ["a", "b"]),
        ("value.filter(each, each.n > 0.5)", {"value": [{"n": 0.9}, {"n": 0.1}]}, "list[record]", [{"n": 0.9}]),
        ("state.best", {"state": {"best": {"x": 1}}}, "record", {"x": 1}),
        ("[value, other]", {"value": "a"}, "list[any]", ["a", None]),
        ("{'n': visit}", {}, "record", {"n": 3}),
    ],
)  # fmt: skip
def test_values_are_worked_out(expression: str, inputs: dict[str, Any], result_type: str, expected: Any):
    """Numbers, parts, lists and records come out of what is wired in and of the state."""
    assert result(expression, inputs, result_type, visit=3) == expected


def test_the_result_is_held_to_its_type():
    """What comes out as something else is an error that says what it was; the port has the chosen type."""
    with pytest.raises(NodeError, match="is 'a', which is no number"):
        result("value", {"value": "a"}, "number")
    nodes: dict[str, Any] = {"n": {"kind": "control.compute", "config": {"result_type": "list[text]"}}}
    assert [port.type for port in ports_of(document(nodes), "n", KINDS).outputs] == ["list[text]"]


def test_what_cannot_be_computed_is_told():
    """An entry that is not there, and sorts that do not go together, are errors; whole and other numbers do."""
    with pytest.raises(ConditionError, match="'score', which its value has not"):
        result("value.score", {"value": {}})
    with pytest.raises(ConditionError, match="not defined for the given operand types"):
        result("value + 1", {"value": [0.5]})
    assert result("value + 1", {"value": 0.5}) == 1.5
