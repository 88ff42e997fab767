"""Answering a run's question, for the API, the pages and the terminal: what is wrong is said before it is taken."""

from collections.abc import Mapping
from typing import Any, Final

from graphs.answerer import Answerer, Channel
from nodes.contract import NodeError
from nodes.forms import checked
from store.questions import QuestionRow
from store.runs import RunRow
from ui.workspace import Workspace

NAME: Final = "people.name"
"""The setting: who answers where nobody says otherwise."""
NOBODY: Final = "you"
LONGEST: Final = 80
"""Characters of a name."""


def answerer(workspace: Workspace, channel: Channel, by: str | None = None) -> Answerer:
    """Who answers: as said, else the name in the settings."""
    return Answerer((by or "").strip() or str(workspace.settings.get(NAME) or NOBODY), channel)


def open_questions(workspace: Workspace, run: RunRow) -> list[QuestionRow]:
    """What a run waits for, in the order it was asked."""
    return [each for each in workspace.questions.of(run.id) if each.status == "open"]


def chosen(workspace: Workspace, run: RunRow, which: str | None) -> QuestionRow | None:
    """The open question with that id or of that node; without ``which`` the only one; None where it is not open.

    Raises NodeError where it cannot be told which is meant.
    """
    found = open_questions(workspace, run)
    fitting = [each for each in found if which in (None, each.interrupt)] or [
        each for each in found if which == each.node
    ]
    if len(fitting) <= 1:
        return fitting[0] if fitting else None
    listed = ", ".join(f"{each.interrupt} ({each.label})" for each in fitting)
    raise NodeError(f"{run.number} waits for {len(fitting)} answers", mend=f"Name the question: {listed}.")


def values_for(question: QuestionRow, given: Mapping[str, Any]) -> dict[str, Any]:
    """A value for each field of the form. Raises AnswerFaults with all that is wrong."""
    return checked(question.form.get("fields") or (), given)


def give_answer(
    workspace: Workspace, run: RunRow, which: str | None, given: Mapping[str, Any], who: Answerer
) -> QuestionRow | None:
    """Answer a question of a run, which goes on in this process; the question, where it was open.

    Raises AnswerFaults where the answer does not fit its form, AlreadyAnswered, and NodeError where the run does
    not wait for it.
    """
    question = chosen(workspace, run, which)
    if question is None:
        interrupt, values = which or "an answer", dict(given)
    else:
        interrupt, values = question.interrupt, values_for(question, given)
    workspace.engine.runner.answer(run.id, interrupt, values, who)
    return question
