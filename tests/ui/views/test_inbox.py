"""The inbox page without a browser: what it shows, what it takes, what it refuses."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from graphs.document import Document
from store.runs import RunRow
from tests.ui.views.conftest import texts
from ui.starting import start_run
from ui.workspace import Workspace

FIELDS = [
    {"name": "who", "help": "As on the list"}, {"name": "seats", "type": "number", "maximum": 4, "whole": True},
    {"name": "share", "type": "number", "default": "0.125"}, {"name": "day", "type": "date", "default": "2026-12-24"},
    {"name": "team", "type": "choice", "choices": ["red", "blue"]}, {"name": "sure", "type": "boolean"},
    {"name": "tags", "type": "choices", "choices": ["a", "b"], "default": "b"},
    {"name": "note", "type": "long_text", "required": False},
]  # fmt: skip


@pytest.fixture
def ask(home: Workspace) -> Callable[..., RunRow]:
    """Begin a run that asks, and wait until it does."""

    def begin(title: str = "Booking", flow: str = "ask -> finish", **config: Any) -> RunRow:
        asking = {"kind": "control.ask", "config": config}
        document = Document.model_validate({
            "title": title, "outputs": {"answer": {"type": "any"}},
            "nodes": {"start": {"kind": "start"}, "ask": asking, "finish": {"kind": "finish"}},
            "edges": {"flow": ["start -> ask", *flow.split(", ")], "data": ["ask.answer -> finish.answer"]},
        })  # fmt: skip
        return home.engine.runner.wait_here(start_run(home, document, {}))

    return begin


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def test_an_empty_inbox_says_what_comes_here(open_page: Callable[..., AppTest]) -> None:
    """No question, no form."""
    page = open_page("inbox")
    assert "Nothing waits for you." in texts(page) and not page.button


def test_typed_fields_arrive_in_their_types(
    home: Workspace, open_page: Callable[..., AppTest], ask: Callable[..., RunRow]
) -> None:
    """Each widget gives what its field takes; what a field begins with stands in it."""
    run = ask(question="For *whom*? <b>now</b>", fields=FIELDS)
    page = open_page("inbox")
    said = texts(page)
    assert "For *whom*? &lt;b&gt;now&lt;/b&gt;" in said and run.number in said and "As on the list" in said
    page.text_input[0].set_value("Ada")
    page.number_input[0].set_value(3)
    assert page.number_input[1].value == 0.125
    for radio, value in zip(page.radio, ("blue", "No"), strict=True):
        radio.set_value(value)
    press(page, "Send the answer")
    row = home.engine.runner.wait_here(run.id)
    assert row.outputs == {"answer": {
        "who": "Ada", "seats": 3, "share": 0.125, "day": "2026-12-24", "team": "blue", "sure": False, "tags": ["b"],
        "note": None,
    }}  # fmt: skip
    assert home.questions.of(run.id)[0].channel == "browser"


def test_faults_stand_at_their_fields(
    home: Workspace, open_page: Callable[..., AppTest], ask: Callable[..., RunRow]
) -> None:
    """Nothing is lost, the run waits on, and the right answer then goes through."""
    run = ask(fields=[FIELDS[0], FIELDS[1]])
    page = open_page("inbox")
    page.number_input[0].set_value(9)
    page = press(page, "Send the answer")
    said = texts(page)
    assert "Was not answered. Fill it in." in said and "Must be at most 4, and is 9." in said
    assert page.number_input[0].value == 9 and home.runs.get(run.id).status == "waiting"
    page.text_input[0].set_value("Ada")
    page.number_input[0].set_value(2)
    page = press(page, "Send the answer")
    assert home.engine.runner.wait_here(run.id).status == "done" and "Nothing waits for you." in texts(page)


def test_one_question_is_open_at_a_time(
    home: Workspace, open_page: Callable[..., AppTest], ask: Callable[..., RunRow]
) -> None:
    """The oldest is open; another opens in its place, and its choices are its buttons."""
    ask("First", fields=[FIELDS[0]])
    choices = [{"name": "yes", "title": "Book it"}, {"name": "no", "title": "Leave it"}]
    second = ask("Second", flow="ask.yes -> finish, ask.no -> finish", fields=[], choices=choices)
    page = open_page("inbox")
    assert len(page.text_input) == 1 and "First" in texts(page) and "Second" in texts(page)
    page = press(page, "Answer")
    assert not page.text_input
    page = press(page, "Leave it")
    home.engine.runner.wait_here(second.id)
    assert home.questions.of(second.id)[0].answer == {"choice": "Leave it"} and home.questions.count() == 1


def test_the_address_opens_the_question_of_a_run(open_page: Callable[..., AppTest], ask: Callable[..., RunRow]) -> None:
    """``?run=`` leads from a run to its question."""
    ask("First", fields=[FIELDS[0]])
    second = ask("Second", fields=[FIELDS[1]])
    page = open_page("inbox", run=second.number)
    assert len(page.number_input) == 1 and not page.text_input


def test_somebody_was_faster(home: Workspace, open_page: Callable[..., AppTest], ask: Callable[..., RunRow]) -> None:
    """Who sends a form that was answered meanwhile is told who was faster."""
    run = ask(fields=[FIELDS[0]])
    page = open_page("inbox")
    home.questions.answer(run.id, run.forms[0]["interrupt"], {"who": "Cy"}, by="Ann", channel="api")
    page.text_input[0].set_value("Ada")
    page = press(page, "Send the answer")
    assert [toast.value for toast in page.toast] == [f"Ann answered the question of {run.number} meanwhile."]


def test_the_name_is_a_setting(home: Workspace, open_page: Callable[..., AppTest]) -> None:
    """It is saved, and an empty one is "you"."""
    page = open_page("settings")
    field = next(each for each in page.text_input if each.label == "Your name")
    assert field.value == "you"
    field.set_value("  Ann  Lee ")
    press(page, "Save the name")
    assert home.settings.get("people.name") == "Ann Lee"
