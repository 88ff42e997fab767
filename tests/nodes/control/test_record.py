"""control.record"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.control.record import record
from tests.fakes import FakeContext, run_node


def made(inputs: dict[str, Any], entries: dict[str, str], **config: Any) -> dict[str, Any]:
    return run_node(record, inputs, FakeContext(), entries=entries, **config)


def test_values_are_put_together_as_they_are():
    """Wired values keep their type, parts and state are taken out, other templates are text, or JSON where they are."""
    inputs = {"order": {"side": "buy", "sizes": [1, 2]}, "who": "Ann", "state": {"cases": [{"x": 1}]}}
    out = made(inputs, {
        "sizes": "{{order.sizes}}", "all": "{{order}}", "cases": "{{state.cases}}",
        "told": "{{who}} says {{order.side}}", "many": "3", "flags": '{"on": true}', "text": '"42"', "odd": "NaN",
    })  # fmt: skip
    assert out["record"] == {
        "sizes": [1, 2], "all": inputs["order"], "cases": [{"x": 1}], "told": "Ann says buy", "many": 3,
        "flags": {"on": True}, "text": "42", "odd": "NaN",
    }  # fmt: skip
    assert out["value"] == [1, 2] and out["records"] == [out["record"]]


def test_entries_go_into_a_base():
    """A record that is wired in keeps what is not written anew, and is not changed itself."""
    base = {"name": "Ann", "age": 3}
    out = made({"base": base, "x": 4}, {"age": "{{x}}"}, take="name")
    assert out["record"] == {"name": "Ann", "age": 4} and out["value"] == "Ann" and base["age"] == 3
    assert made({"base": base}, {})["value"] == "Ann"


def test_nothing_at_all():
    """An empty record has no value; a key that is not there is an error."""
    assert made({}, {}) == {"record": {}, "records": [{}], "value": None}
    with pytest.raises(NodeError, match="no entry 'gone'"):
        made({}, {"a": "1"}, take="gone")
