"""Variables of a world that hold records and lists"""

from typing import Any

import pytest
from pydantic import ValidationError

from nodes.simulation.resolve import ruling_schema
from nodes.simulation.variables import Operation, Variable, changed, read, type_of
from nodes.simulation.world import world
from tests.fakes import FakeContext, run_node

PURSES = Variable(name="purses", type="record", initial={"Ann": 3, "Bo": 1}, low=0)


@pytest.mark.parametrize(
    ("type", "initial", "operation", "value", "after"),
    [
        ("record", {"Ann": 3}, "add", {"Ann": -5, "Cy": 2}, {"Ann": 0, "Cy": 2}),
        ("record", {"Ann": 3}, "merge", {"Bo": 1}, {"Ann": 3, "Bo": 1}),
        ("record", {"Ann": 3, "Bo": 1}, "remove", "Bo", {"Ann": 3}),
        ("record", None, "set", {"Cy": 1}, {"Cy": 1}),
        ("list[number]", [1, 2], "append", 3.5, [1, 2, 3.5]),
        ("list[number]", [1, 2, 1], "remove", 1, [2]),
        ("list[record]", [{"a": 1}], "append", {"a": -2}, [{"a": 1}, {"a": 0}]),
        ("list[record]", None, "set", [{"b": "x"}], [{"b": "x"}]),
    ],
)  # fmt: skip
def test_changes_of_records_and_lists(type: Any, initial: Any, operation: Operation, value: Any, after: Any):
    """Entries are added to, merged, appended and removed; numbers in them keep the bounds."""
    variable = Variable(name="v", type=type, initial=initial, low=0)
    before = {"v": variable.start()}
    assert changed(before, variable, operation, value) == {"v": after}
    assert before == {"v": variable.start()}


@pytest.mark.parametrize(
    ("variable", "operation", "value", "match"),
    [
        (PURSES, "add", {"Ann": "much"}, "'much' is no number"), (PURSES, "append", 1, "only a list"),
        (PURSES, "set", [1], "is no record"), (PURSES, "remove", 7, "is no text"),
        (Variable(name="n"), "merge", {}, "only a record"), (Variable(name="n"), "remove", 1, "only a list or a"),
        (Variable(name="t", type="text"), "add", 1, "only a number, or a record"),
        (Variable(name="l", type="list[record]"), "append", "x", "is no record"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(variable: Variable, operation: Operation, value: Any, match: str):
    """The variable and the value are named."""
    with pytest.raises(ValueError, match=match):
        changed({}, variable, operation, value)


def test_a_first_value_must_be_of_the_type():
    """A list is no record."""
    with pytest.raises(ValidationError, match="is a record, and starts with"):
        Variable(name="v", type="record", initial=("a",))


def test_models_write_records_as_json():
    """What a game master writes is read in the type of what is there; nonsense is refused."""
    assert type_of({"a": 1}) == "record" and type_of([{"a": 1}]) == "list[record]" and type_of([1]) == "list[number]"
    assert type_of([]) == "list[text]" and type_of([1, "a"]) is None and type_of(None) is None
    assert read('{"Ann": 4}', PURSES) == {"Ann": 4}
    assert read('["a", "b"]', Variable(name="l", type="list[text]")) == ["a", "b"]
    assert read("[a, b]", Variable(name="l", type="list[text]")) == ["a", "b"]
    for wrong in ("gold", '{"Ann": NaN}'):
        with pytest.raises(ValueError):
            read(wrong, PURSES)
    assert "changes" in ruling_schema(("purses",)).model_fields


def test_rules_move_money_between_purses():
    """One rule over a record pays from one person to another, whoever they are."""
    config = {
        "variables": [{"name": "purses", "type": "record", "initial": {"Ann": 5.0, "Bo": 0.0}, "low": 0}],
        "rules": [
            {"name": "pays", "when": "world.purses[action.actor] >= action.sum", "variable": "purses",
             "operation": "add", "value": "{action.actor: -action.sum, action.to: action.sum}"},
        ],
    }  # fmt: skip
    action = {"actor": "Ann", "to": "Bo", "sum": 3.0}
    after = run_node(world, {"actions": [action, action]}, FakeContext(), **config)
    assert after["world"] == {"purses": {"Ann": 2.0, "Bo": 3.0}}
