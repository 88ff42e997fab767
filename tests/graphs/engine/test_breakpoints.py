"""Breakpoints and steps: a run stops, is looked at and changed, and goes on; no node runs twice for it."""

import time
from typing import Any

import pytest

from graphs.answerer import Answerer
from graphs.breakpoints import Edits
from graphs.runner import NotPossible
from nodes.contract import NodeError
from tests.graphs.engine.fakes import workflow
from tests.graphs.engine.saved import Desk, at, chain, points

ABC = workflow(**chain("a", "b", "c"))
ITEMS = workflow(
    {
        "src": ("t.step", {"value": ["p", "q"]}), "each": ("control.for_each", {"parallel": 1}),
        "one": {"kind": "t.work", "parent": "each"}, "two": {"kind": "t.work", "parent": "each"}, "last": "t.work",
    },
    "start -> src, src -> each, each.each -> one, one -> two, each -> last, last -> finish",
    "src.out -> each.items, each.item -> one.a, one.out -> two.a, two.out -> each.result, each.results -> last.a,"
    "last.out -> finish.answer",
)  # fmt: skip
ASKING = workflow(
    {"a": "t.work", "q": ("control.ask", {}), "c": "t.work"}, "start -> a, a -> q, q -> c, c -> finish",
    "a.out -> c.a, q.text -> c.b, c.out -> finish.answer",
)  # fmt: skip


def test_a_stop_before_a_node_shows_it_and_takes_other_inputs(desk: Desk) -> None:
    """The node has not run; it runs with the inputs it is given, in one span."""
    row = desk.run(ABC, breakpoints=points("before b"))
    assert (row.status, at(row)) == ("waiting", ["before b"])
    assert desk.ran(row.id) == {"a": 1}
    stop = row.forms[0]["stop"]
    shown = {key: stop[key] for key in ("why", "visit", "inputs", "outputs", "outcome", "outcomes", "depth")}
    assert shown == {
        "why": "breakpoint", "visit": 1, "inputs": {"a": "a()"}, "outputs": None, "outcome": None,
        "outcomes": ["done"], "depth": 0,
    }  # fmt: skip
    told = desk.wait_for(row.id, "node.waiting")
    assert (told["node"], told["stop"]["span"]) == ("b", stop["span"])
    row = desk.debug(row.id, "continue", edits={"inputs": {"a": "other"}})
    assert (row.status, row.outputs, row.steps) == ("done", {"answer": "c(b(other))"}, 5)
    visits = [span for span in desk.recorded(row.id) if span["node_id"] == "b"]
    assert [(span["id"], span["status"], span["input"]) for span in visits] == [(stop["span"], "ok", {"a": "other"})]
    assert visits[0]["attributes"]["edited"] == {"inputs": {"a": "other"}}


def test_a_stop_after_a_node_does_not_run_it_again_even_after_a_restart(desk: Desk) -> None:
    """Its outputs are held by the checkpoint; they can be changed; the new process takes them from there."""
    row = desk.run(ABC, breakpoints=points("after b"))
    assert at(row) == ["after b"] and row.forms[0]["stop"]["outputs"] == {"out": "b(a())"}
    desk.reopen()
    assert desk.runs.get(row.id).status == "waiting"
    row = desk.debug(row.id, "continue", edits={"outputs": {"out": "B"}})
    assert (row.status, row.outputs) == ("done", {"answer": "c(B)"})
    assert desk.ran(row.id) == {"a": 1, "b": 1, "c": 1}
    assert [span["output"] for span in desk.recorded(row.id) if span["node_id"] == "b"] == [{"out": "B"}]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_process_that_dies_at_a_stop_loses_nothing(desk: Desk, when: str) -> None:
    """Killed before the stop reached the run's row: resumed, it stops there again, with what had run."""
    row = desk.run(ABC, breakpoints=points(f"{when} b"))
    ran = desk.ran(row.id)
    desk.runner.close()
    desk.runs.update(row.id, status="lost", forms=[])
    desk.open()
    desk.runner.resume(row.id)
    row = desk.ended(row.id)
    assert (row.status, at(row), desk.ran(row.id)) == ("waiting", [f"{when} b"], ran)
    row = desk.debug(row.id, "continue")
    assert row.status == "done" and desk.ran(row.id) == {"a": 1, "b": 1, "c": 1}
    assert [cut["status"] for cut in row.interruptions] == ["lost"]


