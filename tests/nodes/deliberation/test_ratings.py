"""Ratings and importance."""

import asyncio

import pytest

from nodes.contract import AnswerError
from nodes.deliberation.ratings import ask_ratings, importance
from nodes.teams.members import user
from tests.fakes import role


def test_importance_by_hand():
    """Last round a and b have 1/2 each; a gave b 4 and c 1, b gave a 5 and c 5: so before a has 1/4, b 2/5, c 7/20."""
    worth = importance([["a", "b", "c"], ["a", "b"]], [{"a": {"b": 4, "c": 1}, "b": {"a": 5, "c": 5}}])
    assert worth == pytest.approx({"a": (1 / 4 + 1 / 2) / 2, "b": (2 / 5 + 1 / 2) / 2, "c": (7 / 20) / 2})
    assert sum(worth.values()) == pytest.approx(1)


def test_one_round_is_worth_the_same_to_all():
    """Nobody was rated yet."""
    assert importance([["a", "b"]], []) == {"a": 0.5, "b": 0.5}


def test_who_rates_nobody_keeps_its_worth():
    """A member left alone passes nothing on."""
    assert importance([["a", "b"], ["a"]], [{"a": {}}]) == {"a": 1.0, "b": 0.0}


def test_ratings_are_given_by_name():
    """The form has numbered fields; names of members may be anything."""
    member = role("Ann", {"m1": 5, "m2": 1})
    given = asyncio.run(ask_ratings(member, [user("q")], ["Bob the Great", "Cleo"]))
    assert given == {"Bob the Great": 5.0, "Cleo": 1.0}
    assert "m1: Bob the Great" in member.model.calls[0].text  # type: ignore[attr-defined]


def test_a_form_that_cannot_be_filled_rates_all_alike():
    """Twice a wrong form is no reason to end the discussion; without others nobody is asked."""
    member = role("Ann", AnswerError("no", text="x"), AnswerError("no", text="x"))
    assert asyncio.run(ask_ratings(member, [user("q")], ["Bob", "Cleo"])) == {"Bob": 3.0, "Cleo": 3.0}
    assert asyncio.run(ask_ratings(member, [user("q")], [])) == {}
