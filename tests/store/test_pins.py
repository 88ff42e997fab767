"""Pins of stored workflows."""

import pytest

from store.database import Database
from store.errors import NotFound
from store.pins import Pins
from store.workflows import Workflows


def test_a_pin_is_put_replaced_listed_and_taken_out(database: Database) -> None:
    """One pin for each node of a workflow; the last one counts."""
    pins, id = Pins(database), Workflows(database).create({"title": "W"}).id
    pins.put(id, "b", {"out": 1}, "done", "f" * 16)
    pins.put(id, "a", {"out": 2})
    again = pins.put(id, "b", {"out": [3]})
    assert [(pin.node, pin.outputs, pin.outcome, pin.span) for pin in pins.list(id)] == [
        ("a", {"out": 2}, None, None), ("b", {"out": [3]}, None, None),
    ]  # fmt: skip
    assert again.pinned_at > 0
    pins.delete(id, "a")
    assert [pin.node for pin in pins.list(id)] == ["b"]
    with pytest.raises(NotFound, match="'a' is not pinned"):
        pins.delete(id, "a")


def test_pins_go_with_their_workflow(database: Database) -> None:
    """And none can be put where there is no workflow."""
    pins, workflows = Pins(database), Workflows(database)
    id = workflows.create({"title": "W"}).id
    pins.put(id, "a", {})
    workflows.delete(id)
    assert pins.list(id) == []
    with pytest.raises(NotFound, match="no workflow"):
        pins.put(id, "a", {})
