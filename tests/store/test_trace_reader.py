"""A run read by windows: the tree, the steps, one span with what is around it."""

import random
import time
from typing import Any

import pytest

from store.comments import Comments
from store.database import Database
from store.errors import NotFound
from store.runs import Runs
from store.spans import Spans
from store.trace_reader import TraceReader, TreeQuery, TreeWindow
from tests.store.traces import START, chat, new_run, root, span, tutor, write


@pytest.fixture
def run(database: Database) -> str:
    """The tutor's run."""
    id = new_run(database)
    write(database, *tutor(id))
    return id


@pytest.fixture
def reader(database: Database) -> TraceReader:
    return TraceReader(database)


def ids(window: TreeWindow) -> list[str]:
    return [row.id for row in window.rows]


ALL = ["root", "plan", "c-plan", "solve", "c-solve", "tool", "critique", "again", "c-again"]


def test_the_tree_is_in_the_order_things_began(reader: TraceReader, run: str) -> None:
    """Siblings stand by their start, children under their parent, whatever order they arrived in."""
    window = reader.window(run, TreeQuery())
    assert ids(window) == ALL
    assert [row.depth for row in window.rows] == [0, 1, 2, 1, 2, 2, 1, 1, 2]
    assert (window.total, window.spans) == (9, 9)


def test_rows_know_their_place_and_what_is_below(reader: TraceReader, run: str) -> None:
    """Children, all below, place among siblings, and the words of a call."""
    rows = {row.id: row for row in reader.window(run, TreeQuery()).rows}
    assert (rows["root"].children, rows["root"].below, rows["solve"].children) == (4, 8, 2)
    assert (rows["critique"].position, rows["critique"].siblings, rows["root"].siblings) == (2, 4, 1)
    assert (rows["tool"].brief, rows["c-plan"].model, rows["critique"].outcome) == (
        "80000 * 1.5", "scripted:x", "revise",
    )  # fmt: skip


def test_figures_count_each_call_once(reader: TraceReader, run: str) -> None:
    """Tokens and dollars are summed over what is below; a price nobody knows is null only where none is known."""
    rows = {row.id: row for row in reader.window(run, TreeQuery()).rows}
    assert (rows["root"].input_tokens, rows["root"].output_tokens, rows["root"].usd) == (30, 6, 0.02)
    assert (rows["again"].input_tokens, rows["again"].usd) == (10, None)


def test_a_nodes_own_total_is_not_added_to_that_of_its_calls(database: Database, reader: TraceReader) -> None:
    """Where a node says what its calls cost, it is not counted twice."""
    run = new_run(database)
    write(database, root(run, 3), span(run, "n", "root", 0, 2, input_tokens=10, output_tokens=2, usd=0.01),
          chat(run, "c", "n", 0, 1, "x"))  # fmt: skip
    assert reader.window(run, TreeQuery()).rows[0].input_tokens == 10


def test_a_closed_span_hides_what_is_below(reader: TraceReader, run: str) -> None:
    """And an opened one shows it, though its level is closed."""
    assert ids(reader.window(run, TreeQuery(closed=["solve"]))) == [id for id in ALL if id not in ("c-solve", "tool")]
    assert ids(reader.window(run, TreeQuery(depth=1, opened=["plan"]))) == [
        "root", "plan", "c-plan", "solve", "critique", "again",
    ]  # fmt: skip


def test_a_window_is_a_part_of_the_list(reader: TraceReader, run: str) -> None:
    """Offset and limit cut it; beyond its end there is nothing."""
    assert ids(reader.window(run, TreeQuery(offset=3, limit=2))) == ["solve", "c-solve"]
    assert ids(reader.window(run, TreeQuery(offset=30, limit=2))) == []


def test_a_span_is_revealed_wherever_it_is(reader: TraceReader, run: str) -> None:
    """All above it opens, whatever was closed, and the window moves to it."""
    window = reader.window(run, TreeQuery(limit=2, depth=1, closed=["root"], reveal="c-again"))
    assert (window.at, window.opened) == (5, ["root", "again"])
    assert window.at is not None and window.rows[window.at - window.offset].id == "c-again"


def test_the_place_of_a_span_is_told_without_moving(reader: TraceReader, run: str) -> None:
    """A mark gives the place in the list, none where it is not to be seen."""
    assert reader.window(run, TreeQuery(limit=2, mark="critique")).at == 6
    assert reader.window(run, TreeQuery(limit=2, mark="critique")).offset == 0
    assert reader.window(run, TreeQuery(closed=["solve"], mark="tool")).at is None


