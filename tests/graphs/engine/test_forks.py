"""Forks: what is kept of a recorded run, and what is done otherwise from the fork point on."""

import pytest

from graphs.fork_request import NotAForkPoint
from graphs.runner import NotPossible
from nodes.contract import NodeError
from tests.graphs.engine.fakes import workflow
from tests.graphs.engine.saved import Desk, chain

ABC = workflow(**chain("a", "b", "c"))
LOOP = workflow(
    {
        "w": ("t.work", {"say": "x"}),
        "turn": ("t.pick", {"routes": [{"name": "again"}], "take": ["again", "again", "done"]}),
    },
    "start -> w, w -> turn, turn.again -> w, turn -> finish", "w.out -> finish.answer, turn.out -> w.a",
)  # fmt: skip
ITEMS = workflow(
    {
        "src": ("t.step", {"value": ["p", "q", "r"]}), "each": ("control.for_each", {"parallel": 1}),
        "one": {"kind": "t.work", "parent": "each"}, "two": {"kind": "t.work", "parent": "each"}, "last": "t.work",
    },
    "start -> src, src -> each, each.each -> one, one -> two, each -> last, last -> finish",
    "src.out -> each.items, each.item -> one.a, one.out -> two.a, two.out -> each.result, each.results -> last.a,"
    "last.out -> finish.answer",
)  # fmt: skip


def test_a_fork_keeps_what_came_before_and_runs_the_rest(desk: Desk) -> None:
    """Upstream nodes are not run again; their spans say where they are from; the parent is named."""
    first = desk.run(ABC)
    fork = desk.fork(first.id, node="b", label="again from b")
    assert (fork.status, fork.outputs) == ("done", first.outputs)
    assert desk.ran(fork.id) == {"b": 1, "c": 1}
    then, now = desk.spans_of(first.id), desk.spans_of(fork.id)
    assert now["a"]["attributes"] == {"kept_from": then["a"]["id"], "kept_run": first.id}
    assert (now["a"]["input"], now["a"]["output"]) == (then["a"]["input"], then["a"]["output"])
    assert (fork.parent_id, fork.forked_at, fork.label, fork.kept) == (first.id, then["b"]["id"], "again from b", 2)
    finished = {event["node"]: event.get("kept") for event in desk.events(fork.id) if event["type"] == "node.finished"}
    assert finished == {"start": True, "a": True, "b": None, "c": None, "finish": None}


def test_changed_inputs_at_the_fork_point(desk: Desk) -> None:
    """The visit at the fork point gets them, and what follows builds on it."""
    first = desk.run(ABC)
    fork = desk.fork(first.id, span=desk.spans_of(first.id)["b"]["id"], changes={"inputs": {"a": "new"}})
    assert fork.outputs == {"answer": "c(b(new))"}
    assert fork.changes == {"inputs": {"a": "new"}, "keep": "before", "node": "b", "visit": 1, "item": None}
    assert desk.spans_of(fork.id)["b"]["input"] == {"a": "new"}


def test_changed_settings_begin_at_the_fork_point(desk: Desk) -> None:
    """Earlier visits of the edited node are kept as they were; from the point on it has the new settings."""
    first = desk.run(LOOP)
    fork = desk.fork(first.id, node="w", visit=2, changes={"config": {"w": {"say": "NEW"}}})
    assert desk.ran(fork.id) == {"w": 2}
    said = [row["output"]["out"] for row in desk.recorded(fork.id) if row["node_id"] == "w"]
    assert said == ["wx()", "wNEW(turn1)", "wNEW(turn2)"]
    assert fork.version_hash != first.version_hash


def test_edited_outputs_of_an_earlier_node(desk: Desk) -> None:
    """What they change is run again, though it lies before the point."""
    first = desk.run(ABC)
    fork = desk.fork(first.id, node="c", changes={"outputs": {"a": {"out": "EDIT"}}})
    assert fork.outputs == {"answer": "c(b(EDIT))"}
    assert desk.ran(fork.id) == {"b": 1, "c": 1}