def _dies_after_the_command(desk: Desk, row: Any, command: str, **more: Any) -> Any:
    """The command is given, and the process ends before anything is done about it; the next one goes on."""
    desk.runner.debugger._go_on = lambda row, words: None
    edits = Edits.model_validate(more.pop("edits", {}))
    desk.runner.debugger.command(row.id, command, edits=edits, **more)
    assert desk.runs.get(row.id).status == "queued"
    desk.runner.close()
    desk.runs.update(row.id, status="lost")
    desk.open()
    desk.runner.resume(row.id)
    return desk.ended(row.id)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_process_that_dies_after_a_command_neither_loses_nor_repeats_it(desk: Desk, when: str) -> None:
    """A step with an edit, written down and no more: resumed, the run takes that one step with it, and stops."""
    row = desk.run(ABC, breakpoints=points(f"{when} b"))
    edits = {"before": {"inputs": {"a": "A"}}, "after": {"outputs": {"out": "b(A)"}}}[when]
    row = _dies_after_the_command(desk, row, "over", edits=edits)
    assert (row.status, at(row)) == ("waiting", ["before c"])
    assert desk.ran(row.id) == {"a": 1, "b": 1}
    row = desk.debug(row.id, "continue")
    assert row.outputs == {"answer": "c(b(A))"} and desk.ran(row.id) == {"a": 1, "b": 1, "c": 1}
    (span,) = [span for span in desk.recorded(row.id) if span["node_id"] == "b" and span["status"] == "ok"]
    assert [each["command"] for each in span["attributes"]["debugged"]] == ["over"]


def test_a_command_that_is_written_down_outlives_a_question_of_its_node(desk: Desk) -> None:
    """The node asks a person after the process died; answered, it starts again with the edit and does not stop."""
    row = desk.run(ASKING, breakpoints=points("before q"))
    row = _dies_after_the_command(desk, row, "continue", edits={"state": {}})
    assert at(row) == [] and row.forms[0]["node"] == "q"
    desk.runner.answer(row.id, row.forms[0]["interrupt"], {"text": "yes"})
    row = desk.ended(row.id)
    assert row.outputs == {"answer": "c(a(),yes)"}, row.error


def test_the_trace_says_who_gave_a_command_and_when(desk: Desk) -> None:
    """Of stops before, after and by a pause; a command that was given twice at once counts once."""
    began = time.time()
    row = desk.run(ABC, breakpoints=points("before b", "after b"))
    row = desk.debug(row.id, "continue", who=Answerer("Ada", "browser"))
    row = desk.debug(row.id, "continue", who=Answerer("Eve", "terminal"))
    (span,) = [span for span in desk.recorded(row.id) if span["node_id"] == "b"]
    told = span["attributes"]["debugged"]
    assert [(each["by"], each["channel"], each["command"]) for each in told] == [
        ("Ada", "browser", "continue"), ("Eve", "terminal", "continue"),
    ]  # fmt: skip
    assert began <= told[0]["at"] <= told[1]["at"] <= time.time()
    with pytest.raises(NotPossible, match="does not stop anywhere"):
        desk.runner.debugger.command(row.id, "continue")


def test_a_condition_says_when_to_stop(desk: Desk) -> None:
    """CEL over inputs, outputs, state, visit; a condition that cannot be evaluated stops, and says so."""
    loop = workflow(
        {"t": ("t.pick", {"routes": [{"name": "again"}], "take": ["again", "again", "again", "done"]})},
        "start -> t, t.again -> t, t -> finish", "t.out -> finish.answer",
    )  # fmt: skip
    row = desk.run(loop, breakpoints=points("after t", condition="visit == 3 && outputs.out == 't3'"))
    assert at(row) == ["after t"] and row.forms[0]["stop"]["visit"] == 3
    assert desk.debug(row.id, "continue").status == "done"
    row = desk.run(ABC, breakpoints=points("before b", condition="inputs.nope > 1"))
    assert at(row) == ["before b"] and "nope" in row.forms[0]["stop"]["problem"]


def test_steps_over_into_and_out(desk: Desk) -> None:
    """Over passes a frame's body, into enters it, out leaves it."""
    row = desk.run(ITEMS, breakpoints=points("before each"))
    over = desk.debug(row.id, "over")
    assert (at(over), over.forms[0]["stop"]["why"]) == (["before last"], "step")
    row = desk.run(ITEMS, breakpoints=points("before each"))
    row = desk.debug(row.id, "into")
    assert "before one" in at(row) and row.forms[0]["stop"]["depth"] == 1
    first = next(form for form in row.forms if form["stop"]["item"] == 0)
    row = desk.debug(row.id, "over", interrupt=first["interrupt"])
    assert ("before two", 0) in [(at(row)[i], form["stop"]["item"]) for i, form in enumerate(row.forms)]
    row = desk.debug(row.id, "out")
    assert at(row) == ["before last"]
    row = desk.debug(row.id, "continue")
    assert (row.status, row.outputs) == ("done", {"answer": "last(['two(one(p))', 'two(one(q))'])"})
    assert desk.ran(row.id) == {"one": 2, "two": 2, "last": 1}