def test_a_run_that_goes_on_is_read_on(database: Database, reader: TraceReader) -> None:
    """New spans come in, open ones change, and a parent that arrives late takes its children."""
    run = new_run(database)
    write(database, chat(run, "c", "n", 1, 2, "x"), span(run, "n", "root", 0.5, None))
    assert [(row.id, row.depth) for row in reader.window(run, TreeQuery()).rows] == [("n", 0), ("c", 1)]
    write(database, root(run, None))
    assert [(row.id, row.depth) for row in reader.window(run, TreeQuery()).rows] == [("root", 0), ("n", 1), ("c", 2)]
    write(database, {"id": "n", "status": "error", "ended_at": START + 3, "error": {"what": "no", "type": "NodeError"}})
    node = reader.window(run, TreeQuery()).rows[1]
    assert (node.status, node.ended_at, node.error) == ("error", START + 3, {"what": "no", "type": "NodeError"})


def test_spans_that_are_each_others_parents_are_shown(database: Database, reader: TraceReader) -> None:
    """A trace that nobody could have written is still read."""
    run = new_run(database)
    write(database, span(run, "a", "b", 0, 1), span(run, "b", "a", 0, 1), root(run, 1))
    assert sorted(ids(reader.window(run, TreeQuery()))) == ["a", "b", "root"]


def test_an_empty_run_has_nothing(database: Database, reader: TraceReader) -> None:
    """No span is written yet: no rows, no steps, no extent."""
    run = new_run(database)
    assert reader.window(run, TreeQuery(reveal="x")).rows == []
    found = reader.overview(run)
    assert (found.spans, found.start, found.nodes, found.bands, found.root) == (0, None, {}, [], None)
    assert reader.steps(run, at=5.0).steps == []


def test_the_overview_has_the_run_in_figures(reader: TraceReader, run: str) -> None:
    """Extent, totals of each node over its visits, outcomes, and who worked when."""
    found = reader.overview(run)
    assert (found.spans, found.steps, found.start, found.end) == (9, 4, START, START + 10)
    solve = found.nodes["solve"]
    assert (solve.visits, solve.seconds, solve.input_tokens, solve.outcome) == (2, 7.0, 20, "done")
    assert (solve.first, solve.last) == ("solve", "again")
    assert set(found.edges) == {"plan.done", "solve.done", "critique.revise"}
    assert found.bands[0] == "plan" and found.bands[-1] == "solve" and found.bands[125] == "critique"


def test_steps_come_with_what_was_before_them(reader: TraceReader, run: str) -> None:
    """A window in the middle knows the totals of everything before it."""
    window = reader.steps(run, offset=2, limit=1)
    assert (window.total, [step.id for step in window.steps]) == (4, ["critique"])
    assert {node: totals.visits for node, totals in window.before.items()} == {"plan": 1, "solve": 1}
    assert window.edges == ["plan.done", "solve.done"]


def test_steps_are_found_by_moment_and_by_span(reader: TraceReader, run: str) -> None:
    """The window is put around the step at work, or the one a call belongs to."""
    assert [step.id for step in reader.steps(run, at=START + 5.5, limit=1).steps] == ["critique"]
    assert [step.id for step in reader.steps(run, span="c-again", limit=1).steps] == ["again"]
    with pytest.raises(NotFound, match="no span 'nowhere'"):
        reader.steps(run, span="nowhere")


def test_a_workflow_inside_a_node_is_not_on_the_graph(database: Database, reader: TraceReader) -> None:
    """Its nodes are steps, marked as inner, and count for no node of the graph; a sub-workflow's do."""
    run = new_run(database)
    inner = span(run, "inner", "n", 0.1, 0.9, operation="invoke_workflow", node_id=None, kind=None)
    attached = span(
        run, "attached", "m", 1.1, 1.9, operation="invoke_workflow", node_id="box", kind="resource.subworkflow"
    )
    write(database, root(run, 3), span(run, "n", "root", 0, 1), inner, span(run, "plan", "inner", 0.2, 0.8),
          span(run, "m", "root", 1, 2), attached, span(run, "body", "attached", 1.2, 1.8))  # fmt: skip
    steps = reader.steps(run).steps
    assert [(step.id, step.inner) for step in steps] == [("n", False), ("plan", True), ("m", False), ("body", False)]
    assert set(reader.overview(run).nodes) == {"n", "m", "body"}


def test_around_a_span_are_its_path_its_kin_and_what_failed(database: Database, reader: TraceReader) -> None:
    """Root first, children in order, failed spans below with the innermost last, all visits of the node."""
    run = new_run(database)
    failed: dict[str, Any] = {"status": "error", "error": {"what": "no answer", "type": "ModelError"}}
    write(
        database, root(run, 9), span(run, "n", "root", 0, 4, **failed), span(run, "inner", "n", 1, 2, **failed),
        chat(run, "c", "inner", 1, 2, "x", **failed), span(run, "n2", "root", 5, 6, node_id="n", visit=2),
    )  # fmt: skip
    found = reader.around(run, "n")
    assert [row.id for row in found.path] == ["root", "n"]
    assert [row.id for row in found.children] == ["inner"]
    assert [row.id for row in found.failures] == ["inner", "c"]
    assert [row.id for row in found.visits] == ["n", "n2"]
    assert reader.around(run, "c").step == 1