def test_outputs_in_place_of_running_the_point(desk: Desk) -> None:
    """A corrected output of the fork point's own node: it does not run, the rest does."""
    first = desk.run(ABC)
    fork = desk.fork(first.id, node="b", changes={"outputs": {"b": {"out": "right"}}})
    assert fork.outputs == {"answer": "c(right)"} and desk.ran(fork.id) == {"c": 1}
    assert desk.spans_of(fork.id)["b"]["attributes"] == {"edited": {"outputs": {"out": "right"}}}


def test_another_outcome_of_the_point(desk: Desk) -> None:
    """The flow goes where the changed outcome leads."""
    first = desk.run(LOOP)
    fork = desk.fork(first.id, node="turn", visit=1, changes={"outcomes": {"turn": "done"}})
    assert desk.ran(fork.id) == {} and fork.outputs == {"answer": "wx()"}


def test_a_fork_within_a_frame_keeps_the_other_items_that_had_run(desk: Desk) -> None:
    """Items before the point and the point's own earlier nodes are kept; later ones run."""
    first = desk.run(ITEMS)
    fork = desk.fork(first.id, node="two", item=1, changes={"inputs": {"a": "NEW"}})
    assert fork.outputs == {"answer": "last(['two(one(p))', 'two(NEW)', 'two(one(r))'])"}
    assert desk.ran(fork.id) == {"two": 2, "one": 1, "last": 1}


def test_a_fork_at_a_frame_runs_its_items_again(desk: Desk) -> None:
    """What stands in the fork point is part of it."""
    first = desk.run(ITEMS)
    fork = desk.fork(first.id, node="each")
    assert desk.ran(fork.id) == {"one": 3, "two": 3, "last": 1} and fork.outputs == first.outputs


def test_later_visits_that_nothing_has_changed_for_can_be_kept_too(desk: Desk) -> None:
    """``keep: unchanged``: only what the change reaches runs, and side effects."""
    document = workflow(
        {"a": "t.work", "b": "t.work", "other": "t.work", "mail": "t.effect", "c": "t.work"},
        "start -> a, a -> b, b -> other, other -> mail, mail -> c, c -> finish",
        "a.out -> b.a, a.out -> other.a, other.out -> mail.a, b.out -> c.a, c.out -> finish.answer",
    )  # fmt: skip
    first = desk.run(document)
    fork = desk.fork(first.id, node="b", keep="unchanged", changes={"inputs": {"a": "NEW"}})
    assert fork.outputs == {"answer": "c(b(NEW))"} and desk.ran(fork.id) == {"b": 1, "mail": 1, "c": 1}
    fork = desk.fork(first.id, node="b", keep="unchanged", also=["mail"])
    assert desk.ran(fork.id) == {"b": 1}


def test_branches_beside_the_point_are_kept(desk: Desk) -> None:
    """A visit that ran beside the fork point cannot depend on it, and is not run again."""
    document = workflow(
        {"x": ("t.work", {"sleep": 0.05}), "y": ("t.work", {"sleep": 0.05}), "j": "control.join", "z": "t.work"},
        "start -> x, start -> y, x -> j, y -> j, j -> z, z -> finish",
        "x.out -> z.a, y.out -> z.b, z.out -> finish.answer",
    )
    first = desk.run(document)
    fork = desk.fork(first.id, node="x", changes={"outputs": {"x": {"out": "X"}}})
    assert fork.outputs == {"answer": "z(X,y())"} and desk.ran(fork.id) == {"z": 1}


def test_a_failed_run_goes_on_from_the_failed_node_mended(desk: Desk) -> None:
    """Everything before the failure is kept."""
    first = desk.run(workflow(**chain("a", "b", "c", c={"fail": True})))
    assert first.status == "failed"
    fork = desk.fork(first.id, node="c", changes={"config": {"c": {"fail": False}}})
    assert fork.outputs == {"answer": "c(b(a()))"} and desk.ran(fork.id) == {"c": 1}


