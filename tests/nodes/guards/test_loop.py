"""The loop guard refuses the call that would make the circle full."""

from nodes.guards.loop import loop
from tests.nodes.guards.policies import before, called, ended, policy_of

A, B = called("search", {"q": "a"}), called("open", {"id": 1})


def test_same_call_again():
    """The third time the same call is refused; other arguments are another call."""
    policy = policy_of(loop, max_repeats=2)
    assert before(policy, "search", {"q": "a"}, A).allowed
    refused = before(policy, "search", {"q": "a"}, A, ended("node"), A)
    assert not refused.allowed and "2 times in a row" in refused.reason
    assert before(policy, "search", {"q": "b"}, A, A).allowed


def test_alternating_calls():
    """A B A B is refused when A comes a third time."""
    policy = policy_of(loop, max_rounds=2)
    assert before(policy, "open", {"id": 1}, A, B, A).allowed
    refused = before(policy, "search", {"q": "a"}, A, B, A, B)
    assert not refused.allowed and "in turn" in refused.reason
    assert before(policy_of(loop, max_rounds=2, max_period=1), "search", {"q": "a"}, A, B, A, B).allowed


def test_refused_calls_do_not_count():
    """What was not made repeats nothing."""
    denied = called("search", {"q": "a"}, "denied")
    assert before(policy_of(loop, max_repeats=2), "search", {"q": "a"}, denied, denied).allowed


def test_polling_a_changing_value_may_go_on():
    """With 'only with the same result' a new result is no circle, the same one is."""
    policy = policy_of(loop, max_repeats=2, same_results=True)
    waiting, ready = called("status", text="waiting"), called("status", text="50 %")
    assert before(policy, "status", {}, waiting, ready).allowed
    assert not before(policy, "status", {}, waiting, waiting).allowed
