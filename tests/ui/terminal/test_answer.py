"""``nodeloom inbox`` and ``nodeloom answer``, and questions asked in the terminal."""

import builtins
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nodes.forms import form_field
from tests.ui.terminal.conftest import Command
from ui.terminal.questions import ask
from ui.workspace import workspace

ASK = """\
nodeloom: 1
title: Booking
outputs: {answer: {type: text}}
nodes:
  start: {kind: start}
  ask:
    kind: control.ask
    label: Table
    config:
      question: For whom?
      fields: [{name: who}, {name: seats, type: number, minimum: 1, maximum: 4, whole: true}]
  finish: {kind: finish}
edges: {flow: [start -> ask, ask -> finish], data: [ask.text -> finish.answer]}
"""


@pytest.fixture
def waiting(nodeloom: Command, tmp_path: Path) -> str:
    """The number of a run that waits."""
    (tmp_path / "ask.yaml").write_text(ASK)
    done = nodeloom("run", "ask.yaml")
    assert done.returncode == 1 and "nodeloom answer r-0001" in done.stderr
    return "r-0001"


def test_the_inbox_lists_what_waits(nodeloom: Command, waiting: str) -> None:
    """Run, workflow, who asks and what; as JSON with the form."""
    listed = nodeloom("inbox").stdout
    assert all(word in listed for word in (waiting, "Booking", "Table", "For whom?"))
    (question,) = json.loads(nodeloom("inbox", "--json").stdout)
    assert question["number"] == waiting and question["form"]["fields"][1]["maximum"] == 4


def test_an_empty_inbox_says_so(nodeloom: Command) -> None:
    """Nothing on stdout, a line for the person, exit code 0."""
    done = nodeloom("inbox")
    assert (done.returncode, done.stdout) == (0, "") and "Nothing waits for you." in done.stderr


def test_an_answer_lets_the_run_end(nodeloom: Command, waiting: str) -> None:
    """Without a server the run goes on here; its outputs are printed, and the trace has who and where."""
    done = nodeloom("answer", waiting, "--field", "who=Ada", "-f", "seats=3", "--by", "Ann")
    assert (done.returncode, done.stdout) == (0, "who: Ada\nseats: 3\n")
    workspace.cache_clear()
    row = workspace().questions.of(workspace().runs.get(waiting).id)[0]
    assert (row.answered_by, row.channel, row.taken) == ("Ann", "terminal", True)
    again = nodeloom("answer", waiting, "--field", "who=Ada")
    assert again.returncode == 2 and "does not wait" in again.stderr


def test_a_value_can_come_from_a_file(nodeloom: Command, waiting: str, tmp_path: Path) -> None:
    """``name=@file``, named by the node; and the outcome as JSON."""
    (tmp_path / "who.txt").write_text("Ada")
    done = nodeloom("answer", waiting, "ask", "-f", "who=@who.txt", "-f", "seats=1", "--json")
    assert json.loads(done.stdout)["outputs"] == {"answer": "who: Ada\nseats: 1"}


@pytest.mark.parametrize(
    ("given", "what"),
    [
        (["seats=9"], "'seats' must be 1 to 4"),
        (["seats=9"], "'who' was not answered"),
        (["whoo=Ada", "seats=1"], "Did you mean 'who'?"),
        (["who"], "'who' has no '='"),
        (["who=@none.txt"], "Cannot read the file"),
    ],
)
def test_what_does_not_fit_is_told(nodeloom: Command, waiting: str, given: list[str], what: str) -> None:
    """Every fault with its remedy, exit code 2, and the run waits on."""
    done = nodeloom("answer", waiting, *(part for each in given for part in ("--field", each)))
    assert done.returncode == 2 and what in done.stderr and "who (text)" in done.stderr
    assert len(json.loads(nodeloom("inbox", "--json").stdout)) == 1


def test_an_unknown_run_is_told(nodeloom: Command) -> None:
    """Exit code 2."""
    done = nodeloom("answer", "r-0099")
    assert done.returncode == 2 and "r-0099" in done.stderr


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Types these lines, one for each prompt."""

    def type_in(*lines: str) -> None:
        left = list(lines)
        monkeypatch.setattr(builtins, "input", lambda *_: left.pop(0))

    return type_in


def form(*fields: dict[str, Any]) -> dict[str, Any]:
    return {"title": "Your answer is needed", "text": "Please.", "fields": list(fields)}


def test_each_field_is_asked_until_it_fits(typed: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong value is told and asked for again; choices go by their number, nothing means the default."""
    typed("much", "9", "3", "2", "", "yes", "red, blue", "")
    answer = ask(
        form(
            form_field("seats", "number", minimum=1, maximum=4),
            form_field("team", "choice", choices=("red", "blue")),
            form_field("name", "text", default="Ada"),
            form_field("sure", "boolean"),
            form_field("tags", "choices", choices=("red", "blue")),
            form_field("day", "date", required=False),
        )
    )
    assert answer == {
        "seats": 3, "team": "blue", "name": "Ada", "sure": True, "tags": ["red", "blue"], "day": None,
    }  # fmt: skip
    said = capsys.readouterr().err
    assert "must be a number" in said and "must be 1 to 4" in said and "Please." in said


def test_what_is_given_is_not_asked(typed: Callable[..., None]) -> None:
    """Only the other fields are."""
    typed("Bo")
    assert ask(form(form_field("who", "text"), form_field("n", "number")), {"n": 2}) == {"n": 2, "who": "Bo"}