STATEFUL = workflow(
    {"w": ("t.work", {"to": "log"}), "v": ("t.work", {"to": "log"}), "r": ("t.work", {"say": "{{state.log}}"})},
    "start -> w, w -> v, v -> r, r -> finish", "r.out -> finish.answer",
    state={"log": {"type": "list[text]", "reducer": "append"}},
)  # fmt: skip


def test_state_is_kept_and_can_be_changed(desk: Desk) -> None:
    """Kept visits write what they wrote; at the point a variable gets another value, and the node adds to it."""
    first = desk.run(STATEFUL)
    kept = desk.fork(first.id, node="r")
    assert desk.spans_of(kept.id)["r"]["input"]["state"] == {"log": ["w()", "v()"]}
    fork = desk.fork(first.id, node="v", changes={"state": {"log": ["other"]}})
    assert desk.spans_of(fork.id)["r"]["input"]["state"] == {"log": ["other", "v()"]}
    assert desk.ran(fork.id) == {"v": 1, "r": 1}


def test_a_fork_of_a_fork_names_the_span_that_ran(desk: Desk) -> None:
    """Kept of a kept visit: the origin stays."""
    first = desk.run(ABC)
    second = desk.fork(first.id, node="b")
    third = desk.fork(second.id, node="c")
    then, now = desk.spans_of(first.id), desk.spans_of(third.id)
    assert now["a"]["attributes"] == {"kept_from": then["a"]["id"], "kept_run": first.id}
    assert now["b"]["attributes"]["kept_run"] == second.id
    assert [row.id for row in desk.runs.lineage(second.id)] == [first.id, second.id, third.id]


def test_an_edited_workflow_with_a_renamed_node(desk: Desk) -> None:
    """``map`` says what a node is now; its visits are kept under the new name."""
    first = desk.run(ABC)
    edited = workflow(
        {"a": "t.work", "bb": "t.work", "c": ("t.work", {"say": "!"})}, "start -> a, a -> bb, bb -> c, c -> finish",
        "a.out -> bb.a, bb.out -> c.a, c.out -> finish.answer",
    )  # fmt: skip
    fork = desk.fork(first.id, edited, node="c", map={"b": "bb"})
    assert fork.outputs == {"answer": "c!(b(a()))"} and desk.ran(fork.id) == {"c": 1}


def test_an_upstream_node_edited_since_runs_again(desk: Desk) -> None:
    """Kept is only what still is what it was."""
    first = desk.run(ABC)
    fork = desk.fork(first.id, workflow(**chain("a", "b", "c", a={"say": "2"})), node="c")
    assert fork.outputs == {"answer": "c(b(a2()))"} and desk.ran(fork.id) == {"a": 1, "b": 1, "c": 1}


def test_a_waiting_run_forked_without_a_place_goes_on_from_where_it_stood(desk: Desk) -> None:
    """All that ended is kept; the question is asked in the fork; answered after a restart, nothing runs twice."""
    asking = workflow(
        {"a": "t.work", "q": ("control.ask", {}), "c": "t.work"}, "start -> a, a -> q, q -> c, c -> finish",
        "a.out -> c.a, q.text -> c.b, c.out -> finish.answer",
    )  # fmt: skip
    first = desk.run(asking)
    fork = desk.fork(first.id)
    assert fork.status == "waiting" and desk.ran(fork.id) == {}
    desk.reopen()
    desk.runner.answer(fork.id, fork.forms[0]["interrupt"], {"text": "yes"})
    fork = desk.ended(fork.id)
    assert fork.outputs == {"answer": "c(a(),yes)"} and desk.ran(fork.id) == {"c": 1}
    assert desk.runs.get(first.id).status == "waiting"