def test_comments_are_counted_in_the_tree(database: Database, reader: TraceReader, run: str) -> None:
    """Each row says how many there are."""
    comments = Comments(database)
    comments.add(run, "solve", author="Ada", text="Look here")
    comments.add(run, "solve", author="Ada", text="And here")
    rows = {row.id: row.comments for row in reader.window(run, TreeQuery()).rows}
    assert (rows["solve"], rows["plan"]) == (2, 0)
    assert reader.overview(run).comments == 2


def test_calls_are_listed_in_order(database: Database, reader: TraceReader, run: str) -> None:
    """Of the whole run, or of what is below a span, by pages."""
    total, seqs = reader.calls(run, "chat")
    assert (total, [each.id for each in Spans(database).some(seqs)]) == (3, ["c-plan", "c-solve", "c-again"])
    total, seqs = reader.calls(run, "chat", under="solve")
    assert (total, [each.id for each in Spans(database).some(seqs)]) == (1, ["c-solve"])
    assert reader.calls(run, "chat", offset=1, limit=1)[1] == seqs


def test_a_kept_visit_says_where_it_came_from(database: Database, reader: TraceReader) -> None:
    """The row has the span whose result it took, and the node counts it."""
    run = new_run(database)
    write(database, root(run, 3), span(run, "n", "root", 0, 1, attributes={"kept_from": "abc", "kept_run": "r"}))
    assert reader.window(run, TreeQuery()).rows[1].kept_from == "abc"
    assert reader.overview(run).nodes["n"].kept == 1


def test_runs_read_long_ago_are_forgotten_and_read_anew(database: Database) -> None:
    """More than the allowed number of spans is not kept, and nothing is lost by it."""
    reader = TraceReader(database, kept_spans=10)
    runs = [new_run(database) for _ in range(3)]
    for number, each in enumerate(runs):
        write(database, *[span(each, f"{number}-{at}", None, at, at + 1) for at in range(6)])
    counts = [reader.window(each, TreeQuery()).total for each in (*runs, runs[0])]
    assert counts == [6, 6, 6, 6]
    assert sum(len(read.columns) for read in reader._reads.values()) <= 12  # pyright: ignore[reportPrivateUsage]


def test_a_removed_run_has_no_rows(database: Database, reader: TraceReader, run: str) -> None:
    """Removed while it is read: what is gone is left out, without an error."""
    reader.window(run, TreeQuery())
    Runs(database).delete(run)
    assert reader.window(run, TreeQuery()).rows == []


def _expected(spans: list[dict[str, Any]]) -> list[str]:
    """The tree flattened in the plainest way."""
    known = {each["id"] for each in spans}
    by_parent: dict[str | None, list[dict[str, Any]]] = {}
    for each in spans:
        by_parent.setdefault(each["parent_id"] if each["parent_id"] in known else None, []).append(each)
    order: list[str] = []

    def walk(parent: str | None) -> None:
        for each in sorted(by_parent.get(parent, ()), key=lambda one: one["started_at"]):
            order.append(each["id"])
            walk(each["id"])

    walk(None)
    return order


@pytest.mark.parametrize("seed", range(5))
def test_any_tree_is_flattened_as_a_walk_would(database: Database, seed: int) -> None:
    """Random trees, arriving in random order in two lots, come out as a plain recursive walk has them."""
    chance = random.Random(seed)
    run = new_run(database)
    spans = [root(run, 1000)]
    for number in range(120):
        parent = chance.choice(spans)["id"]
        spans.append(span(run, f"s{number}", parent, chance.random() * 100 + number / 1000, 200))
    chance.shuffle(spans)
    reader = TraceReader(database)
    write(database, *spans[:60])
    assert ids(reader.window(run, TreeQuery(depth=99, limit=500))) == _expected(spans[:60])
    write(database, *spans[60:])
    assert ids(reader.window(run, TreeQuery(depth=99, limit=500))) == _expected(spans)


def test_a_large_run_opens_with_few_rows(database: Database, reader: TraceReader) -> None:
    """Of many thousand spans only the upper levels are open, and a window is read in well under a second."""
    run = new_run(database)
    spans = [root(run, 10_000)]
    for node in range(2_000):
        spans.append(span(run, f"n{node}", "root", node, node + 1))
        spans += [
            chat(run, f"c{node}-{call}", f"n{node}", node + call / 10, node + call / 10 + 0.05, "x")
            for call in range(4)
        ]
    write(database, *spans)
    window = reader.window(run, TreeQuery())
    assert (window.total, window.spans, len(window.rows)) == (2_001, 10_001, 200)
    began = time.perf_counter()
    reader.window(run, TreeQuery(offset=1_500, reveal="c1999-3"))
    assert time.perf_counter() - began < 0.5
