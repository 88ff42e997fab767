"""State variables: what they hold before and after writes."""

from typing import Any

from graphs.document import StateSpec
from graphs.state import first_value
from tests.graphs.engine.conftest import Bench
from tests.graphs.engine.fakes import workflow


def test_one_that_appends_begins_empty() -> None:
    """Without a default it is an empty list, so that the first item is not taken for the list itself."""
    assert first_value(StateSpec(reducer="append")) == []
    assert first_value(StateSpec(reducer="append", default=["a"])) == ["a"]
    assert first_value(StateSpec(reducer="merge")) is None
    assert first_value(StateSpec()) is None


def test_single_items_written_one_after_another_make_a_list(bench: Bench) -> None:
    """Two texts appended to a variable without a default are two items, not letters of a text."""
    nodes: dict[str, Any] = {name: ("control.set_state", {"values": {"notes": name}}) for name in ("first", "second")}
    document = workflow(
        {**nodes, "read": ("control.compute", {"expression": "state.notes"})},
        "start -> first, first -> second, second -> read, read -> finish",
        "read.result -> finish.answer",
        state={"notes": {"type": "list[text]", "reducer": "append"}},
    )
    row = bench.run(document)
    assert row.outputs == {"answer": ["first", "second"]}, row.error
