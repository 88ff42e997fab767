"""Questions: asked once, answered once, due, taken up, withdrawn; and those of runs from before there was a table."""

import time
from typing import Any

import pytest
from alembic import command
from alembic.config import Config

from store.database import MIGRATIONS, Database
from store.home import Home
from store.questions import Questions
from store.runs import RunRow, Runs


@pytest.fixture
def questions(database: Database) -> Questions:
    return Questions(database)


@pytest.fixture
def run(database: Database) -> RunRow:
    """A run that waits."""
    runs = Runs(database)
    return runs.update(runs.create(title="Trip", version_hash="h", inputs={}, workflow_id="w").id, status="waiting")


def asks(interrupt: str = "i1", **more: Any) -> dict[str, Any]:
    deadline = more.pop("deadline", None)
    form = {"title": "Where to?", "fields": [], **({"deadline": deadline} if deadline else {})}
    return {"interrupt": interrupt, "node": "ask", "form": form, **more}


def test_the_oldest_question_comes_first(questions: Questions, run: RunRow) -> None:
    """An open question is listed with its run; the count is of all."""
    questions.ask(run.id, [asks("i1", label="Ask Ann"), asks("i2", sort="approval")])
    found = questions.waiting()
    assert [each.interrupt for each in found] == ["i1", "i2"] and questions.count() == 2
    assert (found[0].number, found[0].title, found[0].label, found[1].label) == (run.number, "Trip", "Ask Ann", "ask")
    assert questions.waiting(workflow="w", limit=1) == found[:1] and questions.waiting(workflow="other") == []


def test_the_first_answer_wins(questions: Questions, run: RunRow) -> None:
    """A second answer, and one to nothing, are refused; who, where and when are kept."""
    questions.ask(run.id, [asks()])
    assert questions.answer(run.id, "i1", {"to": "Rome"}, by="Ann", channel="browser")
    assert not questions.answer(run.id, "i1", {"to": "Oslo"}, by="Bo", channel="api")
    assert not questions.answer(run.id, "i9", {}, by="Bo", channel="api")
    (row,) = questions.of(run.id)
    assert (row.status, row.answer, row.answered_by, row.channel) == ("answered", {"to": "Rome"}, "Ann", "browser")
    assert row.answered_at and row.answered_at >= row.asked_at and questions.count() == 0


def test_asked_again_it_keeps_its_time(questions: Questions, run: RunRow) -> None:
    """A question that is open stays as it was asked; its journal is the newest."""
    questions.ask(run.id, [asks(deadline=100.0, journal={"n": 1})])
    before = questions.of(run.id)[0]
    questions.ask(run.id, [asks(deadline=900.0, journal={"n": 2})])
    (row,) = questions.of(run.id)
    assert (row.asked_at, row.deadline, row.journal) == (before.asked_at, 100.0, {"n": 2})


def test_the_newest_question_of_a_visit_has_its_journal(questions: Questions, run: RunRow) -> None:
    """It holds what those before it held; another visit's is its own."""
    questions.ask(run.id, [asks("i1", task="t", journal={"n": 1}), asks("i2", task="u", journal={"n": 9})])
    questions.answer(run.id, "i1", {}, by="Ann", channel="api")
    questions.ask(run.id, [asks("i3", task="t", journal={"n": 2})])
    assert [each.journal for each in questions.of(run.id)] == [None, {"n": 9}, {"n": 2}]


def test_an_answer_that_was_not_taken_is_not_asked_for_again(questions: Questions, run: RunRow) -> None:
    """The process died with the answer: the question stays answered; once taken it can be asked anew."""
    questions.ask(run.id, [asks()])
    questions.answer(run.id, "i1", {}, by="Ann", channel="api")
    questions.ask(run.id, [asks()])
    assert questions.of(run.id)[0].status == "answered"
    questions.taken(run.id, ["i1"])
    questions.ask(run.id, [asks()])
    assert questions.of(run.id)[0].status == "open"


def test_what_is_due(questions: Questions, run: RunRow, database: Database) -> None:
    """Only open questions of runs that can go on, whose time is over."""
    now = time.time()
    questions.ask(run.id, [asks("late", deadline=now - 1), asks("soon", deadline=now + 60), asks("ever")])
    assert questions.due(now) == [(run.id, "late")]
    questions.answer(run.id, "late", {}, by="", channel="timer", timed_out=True)
    assert questions.due(now) == [] and questions.of(run.id)[0].status == "timed_out"
    Runs(database).update(run.id, status="lost")
    assert questions.due(now + 100) == [] and questions.waiting() == []


def test_answers_left_lying(questions: Questions, run: RunRow) -> None:
    """A run that waits though it was answered is found, until it has gone on."""
    questions.ask(run.id, [asks("i1"), asks("i2")])
    questions.answer(run.id, "i1", {}, by="Ann", channel="terminal")
    assert questions.left_lying(time.time() - 60) == []
    assert questions.left_lying(time.time() + 1) == [run.id]
    questions.taken(run.id, ["i1"])
    assert questions.left_lying(time.time() + 1) == []


def test_a_run_that_has_ended_asks_nothing(questions: Questions, run: RunRow) -> None:
    """Stopped, its open question is withdrawn and can be asked anew; done, its journal goes."""
    questions.ask(run.id, [asks("i1", journal={"n": 1}), asks("i2")])
    questions.answer(run.id, "i1", {}, by="Ann", channel="api")
    questions.withdraw(run.id, forget=False)
    first, second = questions.of(run.id)
    assert (first.status, first.journal, second.status) == ("answered", {"n": 1}, "withdrawn")
    questions.ask(run.id, [asks("i2")])
    assert questions.of(run.id)[1].status == "open"
    questions.withdraw(run.id, forget=True)
    assert [each.journal for each in questions.of(run.id)] == [None, None] and questions.count() == 0


def test_questions_go_with_their_run(questions: Questions, run: RunRow, database: Database) -> None:
    """Deleting the run deletes them."""
    questions.ask(run.id, [asks()])
    Runs(database).delete(run.id)
    assert questions.of(run.id) == []


def test_runs_that_wait_are_taken_over(home: Home) -> None:
    """A database from before the table: what its waiting runs ask is there, stops of a debugger are not."""
    database = Database(home.database)
    runs = Runs(database)
    forms = [{**asks("i1")}, {**asks("i2"), "stop": {"when": "before"}}]
    run = runs.update(runs.create(title="Old", version_hash="h", inputs={}).id, status="waiting", forms=forms)
    with database.connection() as connection:
        connection.exec_driver_sql("DROP TABLE question")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0004'")
    with database._writer.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
    (found,) = Questions(database).waiting()
    assert (found.run_id, found.interrupt, found.form["title"]) == (run.id, "i1", "Where to?")
    database.close()
