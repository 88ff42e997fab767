"""Small workflows of every structure come to the same in the engine and as programs."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graphs.document import Document
from nodes.registry import KINDS
from tests.graphs.engine.fakes import Bench, Row, workflow
from tests.graphs.export.programs import Batch, job, started, written


def _compute(expression: str, **more: Any) -> dict[str, Any]:
    return {"kind": "control.compute", "config": {"expression": expression, **more.pop("config", {})}, **more}


def _route(*branches: tuple[str, str]) -> dict[str, Any]:
    routes = [{"name": name, "when": when} for name, when in branches]
    return {"kind": "control.route", "config": {"routes": routes}}


def _noting(
    words: list[Any], bodies: dict[str, Any], flow: str, reducer: str, default: Any = None, **more: Any
) -> tuple[Document, dict[str, Any]]:
    """A for-each over ``words`` whose nodes see and write ``state.seen``, which is told after it with the results."""
    ports = {"control.set_state": "item", "control.compute": "value"}
    takes = {name: ports[node["kind"]] for name, node in bodies.items() if node["kind"] in ports}
    fed = "".join(f"each.item -> {name}.{port}, " for name, port in takes.items())
    document = workflow(
        {"each": ("control.for_each", {"parallel": 3, **more}), **bodies, "told": _compute("[state.seen, value]")},
        f"start -> each, {flow}, each -> told, told -> finish",
        f"start.words -> each.items, {fed}note.written -> each.result, each.results -> told.value, "
        "told.result -> finish.answer",
        inputs={"words": {"type": "list[any]"}}, state={"seen": {"reducer": reducer, "default": default}},
    )  # fmt: skip
    return document, {"words": words}


def _note(value: str, parent: str = "each", **values: str) -> dict[str, Any]:
    return {"kind": "control.set_state", "parent": parent, "config": {"values": {"seen": value, **values}}}


NUMBERS: dict[str, Any] = {"inputs": {"n": {"type": "number"}}}
WORKFLOWS: dict[str, tuple[Document, dict[str, Any]]] = {
    "a_branch_is_chosen": (
        workflow(
            {"which": _route(("small", "value < 3"), ("big", "value < 10")), "low": _compute("'low'"),
             "high": _compute("'high'"), "other": _compute("'other'")},
            "start -> which, which.small -> low, which.big -> high, which.otherwise -> other, low -> finish, "
            "high -> finish, other -> finish",
            "start.n -> which.value, low.result -> finish.answer, high.result -> finish.answer, "
            "other.result -> finish.answer", **NUMBERS,
        ), {"n": 7},
    ),
    "a_join_waits_for_all_that_come": (
        workflow(
            {"a": _compute("1"), "b": _compute("2"), "slow": _compute("value + 1"), "slower": _compute("value + 1"),
             "both": "control.join", "sum": _compute("value + other")},
            "start -> a, start -> b, a -> both, b -> slow, slow -> slower, slower -> both, both -> sum, sum -> finish",
            "b.result -> slow.value, slow.result -> slower.value, a.result -> sum.value, slower.result -> sum.other, "
            "sum.result -> finish.answer",
        ), {},
    ),
    "a_join_does_not_wait_for_a_branch_not_taken": (
        workflow(
            {"which": _route(("left", "true")), "a": _compute("'a'"), "b": _compute("'b'"), "c": _compute("'c'"),
             "both": "control.join", "told": _compute("[value, other]")},
            "start -> which, start -> c, which.left -> a, which.otherwise -> b, a -> both, b -> both, c -> both, "
            "both -> told, told -> finish",
            "start.n -> which.value, a.result -> told.value, c.result -> told.other, told.result -> finish.answer",
            **NUMBERS,
        ), {"n": 1},
    ),
    "a_join_goes_on_with_the_first": (
        workflow(
            {"a": _compute("'a'"), "slow": _compute("'s'"), "slower": _compute("'t'"),
             "first": ("control.join", {"mode": "any"}), "told": _compute("[string(visit), value]")},
            "start -> a, start -> slow, slow -> slower, a -> first, slower -> first, first -> told, told -> finish",
            "a.result -> told.value, told.result -> finish.answer",
        ), {},
    ),
    "a_join_in_a_loop": (
        workflow(
            {"head": ("control.while", {"condition": "turn <= 3"}), "a": _compute("visit"), "b": _compute("visit * 10"),
             "more": _compute("value"), "both": "control.join", "sum": _compute("value + other")},
            "start -> head, head.again -> a, head.again -> b, b -> more, a -> both, more -> both, both -> sum, "
            "sum -> head, head.done -> finish, head.exhausted -> finish",
            "a.result -> sum.value, b.result -> more.value, more.result -> sum.other, sum.result -> finish.answer",
        ), {},
    ),
    "for_each_item_in_order": (
        workflow(
            {"each": ("control.for_each", {"parallel": 2}), "twice": _compute("value * 2 + other", parent="each")},
            "start -> each, each.each -> twice, each -> finish",
            "start.items -> each.items, each.item -> twice.value, each.index -> twice.other, "
            "twice.result -> each.result, each.results -> finish.answer",
            inputs={"items": {"type": "list[number]"}},
        ), {"items": [5, 6, 7]},
    ),
    "for_each_of_nothing": (
        workflow(
            {"each": "control.for_each", "twice": _compute("value * 2", parent="each")},
            "start -> each, each.each -> twice, each -> finish",
            "start.items -> each.items, each.item -> twice.value, twice.result -> each.result, "
            "each.results -> finish.answer", inputs={"items": {"type": "list[number]"}},
        ), {"items": []},
    ),
    "an_item_that_fails_is_left_out": (
        workflow(
            {"each": ("control.for_each", {"on_error": "skip"}), "half": _compute("10 / value", parent="each"),
             "named": _compute("'r' + string(value)", parent="each")},
            "start -> each, each.each -> half, half -> named, each -> finish",
            "start.items -> each.items, each.item -> half.value, half.result -> named.value, "
            "named.result -> each.result, each.results -> finish.answer",
            inputs={"items": {"type": "list[number]"}},
        ), {"items": [5, 0, 2]},
    ),
    "a_failing_item_leads_on": (
        workflow(
            {"each": "control.for_each", "half": _compute("10 / value", parent="each"), "sorry": _compute("'sorry'")},
            "start -> each, each.each -> half, each -> finish, each.error -> sorry, sorry -> finish",
            "start.items -> each.items, each.item -> half.value, half.result -> each.result, "
            "sorry.result -> finish.answer", inputs={"items": {"type": "list[number]"}},
        ), {"items": [5, 0, 2]},
    ),
    "for_each_in_for_each": (
        workflow(
            {"rows": "control.for_each", "cells": {"kind": "control.for_each", "parent": "rows"},
             "cell": _compute("value + 1", parent="cells")},
            "start -> rows, rows.each -> cells, cells.each -> cell, rows -> finish",
            "start.table -> rows.items, rows.item -> cells.items, cells.item -> cell.value, "
            "cell.result -> cells.result, cells.results -> rows.result, rows.results -> finish.answer",
            inputs={"table": {"type": "list[list[number]]"}},
        ), {"table": [[1, 2], [], [3]]},
    ),
    "a_join_waits_for_a_for_each": (
        workflow(
            {"each": "control.for_each", "twice": _compute("value * 2", parent="each"), "quick": _compute("'q'"),
             "both": "control.join", "told": _compute("[value, other]")},
            "start -> each, start -> quick, each.each -> twice, each -> both, quick -> both, both -> told, "
            "told -> finish",
            "start.items -> each.items, each.item -> twice.value, twice.result -> each.result, "
            "each.results -> told.value, quick.result -> told.other, told.result -> finish.answer",
            inputs={"items": {"type": "list[number]"}},
        ), {"items": [1, 2]},
    ),
    "an_error_leads_on": (
        workflow(
            {"half": _compute("1 / value"), "told": _compute("value"),
             "why": ("control.on_error", {"max_attempts": 2, "first_wait": 0})},
            "start -> half, half -> told, half.error -> why, why.again -> half, why.give_up -> finish, told -> finish",
            "start.n -> half.value, half.result -> told.value, why.node -> finish.answer", **NUMBERS,
        ), {"n": 0},
    ),
    "state_by_every_reducer": (
        workflow(
            {"head": ("control.while", {"condition": "turn <= 3"}),
             "note": ("control.set_state", {"values": {
                 "last": "{{turn}}", "all": "{{turn}}", "sum": "{{turn}}", "table": "{{row}}"}}),
             "row": ("control.record", {"entries": {"k{{turn}}": "{{turn}}", "same": "{{turn}}"}}),
             "told": _compute("[state.last, state.all, state.sum, state.table]")},
            "start -> head, head.again -> row, row -> note, note -> head, head.done -> told, head.exhausted -> told, "
            "told -> finish",
            "head.turn -> row.turn, head.turn -> note.turn, row.record -> note.row, told.result -> finish.answer",
            state={
                "last": {"type": "any", "default": 0}, "all": {"type": "list[any]", "reducer": "append"},
                "sum": {"type": "number", "reducer": "add", "default": 100},
                "table": {"type": "record", "reducer": "merge", "default": {"first": 1}},
            },
        ), {},
    ),
    "bodies_append": _noting(["a", "b", "c"], {"note": _note("{{item}}")}, "each.each -> note", "append", ["so far"]),
    "bodies_append_to_nothing": _noting(["a", "b"], {"note": _note("{{item}}")}, "each.each -> note", "append"),
    "bodies_merge": _noting(
        ["a", "b", "c"], {"note": _note('{"{{item}}": 1, "same": "{{item}}"}')}, "each.each -> note", "merge", {"so": 1}
    ),
    "bodies_add": _noting([1, 2, 3], {"note": _note("{{item}}")}, "each.each -> note", "add", 10),
    "of_bodies_the_last_counts": _noting(["a", "b", "c"], {"note": _note("{{item}}")}, "each.each -> note", "last"),
    "bodies_see_what_was_before": _noting(
        ["a", "b"], {"note": _note("{{item}} after {{state.seen}}")}, "each.each -> note", "last", "nothing", parallel=1
    ),
    "bodies_of_nothing_write_nothing": _noting([], {"note": _note("{{item}}")}, "each.each -> note", "append", ["it"]),
    "a_body_writes_more_than_once": _noting(
        ["a", "b"], {"note": _note("{{item}}"), "again": _note("{{item}} after {{state.seen}}")},
        "each.each -> note, note -> again", "append", ["so far"],
    ),
    "a_body_of_many_writes_the_last": _noting(
        ["a", "b"], {"note": _note("{{item}}"), "again": _note("{{item}} after {{state.seen}}")},
        "each.each -> note, note -> again", "last", "nothing",
    ),
    "an_item_that_fails_writes_nothing": _noting(
        [1, 2, 3], {"note": _note("{{item}}"), "fail": _compute("1 / (value - 2)", parent="each")},
        "each.each -> note, note -> fail", "append", on_error="skip",
    ),
    "a_for_each_that_fails_writes_nothing": (
        workflow(
            {"each": "control.for_each", "note": _note("{{item}}"), "fail": _compute("1 / value", parent="each"),
             "told": _compute("state.seen")},
            "start -> each, each.each -> note, note -> fail, each -> told, each.error -> told, told -> finish",
            "start.words -> each.items, each.item -> note.item, each.item -> fail.value, fail.result -> each.result, "
            "told.result -> finish.answer",
            inputs={"words": {"type": "list[any]"}}, state={"seen": {"reducer": "append", "default": ["so far"]}},
        ), {"words": [1, 0, 2]},
    ),
    "for_each_in_for_each_writes": (
        workflow(
            {"outer": "control.for_each", "inner": {"kind": "control.for_each", "parent": "outer"},
             "one": _note("{{item}}", "inner", writes="{{item}}"), "two": _note("again", "inner", writes="two"),
             "row": _note("row {{row}}", "outer", writes="row"),
             "deep": {"kind": "control.for_each", "parent": "outer"},
             "single": _note("single {{item}} of {{state.seen}}", "deep", writes="deep {{item}}"),
             "told": _compute("[state.seen, state.writes]")},
            "start -> outer, outer.each -> inner, inner.each -> one, one -> two, inner -> row, row -> deep, "
            "deep.each -> single, outer -> told, told -> finish",
            "start.words -> outer.items, outer.item -> inner.items, outer.item -> deep.items, inner.item -> one.item, "
            "one.written -> inner.result, outer.index -> row.row, deep.item -> single.item, "
            "single.written -> deep.result, inner.results -> outer.result, told.result -> finish.answer",
            inputs={"words": {"type": "list[any]"}}, state={"seen": {"reducer": "append"}, "writes": {}},
        ), {"words": [["a", "b"], ["c"]]},
    ),
    "names_that_are_taken_in_a_body": (
        workflow(
            {"writes": {"kind": "control.for_each"}, "state": _note("{{v}}", "writes", **{"class": "{{v}}"}),
             "graph": _note("{{state.seen}}", "writes", **{"class": "{{v}}", "writes": "{{v}}"}),
             "told": _compute("[state.seen, state.class, state.writes]")},
            "start -> writes, writes.each -> state, state -> graph, writes -> told, told -> finish",
            "start.words -> writes.items, writes.item -> state.v, writes.item -> graph.v, "
            "state.written -> writes.result, told.result -> finish.answer",
            inputs={"words": {"type": "list[any]"}},
            state={"seen": {}, "class": {"reducer": "append"}, "writes": {"reducer": "append"}},
        ), {"words": ["a", "b"]},
    ),
    "the_source_that_ran_last_counts": (
        workflow(
            {"first": _compute("'first'"), "head": ("control.while", {"condition": "turn <= 2"}),
             "again": _compute("value + '+' + string(visit)")},
            "start -> first, first -> head, head.again -> again, again -> head, head.done -> finish, "
            "head.exhausted -> finish",
            "first.result -> again.value, again.result -> again.value, again.result -> finish.answer",
        ), {},
    ),
    "names_that_are_taken": (
        workflow(
            {"inputs": _compute("value"), "results": _compute("value + 1"), "items": "control.join",
             "import": _compute("value + 1"), "print": _compute("value + other"), "state": _compute("value"),
             "class": ("control.set_state", {"values": {"class": "{{v}}", "results": "{{v}}", "spent": "{{v}}"}}),
             "builder": _compute("[state.class, state.results, state.spent]"),
             "outputs": {"kind": "control.for_each"}, "def": _compute("value", parent="outputs")},
            "start -> inputs, start -> results, inputs -> items, results -> items, items -> import, import -> print, "
            "print -> state, state -> class, class -> builder, builder -> outputs, outputs.each -> def, "
            "outputs -> finish",
            "start.lambda -> inputs.value, start.lambda -> results.value, inputs.result -> import.value, "
            "import.result -> print.value, results.result -> print.other, print.result -> state.value, "
            "state.result -> class.v, builder.result -> outputs.items, outputs.item -> def.value, "
            "def.result -> outputs.result, outputs.results -> finish.answer",
            inputs={"lambda": {"type": "number", "required": False, "default": 4}},
            state={"class": {}, "results": {}, "spent": {}},
        ), {},
    ),
    "null_is_no_value": (
        workflow(
            {"none": _compute("null"), "ten": ("tools.run_code", {"code": "10"})},
            "start -> none, none -> ten, ten -> finish",
            "none.result -> ten.code, none.result -> finish.much, ten.result -> finish.answer",
            outputs={"much": {"type": "number"}, "answer": {"type": "number"}},
        ), {},
    ),
    "null_where_a_value_is_needed": (
        workflow(
            {"none": _compute("null"), "each": "control.for_each", "one": _compute("value", parent="each")},
            "start -> none, none -> each, each.each -> one, each -> finish",
            "none.result -> each.items, each.item -> one.value, one.result -> each.result, "
            "each.results -> finish.answer",
        ), {},
    ),
    "the_limit_on_steps": (
        workflow(
            {"head": ("control.while", {"condition": "true", "max_turns": 500}), "turn": _compute("visit")},
            "start -> head, head.again -> turn, turn -> head, head.done -> finish, head.exhausted -> finish",
            "turn.result -> finish.answer", limits={"steps": 9},
        ), {},
    ),
    "a_failure_ends_the_run": (
        workflow({"half": _compute("1 / value")}, "start -> half, half -> finish",
                 "start.n -> half.value, half.result -> finish.answer", **NUMBERS), {"n": 0},
    ),
    "an_input_that_does_not_fit": (
        workflow({}, "start -> finish", "start.n -> finish.answer", **NUMBERS), {"n": "seven"},
    ),
}  # fmt: skip
ASKING = _noting(
    ["a"],
    {"note": _note("{{item}}"), "again": _note("{{item}} again"),
     "ask": {"kind": "control.ask", "parent": "each", "config": {"fields": [{"name": "why"}]}}},
    "each.each -> note, note -> ask, ask -> again", "append",
)  # fmt: skip
"""A body that writes, stops for a person, and writes once more."""
ENDINGS = {
    "the_limit_on_steps": "LimitReached: ", "a_failure_ends_the_run": "NodeFailed: half: ",
    "null_where_a_value_is_needed": "NodeFailed: each: ",
}  # fmt: skip
"""Programs that do not end well, and with what."""


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Batch]:
    """All of them as programs, in one process."""
    folder = tmp_path_factory.mktemp("structures")
    jobs = [job(name, written(document, folder / name), given) for name, (document, given) in WORKFLOWS.items()]
    document, given = ASKING
    jobs.append(job("asking", written(document, folder / "asking"), given, people=[{"why": "so"}]))
    running = started(jobs, folder / "results")
    yield running
    running.close()


def _in_engine(name: str, folder: Path) -> tuple[Row, Bench]:
    bench = Bench(folder, kinds=KINDS).open()
    try:
        return bench.run(*WORKFLOWS[name]), bench
    finally:
        bench.runner.close()


@pytest.mark.parametrize("name", [name for name in WORKFLOWS if name not in (*ENDINGS, "an_input_that_does_not_fit")])
def test_it_comes_to_the_same(name: str, batch: Batch, tmp_path: Path):
    """Equal outputs, and each node ran as often."""
    row, bench = _in_engine(name, tmp_path)
    result = batch.result(name)
    assert row.status == "done", row.error
    assert "error" not in result, result["trace"]
    assert result["outputs"] == row.outputs
    assert (row.outputs or {}).get("answer") not in (None, {}), "nothing is compared"
    assert result["spent"]["steps"] == row.steps
    visits = bench.visits()
    assert {node: visit for node, (visit, _) in result["results"].items()} == {
        id: visits[id] for id in result["results"]
    }


@pytest.mark.parametrize("name", ENDINGS)
def test_it_ends_as_the_engine_ends_it(name: str, batch: Batch, tmp_path: Path):
    """At the same limit, or at the same node with the same words."""
    row, _ = _in_engine(name, tmp_path)
    result = batch.result(name)
    assert row.status == ("limit" if name == "the_limit_on_steps" else "failed") and row.error is not None
    assert result["error"].startswith(ENDINGS[name])
    assert row.error["what"] in result["error"]


def test_what_a_body_wrote_before_a_question_is_not_lost(batch: Batch):
    """The body goes on after the answer, and both its writes go on with the collector, each once."""
    result = batch.result("asking")
    assert "error" not in result, result["trace"]
    assert result["outputs"] == {"answer": [["a", "a again"], [{"seen": "a"}]]}


def test_ruff_has_nothing_to_say(batch: Batch):
    """Of any structure: neither its own choice of rules nor its layout."""
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--no-cache", "--quiet", *WORKFLOWS],
            cwd=batch.results.parent, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[:3000] + done.stderr


def test_inputs_are_held_against_what_the_workflow_declares(batch: Batch):
    """A text for a number is refused before anything runs."""
    assert "the input 'n' must be a number, and is 'seven'" in batch.result("an_input_that_does_not_fit")["error"]
