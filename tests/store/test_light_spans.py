"""The trace without its values: marks are equal where the values are, and settings are looked into."""

from typing import Any

from store.database import Database
from store.light_spans import LightSpan, light_spans
from store.spans import SpanWriter


def read(database: Database, *rows: dict[str, Any]) -> list[LightSpan]:
    """The light spans of a run with these rows."""
    writer = SpanWriter(database)
    base = {"run_id": "r", "operation": "invoke_node", "name": "n", "status": "ok"}
    for number, row in enumerate(rows):
        writer.put({**base, "id": f"{number:016x}", "started_at": 1.0 + number, **row})
    writer.close()
    return light_spans(database, "r")


def test_spans_come_in_the_order_they_began(database: Database) -> None:
    """Not in the order they were written; other runs are left out."""
    found = read(database, {"started_at": 9.0}, {"started_at": 3.0, "ended_at": 4.0}, {"run_id": "other"})
    assert [(span.started_at, span.ended_at) for span in found] == [(3.0, 4.0), (9.0, None)]


def test_columns_and_sums_are_there(database: Database) -> None:
    """Tokens are those sent and written; an error is its words."""
    (span,) = read(
        database,
        {
            "node_id": "solve", "kind": "agent", "visit": 2, "item": 1, "outcome": "done", "usd": 0.5,
            "input_tokens": 10, "output_tokens": 5, "error": {"what": "It broke.", "mend": ""},
        },
    )  # fmt: skip
    assert (span.node_id, span.kind, span.visit, span.item, span.outcome) == ("solve", "agent", 2, 1, "done")
    assert (span.tokens, span.usd, span.error) == (15, 0.5, "It broke.")
    assert (span.input, span.output, span.settings, span.kept_from) == (None, None, None, None)


def test_marks_are_equal_exactly_where_values_are(database: Database) -> None:
    """Short ones and long ones, which are kept aside; of a long one the size is its own."""
    values = ({"a": "x"}, {"a": "x"}, {"a": "y"}, {"a": "x" * 9000}, {"a": "x" * 9000}, {"a": "x" * 8999 + "y"})
    marks = [span.output for span in read(database, *({"output": value} for value in values))]
    assert [[one == other for other in marks].count(True) for one in marks] == [2, 2, 1, 2, 2, 1]
    assert [mark.size for mark in marks if mark] == [9, 9, 9, 9008, 9008, 9008]


def test_settings_are_those_of_model_calls_alone(database: Database) -> None:
    """Temperature, limits, tools and schema; what else an attribute says makes no difference."""
    asked = {"temperature": 0, "schema": {"type": "object"}}
    spans = read(
        database,
        {"operation": "chat", "attributes": {**asked, "role": "critic"}},
        {"operation": "chat", "attributes": asked},
        {"operation": "chat", "attributes": {**asked, "temperature": 1}},
        {"operation": "chat", "attributes": {**asked, "tools": [{"name": "t" * 9000}]}},
        {"operation": "chat", "attributes": {**asked, "tools": [{"name": "u" * 9000}]}},
        {"attributes": asked},
    )
    assert spans[0].settings == spans[1].settings != spans[2].settings
    assert spans[3].settings != spans[4].settings
    assert spans[5].settings is None


def test_values_put_in_by_hand_have_a_mark(database: Database) -> None:
    """Of a person's edits and of pins; equal ones are equal, and other attributes make none."""
    attributes = ({"edited": {"outputs": {"a": 1}}}, {"edited": {"outputs": {"a": 1}}}, {"pinned": True}, {"view": {}})
    one, same, pinned, none = (span.by_hand for span in read(database, *({"attributes": each} for each in attributes)))
    assert one and one == same != pinned
    assert pinned and none is None


def test_a_visit_taken_over_says_from_where(database: Database) -> None:
    """Also where its attributes are too long for their column."""
    long = {"kept_from": "ab", "view": {"type": "table", "rows": ["x" * 9000]}}
    assert [span.kept_from for span in read(database, {"attributes": {"kept_from": "cd"}}, {"attributes": long})] == [
        "cd",
        "ab",
    ]