def test_one_node_alone_with_its_recorded_input(desk: Desk) -> None:
    """Only that node runs; the run's outputs are its outputs."""
    first = desk.run(ABC)
    alone = desk.fork(first.id, node="b", only=True, changes={"config": {"b": {"say": "2"}}})
    assert alone.status == "done" and alone.outputs == {"out": "b2(a())"}
    assert desk.ran(alone.id) == {"b": 1} and set(desk.spans_of(alone.id)) == {"b"}


def test_a_body_node_alone_and_a_frame_alone(desk: Desk) -> None:
    """Also a node of one item, and a whole frame with its body."""
    first = desk.run(ITEMS)
    assert desk.fork(first.id, node="two", item=2, only=True).outputs == {"out": "two(one(r))"}
    frame = desk.fork(first.id, node="each", only=True)
    assert frame.outputs == {"results": ["two(one(p))", "two(one(q))", "two(one(r))"]}
    assert desk.ran(frame.id) == {"one": 3, "two": 3}


def test_changed_inputs_of_the_start_are_the_runs(desk: Desk) -> None:
    """A fork from the start with another input is the workflow run with it."""
    document = workflow(
        {"a": "t.work"}, "start -> a, a -> finish", "start.x -> a.a, a.out -> finish.answer",
        inputs={"x": {"type": "text"}},
    )  # fmt: skip
    first = desk.run(document, {"x": "1"})
    fork = desk.fork(first.id, node="start", changes={"inputs": {"x": "2"}})
    assert (fork.inputs, fork.outputs) == ({"x": "2"}, {"answer": "a(2)"})


@pytest.mark.parametrize(
    ("asked", "match"),
    [
        ({"node": "nope"}, "no node visit nope"),
        ({"node": "b", "visit": 7}, "no node visit b#7"),
        ({"span": "0" * 16}, "no node visit span"),
        ({"node": "b", "changes": {"inputs": {"z": 1}}}, "no input 'z'"),
        ({"node": "b", "changes": {"state": {"z": 1}}}, "no state variable 'z'"),
        ({"node": "b", "changes": {"outputs": {"b": {"z": 1}}}}, "no output 'z'"),
        ({"node": "b", "changes": {"outcomes": {"b": "z"}}}, "cannot end with 'z'"),
        ({"node": "b", "changes": {"config": {"zz": {}}}}, "no node 'zz'"),
        ({"changes": {"inputs": {"a": 1}}}, "no visit to make these changes at"),
    ],
)
def test_what_cannot_be_forked_says_why(desk: Desk, asked: dict, match: str) -> None:
    """The error names the value and what there is instead."""
    first = desk.run(ABC)
    with pytest.raises(NodeError, match=match) as raised:
        desk.fork(first.id, **asked)
    assert raised.value.mend


def test_a_running_run_cannot_be_forked(desk: Desk) -> None:
    """Its trace is not whole."""
    run = desk.runner.start(workflow(**chain("a", a={"sleep": 5})), {})
    with pytest.raises(NotPossible, match=r"is (queued|running)"):
        desk.fork(run, node="start")
    desk.runner.stop(run)
    desk.ended(run)


def test_a_visit_inside_the_work_of_a_node_names_that_nodes_visit(desk: Desk) -> None:
    """A workflow that a node runs is kept or run as a whole."""
    inner = workflow(**chain("a")).model_dump(mode="json", exclude_defaults=True)
    outer = workflow(
        {"src": ("t.step", {"value": inner}), "go": ("workflows.run", {})}, "start -> src, src -> go, go -> finish",
        "src.out -> go.workflow",
    )  # fmt: skip
    first = desk.run(outer)
    rows = desk.recorded(first.id)
    go = next(row for row in rows if row["node_id"] == "go")
    inside = next(row for row in rows if row["node_id"] == "a")
    with pytest.raises(NotAForkPoint, match="inside the work of a node") as raised:
        desk.fork(first.id, span=inside["id"])
    assert raised.value.span == go["id"]
    fork = desk.fork(first.id, node="go")
    assert desk.ran(fork.id) == {"a": 1}
