"""State variables: what they hold before and after writes."""

from typing import Any

import pytest

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


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        ("state.notes", "so far"),
        ("state['notes']", "so far"),
        ('state [ "notes" ]', "so far"),
        ("size(state)", 2),
        ("'notes' in state && !('more' in state)", True),
        ("value == 'state' ? 0 : size(state)", 2),
    ],
)
def test_a_condition_reads_one_or_all(bench: Bench, expression: str, answer: Any) -> None:
    """By name, by index, or the bare ``state`` as a record of all."""
    document = workflow(
        {"read": ("control.compute", {"expression": expression})}, "start -> read, read -> finish",
        "read.result -> finish.answer", state={"notes": {"default": "so far"}, "count": {"default": 2}},
    )  # fmt: skip
    row = bench.run(document)
    assert row.outputs == {"answer": answer}, row.error


@pytest.mark.parametrize(
    "prompt", ["{{state.notes}}", "{{#state}}{{notes}}{{/state}}", "{{#state.notes}}{{.}}{{/state.notes}}"]
)
def test_a_template_reads_one_or_all(bench: Bench, prompt: str) -> None:
    """By name, or through the section ``state``."""
    document = workflow(
        {"ask": ("prompt", {"prompt": prompt})}, "start -> ask, ask -> finish",
        "ask.answer -> finish.answer", state={"notes": {"default": "so far"}},
    )  # fmt: skip
    row = bench.run(document)
    assert row.status == "done", row.error
    assert bench.spans.of("chat")[0]["input"][-1]["content"] == "so far"


def _counting(bodies: dict[str, Any], flow: str, reducer: str, default: Any, **more: Any) -> Any:
    """A frame over three words whose body writes ``state.seen``, read after the frame."""
    nodes = {"each": ("control.for_each", {"parallel": 3, **more}), **bodies}
    fed = "".join(f"each.item -> {name}.item, " for name in bodies)
    return workflow(
        {**nodes, "read": ("control.compute", {"expression": "state.seen"})},
        f"start -> each, {flow}, each -> read, read -> finish",
        f"start.words -> each.items, {fed}note.written -> each.result, read.result -> finish.answer",
        state={"seen": {"reducer": reducer, "default": default}},
        inputs={"words": {"type": "list[any]"}},
    )


def _note(value: Any) -> dict[str, Any]:
    return {"kind": "control.set_state", "parent": "each", "config": {"values": {"seen": value}}}


@pytest.mark.parametrize(
    ("reducer", "default", "value", "words", "after"),
    [
        ("append", ["so far"], "{{item}}", ["a", "b", "c"], ["so far", "a", "b", "c"]),
        ("merge", {"so": "far"}, '{"{{item}}": 1}', ["a", "b", "c"], {"so": "far", "a": 1, "b": 1, "c": 1}),
        ("add", 10, "{{item}}", [1, 2, 3], 16),
        ("last", "so far", "{{item}}", ["a", "b", "c"], "c"),
    ],
)
def test_what_a_frames_body_writes_goes_on_by_the_reducer(
    bench: Bench, reducer: str, default: Any, value: str, words: list[Any], after: Any
) -> None:
    """In the order of the items, whichever ends first; also where the body is a graph, and in a frame in a frame."""
    single = _counting({"note": _note(value)}, "each.each -> note", reducer, default)
    row = bench.run(single, {"words": words})
    assert row.outputs == {"answer": after}, row.error
    (frame,) = [row for row in bench.spans.of("invoke_node") if row["node_id"] == "each"]
    assert "state.seen" in frame["output"]
    wait = {"kind": "t.body", "parent": "each", "config": {"sleep": 0.02}}
    graph = _counting({"note": _note(value), "wait": wait}, "each.each -> note, note -> wait", reducer, default)
    row = bench.run(graph, {"words": words})
    assert row.outputs == {"answer": after}, row.error


def test_two_writes_in_one_body_and_a_frame_in_a_frame_all_count(bench: Bench) -> None:
    """Each write is one, not only the last of a body; the inner frame's go on through the outer one."""
    document = workflow(
        {
            "outer": ("control.for_each", {}),
            "inner": {"kind": "control.for_each", "parent": "outer"},
            "one": {"kind": "control.set_state", "parent": "inner", "config": {"values": {"seen": "{{item}}"}}},
            "two": {"kind": "control.set_state", "parent": "inner", "config": {"values": {"seen": "again"}}},
            "read": ("control.compute", {"expression": "state.seen"}),
        },
        "start -> outer, outer.each -> inner, inner.each -> one, one -> two, outer -> read, read -> finish",
        "start.words -> outer.items, outer.item -> inner.items, inner.item -> one.item, one.written -> inner.result, "
        "inner.results -> outer.result, read.result -> finish.answer",
        state={"seen": {"reducer": "append"}},
        inputs={"words": {"type": "list[any]"}},
    )  # fmt: skip
    row = bench.run(document, {"words": [["a", "b"], ["c"]]})
    assert row.outputs == {"answer": ["a", "again", "b", "again", "c", "again"]}, row.error


def test_an_item_that_failed_writes_nothing(bench: Bench) -> None:
    """With ``skip`` the others' writes go on, as their results do."""
    fail = {"kind": "t.body", "parent": "each", "config": {"fail_on": [2]}}
    document = _counting(
        {"note": _note("{{item}}"), "fail": fail}, "each.each -> note, note -> fail", "append", None, on_error="skip"
    )
    row = bench.run(document, {"words": [1, 2, 3]})
    assert row.outputs == {"answer": [1, 3]}, row.error
