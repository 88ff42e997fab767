"""Waiting for a person: the run stops working, keeps its state, and goes on with the answer."""
# ruff: noqa: E501 - a graph is easier to read with its edges on one line

import time

import pytest

from graphs.answerer import AlreadyAnswered, Answerer
from graphs.runner import NotPossible
from tests.graphs.engine.fakes import Bench, workflow

ASK = ("control.ask", {"question": "Go on?", "fields": [{"name": "why", "title": "Why"}]})


def test_an_answer_lets_the_run_go_on(bench: Bench) -> None:
    """The run waits with its form, and the answer is the node's output; the node is one span and one step."""
    row = bench.run(workflow({"q": ASK}, "start -> q, q -> finish", "q.text -> finish.answer"))
    assert row.status == "waiting"
    assert row.forms[0]["node"] == "q" and row.forms[0]["form"]["text"] == "Go on?"
    bench.runner.answer(row.id, row.forms[0]["interrupt"], {"why": "because"})
    row = bench.runner.wait_here(row.id)
    assert (row.status, row.outputs, row.forms, row.steps) == ("done", {"answer": "because"}, [], 3)
    asked = [span for span in bench.spans.of("invoke_node") if span["node_id"] == "q"]
    assert [span["status"] for span in asked] == ["ok"]


def test_two_pauses_at_once_are_answered_one_by_one(bench: Bench) -> None:
    """Two waiting branches show two forms; the run is done when both are answered."""
    document = workflow(
        {"q1": ASK, "q2": ASK, "j": "control.join", "c": "t.step"},
        "start -> q1, start -> q2, q1 -> j, q2 -> j, j -> c, c -> finish", "q1.text -> c.a, q2.text -> c.b, c.out -> finish.answer",
    )  # fmt: skip
    row = bench.run(document)
    assert {form["node"] for form in row.forms} == {"q1", "q2"}
    by_node = {form["node"]: form["interrupt"] for form in row.forms}
    bench.runner.answer(row.id, by_node["q2"], {"why": "two"})
    row = bench.runner.wait_here(row.id)
    assert row.status == "waiting" and [form["node"] for form in row.forms] == ["q1"]
    bench.runner.answer(row.id, by_node["q1"], {"why": "one"})
    row = bench.runner.wait_here(row.id)
    assert row.outputs == {"answer": "c1(one,two)"}


def test_an_answer_that_does_not_fit_is_asked_for_again(bench: Bench) -> None:
    """The form comes back with the reason."""
    row = bench.run(workflow({"q": ASK}, "start -> q, q -> finish", "q.text -> finish.answer"))
    bench.runner.answer(row.id, row.forms[0]["interrupt"], {"why": 3})
    row = bench.runner.wait_here(row.id)
    assert row.status == "waiting" and "must be a text" in row.forms[0]["form"]["error"]["what"]
    bench.runner.answer(row.id, row.forms[0]["interrupt"], {"why": "text"})
    assert bench.runner.wait_here(row.id).outputs == {"answer": "text"}


def test_a_pause_within_a_frame_keeps_the_finished_items(bench: Bench) -> None:
    """Each item asks; answering them one after the other runs no finished item again."""
    nodes = {
        "src": ("t.step", {"value": ["a", "b"]}), "each": "control.for_each",
        "work": {"kind": "t.body", "parent": "each"}, "q": {"kind": ASK[0], "config": ASK[1], "parent": "each"},
    }  # fmt: skip
    document = workflow(
        nodes, "start -> src, src -> each, each.each -> work, work -> q, each -> finish",
        "src.out -> each.items, each.item -> work.item, q.text -> each.result, each.results -> finish.answer",
    )  # fmt: skip
    row = bench.run(document)
    assert len(row.forms) == 2
    for said in ("one", "two"):
        bench.runner.answer(row.id, row.forms[0]["interrupt"], {"why": said})
        row = bench.runner.wait_here(row.id)
    assert row.status == "done" and sorted(row.outputs["answer"]) == ["one", "two"]
    assert bench.visits()["work"] == 2


def test_an_unknown_interrupt_is_refused(bench: Bench) -> None:
    """An answer to a question nobody asked says what is open."""
    row = bench.run(workflow({"q": ASK}, "start -> q, q -> finish"))
    with pytest.raises(NotPossible, match="does not wait for 'nothing'"):
        bench.runner.answer(row.id, "nothing", {})


def test_a_waiting_run_survives_its_process(bench: Bench) -> None:
    """Another runner on the same folder answers and finishes it, and replays how it stands."""
    row = bench.run(workflow({"q": ASK}, "start -> q, q -> finish", "q.text -> finish.answer"))
    bench.runner.close()
    bench.open()
    bench.runner.answer(row.id, row.forms[0]["interrupt"], {"why": "later"})
    assert bench.runner.wait_here(row.id).outputs == {"answer": "later"}
    assert bench.events(row.id)[1]["type"] == "node.waiting"


