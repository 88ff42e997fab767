"""For each: one body an item, results in order, bounded, nested, skipped, handled."""
# ruff: noqa: E501 - a graph is easier to read with its edges on one line

from collections import Counter
from typing import Any

import pytest

from tests.graphs.engine.fakes import MOST, Bench, workflow


def frame(**config: Any) -> tuple[str, dict[str, Any]]:
    return ("control.for_each", config)


def inside(kind: str, parent: str, **config: Any) -> dict[str, Any]:
    return {"kind": kind, "parent": parent, "config": config}


def items(value: list[Any]) -> tuple[str, dict[str, Any]]:
    return ("t.step", {"value": value})


SINGLE_FLOW = "start -> src, src -> each, each.each -> body, each -> finish"
SINGLE_DATA = "src.out -> each.items, each.item -> body.item, body.out -> each.result, each.results -> finish.answer"


def single(value: list[Any], body: dict[str, Any] | None = None, **config: Any) -> Any:
    nodes = {"src": items(value), "each": frame(**config), "body": inside("t.body", "each", **(body or {}))}
    return workflow(nodes, SINGLE_FLOW, SINGLE_DATA)


def test_single_body_gives_results_in_order(bench: Bench) -> None:
    """A body of one node runs for each item, and every span knows its item and its frame."""
    row = bench.run(single([3, 1, 2]))
    assert row.outputs == {"answer": ["3", "1", "2"]}
    spans = [row for row in bench.spans.of("invoke_node") if row["node_id"] == "body"]
    frame_span = next(row for row in bench.spans.of("invoke_node") if row["node_id"] == "each")
    assert sorted(span["item"] for span in spans) == [0, 1, 2]
    assert {span["parent_id"] for span in spans} == {frame_span["id"]}
    assert frame_span["status"] == "ok" and frame_span["output"] == {"results": ["3", "1", "2"]}


def test_empty_list_gives_no_results(bench: Bench) -> None:
    """Without items the body never runs and the flow goes on."""
    row = bench.run(single([]))
    assert (row.status, row.outputs) == ("done", {"answer": []})
    assert bench.visits()["body"] == 0


def test_parallel_bounds_the_bodies(bench: Bench) -> None:
    """No more bodies than ``parallel`` run at the same time."""
    row = bench.run(single(list(range(12)), {"sleep": 0.01}, parallel=3))
    assert row.outputs == {"answer": [str(each) for each in range(12)]}
    assert MOST[row.id] == 3


def test_stop_fails_the_run_with_the_items_error(bench: Bench) -> None:
    """With ``stop`` the first bad item ends the run."""
    row = bench.run(single([1, 2, 3], {"fail_on": [2]}))
    assert row.status == "failed"
    assert row.error is not None and row.error["what"] == "item 2 is bad" and row.error["node"] == "body"


def test_skip_leaves_the_bad_item_out(bench: Bench) -> None:
    """With ``skip`` the other items' results stay, in order."""
    row = bench.run(single([1, 2, 3], {"fail_on": [2]}, on_error="skip"))
    assert row.outputs == {"answer": ["1", "3"]}


def test_a_joined_error_of_the_frame_handles_a_bad_item(bench: Bench) -> None:
    """A frame whose error is joined goes that way, and its span says why."""
    nodes = {
        "src": items([1, 2, 3]), "each": frame(), "body": inside("t.body", "each", fail_on=[2]), "mend": "t.step",
    }  # fmt: skip
    row = bench.run(workflow(
        nodes, SINGLE_FLOW + ", each.error -> mend, mend -> finish", SINGLE_DATA + ", mend.out -> finish.answer"
    ))  # fmt: skip
    assert (row.status, row.outputs) == ("done", {"answer": "mend1()"})
    frame_span = next(row for row in bench.spans.of("invoke_node") if row["node_id"] == "each")
    assert (frame_span["status"], frame_span["error"]["what"]) == ("error", "item 2 is bad")


def test_a_body_of_several_nodes_is_a_graph_of_its_own(bench: Bench) -> None:
    """Branches, a join and outer values work within the body; each item has its own values."""
    nodes = {
        "src": items(["x", "y"]), "outer": "t.step", "each": frame(),
        "a": inside("t.body", "each"), "b": inside("t.body", "each"), "j": inside("control.join", "each"),
        "c": inside("t.step", "each"),
    }  # fmt: skip
    document = workflow(
        nodes,
        "start -> src, src -> outer, outer -> each, each.each -> a, each.each -> b, a -> j, b -> j, j -> c, each -> finish",
        "src.out -> each.items, each.item -> a.item, each.index -> b.item, outer.out -> a.outer, a.out -> c.a, b.out -> c.b,"
        "c.out -> each.result, each.results -> finish.answer",
    )
    row = bench.run(document)
    assert row.outputs == {"answer": ["c1(outer1()x,0)", "c1(outer1()y,1)"]}
    assert bench.visits() == Counter(start=1, src=1, outer=1, each=1, a=2, b=2, j=2, c=2, finish=1)


def test_nested_frames(bench: Bench) -> None:
    """A frame within a frame, reading a value from two levels above."""
    nodes = {
        "src": items([["a", "b"], ["c"], []]), "outer": "t.step", "rows": frame(),
        "cells": {"kind": "control.for_each", "parent": "rows"}, "body": inside("t.body", "cells"),
    }  # fmt: skip
    document = workflow(
        nodes,
        "start -> src, src -> outer, outer -> rows, rows.each -> cells, cells.each -> body, rows -> finish",
        "src.out -> rows.items, rows.item -> cells.items, cells.item -> body.item, outer.out -> body.outer,"
        "body.out -> cells.result, cells.results -> rows.result, rows.results -> finish.answer",
    )
    row = bench.run(document)
    assert row.outputs == {"answer": [["outer1()a", "outer1()b"], ["outer1()c"], []]}
    assert bench.visits()["body"] == 3


def test_a_frame_in_a_loop_starts_over_on_each_turn(bench: Bench) -> None:
    """Results of one turn do not leak into the next."""
    nodes = {
        "src": items([1, 2]), "each": frame(), "body": inside("t.body", "each"),
        "limit": ("control.loop_limit", {"max_turns": 2}),
    }  # fmt: skip
    document = workflow(
        nodes, "start -> src, src -> each, each.each -> body, each -> limit, limit.again -> each, limit.exhausted -> finish",
        SINGLE_DATA,
    )  # fmt: skip
    row = bench.run(document)
    assert row.outputs == {"answer": ["1", "2"]}
    assert bench.visits()["body"] == 6


def test_a_frame_beside_a_join(bench: Bench) -> None:
    """A join waits for a frame that is still working on its items."""
    nodes = {
        "src": items([1, 2]), "each": frame(), "body": inside("t.body", "each"), "a": "t.step", "j": "control.join", "c": "t.step",
    }  # fmt: skip
    document = workflow(
        nodes, "start -> src, src -> each, src -> a, each.each -> body, each -> j, a -> j, j -> c, c -> finish",
        "src.out -> each.items, each.item -> body.item, body.out -> each.result, each.results -> c.a, a.out -> c.b, c.out -> finish.answer",
    )  # fmt: skip
    row = bench.run(document)
    assert row.outputs == {"answer": "c1(['1', '2'],a1())"}
    assert bench.visits()["j"] == 1


@pytest.mark.parametrize("many", [300])
def test_many_items(bench: Bench, many: int) -> None:
    """Hundreds of items keep their order."""
    row = bench.run(single(list(range(many)), parallel=64))
    assert row.outputs == {"answer": [str(each) for each in range(many)]}
