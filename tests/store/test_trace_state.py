"""The state variables before and after a step, told from what steps wrote."""

from typing import Any

import pytest

from store.database import Database
from store.trace_reader import TraceReader
from store.trace_state import shortened
from tests.store.traces import chat, new_run, root, span, write

SPECS: dict[str, dict[str, Any]] = {
    "feedback": {"type": "text", "reducer": "last", "default": ""},
    "notes": {"type": "list[text]", "reducer": "append"},
    "facts": {"type": "record", "reducer": "merge", "default": {"a": 1}},
    "revisions": {"type": "number", "reducer": "add"},
}


@pytest.fixture
def run(database: Database) -> str:
    """Three steps that write, one of them a long value."""
    id = new_run(database)
    first = {
        "text": "x",
        "state.feedback": "take none",
        "state.notes": "one",
        "state.facts": {"b": 2},
        "state.revisions": 1,
    }
    write(
        database, root(id, 9), span(id, "a", "root", 0, 1, output=first),
        span(id, "b", "root", 1, 3, output={"state.notes": ["two", "three"], "state.revisions": 2}),
        chat(id, "c", "b", 1.5, 2, "x"),
        span(id, "long", "root", 4, 5, output={"state.feedback": "y" * 10_000}),
        span(id, "end", "root", 6, 7, output={"text": "nothing"}),
    )  # fmt: skip
    return id


def test_a_step_sees_what_ended_before_it(database: Database, run: str) -> None:
    """Defaults before the first write; each write by its variable's reducer."""
    reader = TraceReader(database)
    first = reader.state(run, "a", SPECS)
    assert first.before == {"feedback": "", "notes": None, "facts": {"a": 1}, "revisions": None}
    assert first.after == {"feedback": "take none", "notes": ["one"], "facts": {"a": 1, "b": 2}, "revisions": 1}
    second = reader.state(run, "b", SPECS)
    assert second.before == first.after
    assert (second.after["notes"], second.after["revisions"]) == (["one", "two", "three"], 3)
    assert second.changed == ["notes", "revisions"]


def test_a_call_has_the_state_of_its_step(database: Database, run: str) -> None:
    """What is below a step is asked for the step itself."""
    reader = TraceReader(database)
    assert reader.state(run, "c", SPECS) == reader.state(run, "b", SPECS)


def test_long_values_are_whole(database: Database, run: str) -> None:
    """A write that was kept aside is read back."""
    found = TraceReader(database).state(run, "end", SPECS)
    assert found.before["feedback"] == "y" * 10_000
    assert found.changed == []


def test_what_a_step_was_handed_goes_before_what_is_told(database: Database) -> None:
    """Where a person changed the state before the step, its own input says so."""
    run = new_run(database)
    write(database, root(run, 3), span(run, "a", "root", 0, 1, output={"state.feedback": "old"}),
          span(run, "b", "root", 2, 3, input={"state": {"feedback": "edited", "other": 1}}))  # fmt: skip
    found = TraceReader(database).state(run, "b", SPECS)
    assert found.before["feedback"] == "edited"
    assert "other" not in found.before


def test_what_runs_inside_a_frame_writes_nothing(database: Database, run: str) -> None:
    """Its writes go to a copy, so they are not told of the run."""
    write(database, span(run, "body", "a", 0.1, 0.2, output={"state.revisions": 50}))
    assert TraceReader(database).state(run, "end", SPECS).before["revisions"] == 3


def test_a_workflow_without_state_has_none(database: Database, run: str) -> None:
    """And the run as a whole has its defaults."""
    reader = TraceReader(database)
    assert (reader.state(run, "a", {}).after, reader.state(run, "root", SPECS).after["facts"]) == ({}, {"a": 1})


def test_long_values_are_cut_for_a_reader(database: Database) -> None:
    """Of a list that grew the last item before and what came; of other long values the beginning; short ones stay."""
    run = new_run(database)
    notes = [{"state.notes": [f"note {at} " + "x" * 500]} for at in range(6)]
    write(
        database, root(run, 9),
        *(span(run, f"s{at}", "root", at, at + 0.5, output=output) for at, output in enumerate(notes)),
        span(run, "end", "root", 7, 8, output={"state.feedback": "y" * 5_000, "state.revisions": 1}),
    )  # fmt: skip
    reader = TraceReader(database)
    grown = shortened(reader.state(run, "s5", SPECS))
    assert grown.before["notes"]["$kept"] == grown.after["notes"]["$kept"] == 4
    assert [item[:6] for item in grown.after["notes"]["items"]] == ["note 4", "note 5"]
    cut = shortened(reader.state(run, "end", SPECS))
    assert cut.after["feedback"] == "y" * 2_000 + "… (5,000 characters)"
    assert (cut.after["revisions"], cut.changed) == (1, ["feedback", "revisions"])


def test_reading_the_state_changes_nothing_that_was_written(database: Database, run: str) -> None:
    """Asked twice, for an earlier and a later step, the answers are the same."""
    reader = TraceReader(database)
    first = [reader.state(run, step, SPECS) for step in ("a", "b", "end")]
    assert [reader.state(run, step, SPECS) for step in ("a", "b", "end")] == first


def test_writes_that_come_later_are_told(database: Database) -> None:
    """A run that goes on is read on."""
    run = new_run(database)
    write(database, root(run, None), span(run, "a", "root", 0, 1, output={"state.notes": "one"}))
    reader = TraceReader(database)
    assert reader.state(run, "a", SPECS).after["notes"] == ["one"]
    write(database, span(run, "b", "root", 2, 3, output={"state.notes": "two"}))
    assert reader.state(run, "b", SPECS).after["notes"] == ["one", "two"]
