"""simulation.world and the variables of a world"""

from typing import Any

import pytest
from pydantic import ValidationError

from nodes.contract import NodeError
from nodes.simulation.variables import Variable, changed, read
from nodes.simulation.world import world
from tests.fakes import FakeContext, run_node

SHOP: dict[str, Any] = {
    "variables": [
        {"name": "stock", "initial": 3, "low": 0, "high": 10}, {"name": "money"},
        {"name": "open", "type": "boolean", "initial": True}, {"name": "buyers", "type": "list[text]"},
    ],
    "rules": [
        {"name": "sells", "when": "action.type == 'buy' && world.stock >= action.amount", "variable": "money",
         "operation": "add", "value": "action.amount * 2"},
        {"name": "buyer", "when": "action.type == 'buy' && world.stock >= action.amount", "variable": "buyers",
         "operation": "append", "value": "action.actor"},
        {"name": "leaves", "when": "action.type == 'buy' && world.stock >= action.amount", "variable": "stock",
         "operation": "add", "value": "-action.amount"},
        {"name": "closes", "on": "tick", "when": "world.stock == 0", "variable": "open", "value": "false"},
        {"name": "delivery", "on": "tick", "when": "tick == 2", "variable": "stock", "operation": "add", "value": "50"},
    ],
}  # fmt: skip


def buy(actor: str, amount: int) -> dict[str, Any]:
    return {"actor": actor, "type": "buy", "amount": amount}


def tick(state: Any = None, *actions: Any, visit: int = 1, config: dict[str, Any] = SHOP) -> dict[str, Any]:
    inputs = {"actions": list(actions), **({"world": state} if state else {})}
    return run_node(world, inputs, FakeContext(visit=visit), **config)


def test_actions_follow_the_rules_in_order():
    """The second buyer finds too little left; rules of the tick come after; the log tells who did what."""
    after = tick(None, buy("Ann", 3), buy("Bo", 1))
    assert after["world"] == {"stock": 0, "money": 6, "open": False, "buyers": ["Ann"]}
    assert after["log"] == [
        "Ann: sells: money is 6", "Ann: buyer: buyers is - Ann", "Ann: leaves: stock is 0", "closes: open is no",
    ]  # fmt: skip


def test_world_goes_on_and_keeps_its_bounds():
    """The world that is wired in goes on; a number stops at its bound."""
    first = tick(None, buy("Ann", 2))["world"]
    assert tick(first, visit=2)["world"]["stock"] == 10


def test_a_value_that_does_not_fit_is_an_error():
    """A rule whose value is of another type names itself."""
    rules = [{"name": "odd", "on": "tick", "when": "true", "variable": "n", "value": "'many'"}]
    with pytest.raises(NodeError, match="'odd' cannot apply: 'many' is no number"):
        tick(config={"variables": [{"name": "n"}], "rules": rules})


@pytest.mark.parametrize(
    ("config", "match"),
    [
        ({"rules": [{"name": "r", "when": "true", "variable": "gold", "value": "1"}]}, "'gold', which is no variable"),
        ({"variables": [{"name": "a"}, {"name": "a"}]}, "same name"),
        ({"variables": [{"name": "a", "initial": "x"}]}, "starts with 'x'"),
        ({"rules": [{"name": "r", "when": "1 +", "variable": "ticks", "value": "1"}]}, "when"),
    ],
)  # fmt: skip
def test_settings_are_checked(config: dict[str, Any], match: str):
    """Unknown variables, equal names, values of another type and broken CEL are refused."""
    with pytest.raises(ValidationError, match=match):
        tick(config=config)


@pytest.mark.parametrize(
    ("type", "operation", "value", "match"),
    [
        ("number", "append", "x", "only a list"), ("text", "add", 1, "only a number"),
        ("list[text]", "append", 3, "3 is no text"), ("boolean", "set", 1, "1 is no boolean"),
    ],
)  # fmt: skip
def test_changes_keep_to_types(type: Any, operation: Any, value: Any, match: str):
    """Each change fits only variables of its sort."""
    with pytest.raises(ValueError, match=match):
        changed({}, Variable(name="v", type=type), operation, value)


def test_lists_change():
    """Entries come and go, and only the latest are kept."""
    variable = Variable(name="v", type="list[text]", initial=("a", "b"))
    assert changed({}, variable, "remove", "a") == {"v": ["b"]}
    assert len(changed({"v": ["x"] * 200}, variable, "append", "y")["v"]) == 200


def test_values_written_as_text_are_read():
    """Numbers, truths, lists and texts as a model writes them."""
    types: list[Any] = ["number", "boolean", "list[text]", "text"]
    number, truth, texts, text = (Variable(name="v", type=each) for each in types)
    assert (read("1,200", number), read("Yes", truth), read("[a, b]", texts), read(" x ", text)) == (
        1200, True, ["a", "b"], "x",
    )  # fmt: skip
    with pytest.raises(ValueError, match="neither true nor false"):
        read("maybe", truth)