def test_stepping_through_to_the_end(desk: Desk) -> None:
    """Each step stops before the next node, and the last one ends the run."""
    row = desk.run(ABC, breakpoints=points("before start"))
    seen = []
    while row.status == "waiting":
        seen += at(row)
        row = desk.debug(row.id, "over")
    assert seen == ["before start", "before a", "before b", "before c", "before finish"]
    assert row.status == "done" and desk.ran(row.id) == {"a": 1, "b": 1, "c": 1}


STATEFUL = workflow(
    {"w": ("t.work", {"to": "log"}), "v": ("t.work", {"to": "log"}), "r": ("t.work", {"say": "{{state.log}}"})},
    "start -> w, w -> v, v -> r, r -> finish", "r.out -> finish.answer",
    state={"log": {"type": "list[text]", "reducer": "append"}, "plain": {"type": "number", "default": 1}},
)  # fmt: skip


def test_state_is_shown_whole_and_can_be_changed(desk: Desk) -> None:
    """All variables are shown; a changed one replaces what the reducer had gathered."""
    row = desk.run(STATEFUL, breakpoints=points("before v", "after v", "before r"))
    assert row.forms[0]["stop"]["state"] == {"log": ["w()"], "plain": 1}
    row = desk.debug(row.id, "continue", edits={"state": {"log": ["x"], "plain": 2}})
    assert at(row) == ["after v"]
    assert row.forms[0]["stop"]["state"] == {"log": ["x", "v()"], "plain": 2}
    row = desk.debug(row.id, "continue", edits={"state": {"plain": 3}})
    assert at(row) == ["before r"] and row.forms[0]["stop"]["state"] == {"log": ["x", "v()"], "plain": 3}
    row = desk.debug(row.id, "continue", edits={"state": {"log": ["y"]}})
    assert desk.spans_of(row.id)["r"]["input"]["state"] == {"log": ["y"], "plain": 3}


def test_state_set_after_a_node_covers_what_it_wrote(desk: Desk) -> None:
    """What a person sees and sets is what follows sees."""
    row = desk.run(STATEFUL, breakpoints=points("after v"))
    assert row.forms[0]["stop"]["state"]["log"] == ["w()", "v()"]
    row = desk.debug(row.id, "continue", edits={"state": {"log": ["only"]}})
    assert desk.spans_of(row.id)["r"]["input"]["state"]["log"] == ["only"]
    assert desk.spans_of(row.id)["v"]["attributes"]["edited"] == {"state": {"log": ["only"]}}


def test_stops_side_by_side_go_on_one_by_one(desk: Desk) -> None:
    """One branch goes on; the other still stops where it did, having run once."""
    document = workflow(
        {"x": "t.work", "y": "t.work", "j": "control.join", "z": "t.work"},
        "start -> x, start -> y, x -> j, y -> j, j -> z, z -> finish",
        "x.out -> z.a, y.out -> z.b, z.out -> finish.answer",
    )
    row = desk.run(document, breakpoints=points("after x", "after y"))
    assert sorted(at(row)) == ["after x", "after y"]
    by_node = {form["node"]: form["interrupt"] for form in row.forms}
    with pytest.raises(NotPossible, match="not said which the edits are for"):
        desk.debug(row.id, "continue", edits={"outputs": {"out": "?"}})
    row = desk.debug(row.id, "continue", interrupt=by_node["y"], edits={"outputs": {"out": "Y"}}, breakpoints=[])
    assert at(row) == ["after x"] and desk.ran(row.id) == {"x": 1, "y": 1}
    row = desk.debug(row.id, "continue")
    assert row.outputs == {"answer": "z(x(),Y)"} and desk.ran(row.id) == {"x": 1, "y": 1, "z": 1}


def test_breakpoints_around_a_question(desk: Desk) -> None:
    """Stop, question, stop: each word finds its asker, and the answer is asked for once."""
    row = desk.run(ASKING, breakpoints=points("before q", "after q"))
    row = desk.debug(row.id, "continue", breakpoints=points("after q"))
    assert at(row) == [] and row.forms[0]["node"] == "q"
    desk.runner.answer(row.id, row.forms[0]["interrupt"], {"text": "yes"})
    row = desk.ended(row.id)
    assert at(row) == ["after q"] and row.forms[0]["stop"]["outputs"]["text"] == "yes"
    desk.reopen()
    row = desk.debug(row.id, "continue", edits={"outputs": {"text": "no"}})
    assert row.outputs == {"answer": "c(a(),no)"}
    assert [span["status"] for span in desk.recorded(row.id) if span["node_id"] == "q"] == ["ok"]


