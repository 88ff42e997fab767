"""tools.run_code"""

from typing import Any

import pytest

from nodes.contract import NodeError, Route
from nodes.tools.run_code import run_code
from tests.fakes import FakeContext, run_node


def ran(inputs: dict[str, Any], **config: Any) -> Route:
    return run_node(run_code, inputs, FakeContext(), **config)


def test_kept_code_is_applied_to_values():
    """Code that was learned reads the values by name; a fence around it is taken off; the last line is the result."""
    code = "```python\ndef total(items):\n    print('adding')\n    return sum(each['n'] for each in items)\n```"
    out = ran({"code": code, "values": {"items": [{"n": 2}, {"n": 5}]}}, call="total(items)")
    assert (out.outcome, out.outputs["result"], out.outputs["printed"]) == ("done", 7, "adding\n")
    assert ran({"values": {"x": 3}}, code="x * 2").outputs["result"] == 6
    assert ran({}, code="(1, {2})").outputs["result"] == [1, [2]]


def test_mistakes_are_a_way_on():
    """Code that breaks, never ends or reaches out ends with failed, and says where."""
    out = ran({}, code="x = 1\n1 / 0")
    assert (out.outcome, out.outputs["result"]) == ("failed", None)
    assert out.outputs["error"] == "line 2: ZeroDivisionError: division by zero"
    assert "took longer" in ran({}, code="while True: pass", seconds=0.3).outputs["error"]
    assert ran({}, code="open('/etc/passwd')").outcome == "failed"


@pytest.mark.parametrize("name", ["two words", "class", "1st"])
def test_what_cannot_be_run_is_an_error(name: str):
    """No code, and names Python cannot read."""
    with pytest.raises(NodeError, match="no code to run"):
        ran({"code": "  "})
    with pytest.raises(NodeError, match=f"'{name}' cannot be read"):
        ran({"values": {name: 1}}, code="1")
