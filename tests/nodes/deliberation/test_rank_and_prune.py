"""deliberation.rank_and_prune"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.deliberation.rank_and_prune import rank_and_prune
from tests.fakes import FakeContext, ModelCall, role, run_node


def rating(best: str, worst: str) -> Any:
    """Rates by name: the best 5, the worst 1, others 3."""

    def rate(call: ModelCall) -> dict[str, int]:
        listed = [line.split(": ") for line in call.messages[-1]["content"].splitlines()[1:]]
        return {field: 5 if name == best else 1 if name == worst else 3 for field, name in listed}

    return rate


def test_the_member_rated_lowest_speaks_no_more():
    """After the second round the least important of four leaves: it is not asked, nor read, in the third."""
    rate = rating("Ann", "Dan")
    ann = role("Ann", "Answer: 1", "Answer: 1", rate, "Answer: 1", rate)
    bob = role("Bob", "Answer: 2", "Answer: 2", rate, "Answer: 1", rate)
    cleo = role("Cleo", "Answer: 3", "Answer: 3", rate, "Answer: 1", rate)
    dan = role("Dan", "Answer: 4", "DAN AGAIN\nAnswer: 4", rate)
    ctx = FakeContext(roles=[ann, bob, cleo, dan])
    out = run_node(rank_and_prune, {"question": "q"}, ctx)
    assert (out["answer"], out["agreement"]) == ("1", 1.0)
    assert len(dan.model.calls) == 3  # type: ignore[attr-defined]
    assert "DAN AGAIN" not in bob.model.calls[3].text  # type: ignore[attr-defined]
    assert out["team"][0] == "Ann" and set(out["team"]) == {"Ann", "Bob", "Cleo"}
    assert out["importance"][-1]["member"] == "Dan" and out["importance"][-1]["left"] == 2
    assert sum(each["importance"] for each in out["importance"]) == pytest.approx(1, abs=1e-3)
    assert "Dan leave" in ctx.lines
    view = ctx.views[-1]
    assert view["columns"] == ["member", "round 1", "round 2", "round 3", "importance"]
    assert view["rows"][3][:4] == ["Dan", "4", "4", ""]


def test_more_than_two_thirds_end_it():
    """Three of four agree at once: one round is enough, nobody rates."""
    team = [role(name, f"Answer: {answer}") for name, answer in zip("abcd", "7787", strict=True)]
    out = run_node(rank_and_prune, {"question": "q"}, FakeContext(roles=team))
    assert (out["answer"], out["agreement"]) == ("7", 0.75)


def test_two_of_three_are_not_enough():
    """Exactly two thirds is no consensus: the discussion goes on."""
    rate = rating("", "")
    team = [role(name, f"Answer: {answer}", "Answer: 7", rate) for name, answer in zip("abc", "778", strict=True)]
    out = run_node(rank_and_prune, {"question": "q"}, FakeContext(roles=team))
    assert out["agreement"] == 1 and all(len(each.model.calls) == 3 for each in team)  # type: ignore[attr-defined]


def test_as_many_stay_as_the_settings_say():
    """Nobody leaves when only as many are there as are kept; the rounds end it."""
    rate = rating("", "")
    team = [role(n, *[f"Answer: {n}", f"Answer: {n}", rate, f"Answer: {n}", rate]) for n in ("ax", "bx")]
    out = run_node(rank_and_prune, {"question": "q"}, FakeContext(roles=team), reading="whole_text")
    assert out["team"] == ["ax", "bx"] and out["agreement"] == 0.5


def test_a_team_of_the_settings_works_as_dropped():
    """Without roles the members of the settings discuss."""
    ctx = FakeContext()
    ctx.model = role("m", *["Answer: 4"] * 4).model  # type: ignore[assignment]
    out = run_node(rank_and_prune, {"question": "2+2"}, ctx)
    assert out["answer"] == "4" and len(out["team"]) == 4
    assert "You are a mathematician" in ctx.model.calls[0].text


def test_nothing_to_discuss():
    """An empty question is an error."""
    with pytest.raises(NodeError, match="question is empty"):
        run_node(rank_and_prune, {"question": ""})
