"""What a visit was answered, kept and handed back."""

import asyncio
import json
from typing import Any

import pytest

from graphs.journal import Journal, same
from graphs.messages import without_call_ids
from nodes.contract import AnswerError, NodeError


def counted(*answers: Any) -> Any:
    """Work that gives these one after the other; an exception is raised."""
    left = list(answers)

    async def work() -> Any:
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return work


def ask(journal: Journal, asked: Any, work: Any) -> Any:
    async def once() -> Any:
        return await journal.answer(journal.turn("chat", asked), work, same, same)

    return asyncio.run(once())


def again(journal: Journal) -> Journal:
    """The journal as another process has it."""
    return Journal(json.loads(json.dumps(journal.as_json(7, 0.5))))


def test_a_call_is_made_once():
    """Asked again from the top it has its answer, in another process too; the bill goes with it."""
    journal = Journal()
    assert ask(journal, "q", counted("a")) == "a"
    later = again(journal)
    assert ask(later, "q", counted()) == "a" and later.spent == (7, 0.5)


def test_the_same_call_twice_has_two_answers():
    """How often the very same was asked tells them apart; another question is another call."""
    journal = Journal()
    work = counted("first", "second", "other")
    assert [ask(journal, "q", work), ask(journal, "q", work), ask(journal, "p", work)] == ["first", "second", "other"]
    later = again(journal)
    assert [ask(later, "p", None), ask(later, "q", None), ask(later, "q", None)] == ["other", "first", "second"]


def test_places_are_told_apart():
    """The same call inside a sub-workflow is not the one outside; all places share what is kept."""
    journal = Journal()
    assert ask(journal, "q", counted("outside")) == "outside"
    assert ask(journal.inside("part"), "q", counted("inside")) == "inside"
    later = again(journal)
    assert (ask(later.inside("part"), "q", None), ask(later, "q", None)) == ("inside", "outside")


def test_errors_come_back_as_they_were():
    """A node that asks once more after an unfit answer takes the same way again."""
    journal = Journal()
    with pytest.raises(AnswerError, match="no JSON"):
        ask(journal, "q", counted(AnswerError("no JSON", text="hm")))
    with pytest.raises(AnswerError, match="no JSON") as raised:
        ask(again(journal), "q", counted("a"))
    assert raised.value.text == "hm"


def test_a_retry_asks_again_only_what_failed():
    """What was answered is not asked again when the node is tried once more."""
    journal = Journal()
    ask(journal, "q", counted("a"))
    with pytest.raises(NodeError, match="away"):
        ask(journal, "p", counted(NodeError("away", retryable=True)))
    journal.retry()
    assert (ask(journal, "q", None), ask(journal, "p", counted("b"))) == ("a", "b")


def test_ids_of_calls_by_chance_say_nothing():
    """Two messages that differ in the ids of their calls alone are the same; their arguments count."""

    def said(id: str, argument: int) -> list[dict[str, Any]]:
        call = {"id": id, "name": "delete", "arguments": {"id": argument}}
        return [
            {"role": "assistant", "content": "", "tool_calls": [call]},
            {"role": "tool", "content": "", "tool_call_id": id},
        ]

    assert without_call_ids(said("a", 1)) == without_call_ids(said("b", 1)) != without_call_ids(said("a", 2))