def test_stopping_a_waiting_run_ends_it(bench: Bench) -> None:
    """A run nobody will answer can be stopped."""
    row = bench.run(workflow({"q": ASK}, "start -> q, q -> finish"))
    bench.runner.stop(row.id)
    assert bench.runner.wait_here(row.id).status == "stopped"


TIMED = ("control.ask", {**ASK[1], "answer_within": "2 h"})


def test_the_time_to_answer_can_be_over(bench: Bench) -> None:
    """A question with a time has a deadline; when that is over the node ends by ``timed_out``."""
    document = workflow(
        {"q": TIMED, "late": ("t.step", {"value": "nobody"})}, "start -> q, q -> finish, q.timed_out -> late, late -> finish",
        "q.text -> finish.answer, late.out -> finish.answer",
    )  # fmt: skip
    row = bench.run(document)
    form = row.forms[0]
    assert 7_190 < form["form"]["deadline"] - time.time() <= 7_200
    bench.runner.answer(row.id, form["interrupt"], {}, Answerer("", "timer", timed_out=True))
    row = bench.runner.wait_here(row.id)
    (span,) = [each for each in bench.spans.of("invoke_node") if each["node_id"] == "q"]
    assert (row.outputs, span["outcome"], span["attributes"]["answered"]["timed_out"]) == (
        {"answer": "nobody"},
        "timed_out",
        True,
    )
    with pytest.raises((AlreadyAnswered, NotPossible), match=r"time to answer this question is over|does not wait"):
        bench.runner.answer(row.id, form["interrupt"], {"why": "late"})


def test_a_deadline_does_not_move(bench: Bench) -> None:
    """Another question of the run is answered meanwhile: the deadline stays the one it was asked with."""
    document = workflow(
        {"q1": TIMED, "q2": TIMED, "j": "control.join"}, "start -> q1, start -> q2, q1 -> j, q2 -> j, j -> finish",
        "q1.text -> finish.answer",
    )  # fmt: skip
    row = bench.run(document)
    before = {form["node"]: form["form"]["deadline"] for form in row.forms}
    second = next(form["interrupt"] for form in row.forms if form["node"] == "q2")
    bench.runner.answer(row.id, second, {"why": "two"})
    (left,) = bench.runner.wait_here(row.id).forms
    assert left["form"]["deadline"] == before["q1"]


def test_the_trace_says_who_answered(bench: Bench) -> None:
    """Name, channel, when it was asked and when it was answered stand in the node's span."""
    row = bench.run(workflow({"q": ASK}, "start -> q, q -> finish", "q.text -> finish.answer"))
    bench.runner.answer(row.id, row.forms[0]["interrupt"], {"why": "so"}, Answerer("Ann", "terminal"))
    bench.runner.wait_here(row.id)
    said = next(each for each in bench.spans.of("invoke_node") if each["node_id"] == "q")["attributes"]["answered"]
    assert (said["by"], said["channel"]) == ("Ann", "terminal") and said["at"] >= said["asked_at"]
    assert "timed_out" not in said


def test_of_two_who_answer_the_first_wins(bench: Bench) -> None:
    """The second is told who was faster."""
    row = bench.run(workflow({"q": ASK}, "start -> q, q -> finish", "q.text -> finish.answer"))
    interrupt = row.forms[0]["interrupt"]
    bench.runner.answer(row.id, interrupt, {"why": "first"}, Answerer("Ann", "browser"))
    with pytest.raises((AlreadyAnswered, NotPossible), match=r"Ann answered|does not wait"):
        bench.runner.answer(row.id, interrupt, {"why": "second"})
    assert bench.runner.wait_here(row.id).outputs == {"answer": "first"}


def test_items_run_after_a_question_before_them(bench: Bench) -> None:
    """A for-each that follows a question, and one question for all of its items, run as if nobody had been asked."""
    nodes = {
        "q": ASK,
        "src": ("t.step", {"value": [1, 2, 3]}),
        "each": "control.for_each",
        "work": {"kind": "t.body", "parent": "each"},
    }
    document = workflow(
        nodes, "start -> q, q -> src, src -> each, each.each -> work, each -> finish",
        "src.out -> each.items, each.item -> work.item, q.text -> work.outer, work.out -> each.result, each.results -> finish.answer",
    )  # fmt: skip
    row = bench.run(document)
    bench.runner.close()
    bench.open()
    bench.runner.answer(row.id, row.forms[0]["interrupt"], {"why": "x"})
    assert bench.runner.wait_here(row.id).outputs == {"answer": ["x1", "x2", "x3"]}
