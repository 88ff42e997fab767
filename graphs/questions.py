"""The desk between a runner and whoever keeps questions: asks, takes answers, hands them to the run.

What is kept is in ``store.questions``, by shape; an application without a store keeps questions in memory
(``graphs.memory_questions``).
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from graphs.answerer import AlreadyAnswered, Answerer
from graphs.asking import ALLOW_RUN
from graphs.debugger import NotPossible
from graphs.people import People
from graphs.run_table import RunRow

CALL: Final = "call"
ASKING: Final = ("queued", "running", "waiting")
"""Statuses of a run whose questions can be answered."""


class Question(Protocol):
    """``store.questions.QuestionRow`` by shape."""

    @property
    def interrupt(self) -> str: ...
    @property
    def task(self) -> str: ...
    @property
    def form(self) -> dict[str, Any]: ...
    @property
    def asked_at(self) -> float: ...
    @property
    def deadline(self) -> float | None: ...
    @property
    def status(self) -> str: ...
    @property
    def answer(self) -> dict[str, Any] | None: ...
    @property
    def answered_at(self) -> float | None: ...
    @property
    def answered_by(self) -> str | None: ...
    @property
    def channel(self) -> str | None: ...
    @property
    def taken(self) -> bool: ...
    @property
    def journal(self) -> dict[str, Any] | None: ...


class QuestionTable(Protocol):
    """``store.questions.Questions`` by shape."""

    def ask(self, run_id: str, questions: Sequence[Mapping[str, Any]]) -> None: ...
    def of(self, run_id: str) -> Sequence[Question]: ...
    def answer(
        self, run_id: str, interrupt: str, answer: Mapping[str, Any], *, by: str, channel: str, timed_out: bool = False
    ) -> bool: ...
    def taken(self, run_id: str, interrupts: Sequence[str]) -> None: ...
    def withdraw(self, run_id: str, *, forget: bool) -> None: ...


class Desk:
    """The questions of one runner's runs."""

    def __init__(self, table: QuestionTable) -> None:
        self._table = table

    def people(self, run_id: str) -> People:
        """What people were asked and have said in a run, for its next segment."""
        kept = self._table.of(run_id)
        tools = [
            each.form[CALL]["tool"] for each in kept
            if CALL in each.form and (each.answer or {}).get("decision") == ALLOW_RUN
        ]  # fmt: skip
        return People(
            known=bool(kept),
            allowed=set(tools),
            journals={each.task: each.journal for each in kept if each.journal is not None},
            rulings=_rulings(kept),
            deadlines={each.interrupt: each.deadline for each in kept if each.status == "open"},
        )

    def asked(self, run_id: str, forms: Sequence[Mapping[str, Any]], people: People) -> dict[str, Any]:
        """Keep what a run asks now; what it is to be resumed with where that was answered already."""
        questions = [form for form in forms if "stop" not in form]
        if not questions:
            return {}
        self._table.ask(run_id, [{**form, **people.asked.get(form["interrupt"], {})} for form in questions])
        open_now = {form["interrupt"] for form in questions}
        return {interrupt: said for interrupt, said in self.given(run_id).items() if interrupt in open_now}

    def given(self, run_id: str) -> dict[str, Any]:
        """The answers that a run has not gone on with: interrupt -> what it is resumed with."""
        kept = self._table.of(run_id)
        return {each.interrupt: _word(each) for each in kept if each.status in _SAID and not each.taken}

    def write_down(self, row: RunRow, interrupt: str, answer: Mapping[str, Any], who: Answerer) -> None:
        """Keep an answer. Raises NotPossible where the run does not wait for it, AlreadyAnswered."""
        kept = {each.interrupt: each for each in self._table.of(row.id)}
        forms = {form["interrupt"]: form for form in row.forms if "stop" not in form}
        if interrupt in kept and kept[interrupt].status in _SAID:
            raise _answered(kept[interrupt])
        if interrupt not in kept and row.status == "waiting" and interrupt in forms:
            self._table.ask(row.id, [forms[interrupt]])  # of an application that did not keep it
        elif interrupt not in kept or kept[interrupt].status == "withdrawn" or row.status not in ASKING:
            waits = ", ".join(forms) if row.status == "waiting" else ""
            raise NotPossible(
                f"The run {row.number} does not wait for {interrupt!r}", mend=f"It waits for: {waits or 'nothing'}."
            )
        if not self._table.answer(
            row.id, interrupt, answer, by=who.by, channel=who.channel, timed_out=who.timed_out
        ):  # fmt: skip
            raise _answered(next(each for each in self._table.of(row.id) if each.interrupt == interrupt))

    def taken(self, run_id: str, interrupts: Sequence[str]) -> None:
        """The run has gone on with these answers."""
        self._table.taken(run_id, interrupts)

    def ended(self, run_id: str, *, forget: bool) -> None:
        """Nobody has to answer a run that has ended; ``forget``: for good, so that nothing need be kept for it."""
        self._table.withdraw(run_id, forget=forget)


_SAID: Final = ("answered", "timed_out")


def _rulings(kept: Sequence[Question]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for each in kept:
        if CALL in each.form and each.status in _SAID:
            found.setdefault(each.task, {})[each.form[CALL]["id"]] = _word(each)
    return found


def _word(question: Question) -> dict[str, Any]:
    """What LangGraph's interrupt returns."""
    word: dict[str, Any] = {
        "answer": question.answer or {}, "by": question.answered_by or None, "channel": question.channel,
        "at": question.answered_at, "asked_at": question.asked_at,
    }  # fmt: skip
    if question.status == "timed_out":
        word["timed_out"] = True
    if CALL in question.form:
        word[CALL] = {name: question.form[CALL][name] for name in ("id", "policy", "without_answer")}
    return word


def _answered(question: Question) -> AlreadyAnswered:
    if question.status == "timed_out":
        return AlreadyAnswered("The time to answer this question is over", mend="The run went on without an answer.")
    ago = max(0, round(time.time() - (question.answered_at or 0)))
    return AlreadyAnswered(
        f"{question.answered_by or 'Somebody'} answered this question {ago} s ago ({question.channel})",
        mend="The run went on with that answer; look at it.",
    )