def test_a_stop_after_a_frame_has_its_results(desk: Desk) -> None:
    """The items have run; the results can be changed."""
    row = desk.run(ITEMS, breakpoints=points("after each"))
    assert at(row) == ["after each"]
    assert row.forms[0]["stop"]["outputs"] == {"results": ["two(one(p))", "two(one(q))"]}
    assert desk.wait_for(row.id, "node.waiting")["node"] == "each"
    row = desk.debug(row.id, "continue", edits={"outputs": {"results": ["R"]}})
    assert row.outputs == {"answer": "last(['R'])"}
    assert desk.ran(row.id) == {"one": 2, "two": 2, "last": 1}


def test_outputs_given_before_a_node_spare_it(desk: Desk) -> None:
    """The node does not run; the flow goes as if it had."""
    row = desk.run(ABC, breakpoints=points("before b"))
    row = desk.debug(row.id, "continue", edits={"outputs": {"out": "given"}})
    assert row.outputs == {"answer": "c(given)"} and desk.ran(row.id) == {"a": 1, "c": 1}


SLOW = workflow(**chain("a", "b", "c", a={"sleep": 0.6}))


def test_a_running_run_is_paused_and_gets_breakpoints(desk: Desk) -> None:
    """``pause`` stops before the next visit; breakpoints set meanwhile hold."""
    run = desk.runner.start(SLOW, {})
    desk.wait_for(run, "node.started", node="a")
    desk.runner.debugger.command(run, "pause")
    row = desk.ended(run)
    assert at(row) == ["before b"] and row.forms[0]["stop"]["why"] == "pause"
    desk.runner.debugger.set_breakpoints(run, points("after c"))
    row = desk.debug(run, "continue")
    assert at(row) == ["after c"]
    assert desk.debug(run, "continue").outputs == {"answer": "c(b(a()))"}
    run = desk.runner.start(SLOW, {})
    desk.wait_for(run, "node.started", node="a")
    desk.runner.debugger.set_breakpoints(run, points("before c"))
    assert at(desk.ended(run)) == ["before c"]


def test_a_run_of_another_process_is_not_paused_here(desk: Desk) -> None:
    """It would not hear of it; the same of breakpoints."""
    row = desk.run(ABC, breakpoints=points("before b"))
    desk.reopen()
    desk.runs.update(row.id, status="running")
    with pytest.raises(NotPossible, match="another process"):
        desk.runner.debugger.command(row.id, "pause")
    with pytest.raises(NotPossible, match="another process"):
        desk.runner.debugger.set_breakpoints(row.id, [])


def test_a_stopped_run_can_be_ended(desk: Desk) -> None:
    """``stop`` ends it; resumed, it stops at the same place."""
    row = desk.run(ABC, breakpoints=points("before b"))
    desk.runner.stop(row.id)
    assert desk.runs.get(row.id).status == "stopped"
    desk.runner.resume(row.id)
    assert at(desk.ended(row.id)) == ["before b"]


def test_breakpoints_of_a_fork_pass_over_kept_visits(desk: Desk) -> None:
    """What is not run is not stopped at."""
    first = desk.run(ABC)
    fork = desk.fork(first.id, node="c", breakpoints=points("before b", "before c"))
    assert at(fork) == ["before c"]
    assert desk.debug(fork.id, "continue").outputs == first.outputs


@pytest.mark.parametrize(
    ("more", "match"),
    [
        ({"edits": {"inputs": {"zz": 1}}}, "no input 'zz'"),
        ({"edits": {"outputs": {"zz": 1}}}, "no output 'zz'"),
        ({"edits": {"state": {"zz": 1}}}, "no state variable 'zz'"),
        ({"edits": {"outcome": "zz"}}, "cannot end with 'zz'"),
        ({"interrupt": "zz"}, "does not stop there"),
        ({"breakpoints": points("before zz")}, "no node 'zz'"),
    ],
)
def test_commands_that_cannot_be_are_refused_and_change_nothing(desk: Desk, more: dict[str, Any], match: str) -> None:
    """The run stays stopped, and still goes on."""
    row = desk.run(ABC, breakpoints=points("before b"))
    with pytest.raises(NodeError, match=match):
        desk.debug(row.id, "over", **more)
    assert at(desk.runs.get(row.id)) == ["before b"]
    assert desk.debug(row.id, "continue").status == "done"


def test_a_stop_is_no_question(desk: Desk) -> None:
    """It cannot be answered, and a run that does not stop cannot be debugged."""
    row = desk.run(ABC, breakpoints=points("before b"))
    with pytest.raises(NotPossible, match="does not wait for"):
        desk.runner.answer(row.id, row.forms[0]["interrupt"], {})
    row = desk.debug(row.id, "continue")
    for command in ("continue", "pause"):
        with pytest.raises(NotPossible, match="is done"):
            desk.debug(row.id, command)
    with pytest.raises(NodeError, match="condition"):
        desk.run(ABC, breakpoints=points("before b", condition=" "))
