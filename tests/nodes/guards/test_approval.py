"""guards.approval"""

import pytest

from nodes.guards.approval import approval
from tests.nodes.guards.policies import before, called, policy_of


def test_calls_of_these_tools_are_left_to_a_person():
    """The names are patterns; other tools pass."""
    policy = policy_of(approval, tools=["send_*"], question="Mind the tone.", answer_within="2 h")
    asked = before(policy, "send_mail").ask
    assert asked is not None and (asked.text, asked.within, asked.lenient, asked.whole_run) == (
        "Mind the tone.", 7_200, False, True,
    )  # fmt: skip
    assert before(policy, "read_mail").allowed and not before(policy, "send_mail").allowed


def test_by_default_every_call_is_asked_for():
    """Dropped on the canvas it guards all tools, for ever."""
    asked = before(policy_of(approval), "anything").ask
    assert asked is not None and asked.within is None


def test_the_condition_decides():
    """It reads the arguments and how often the tool was called."""
    policy = policy_of(approval, when="args.amount > 10 || calls >= 1")
    assert before(policy, "pay", {"amount": 5}).allowed
    assert before(policy, "pay", {"amount": 50}).ask is not None
    assert before(policy, "pay", {"amount": 5}, called("pay")).ask is not None


def test_a_condition_that_fails_asks():
    """When in doubt a person is asked, and told why."""
    asked = before(policy_of(approval, when="args.amount > 10"), "pay", {"to": "Bo"}).ask
    assert asked is not None and "condition cannot be checked" in asked.text


def test_what_becomes_of_it_without_an_answer():
    """The settings say whether the call is made then, and whether the whole run may be allowed."""
    asked = before(policy_of(approval, without_answer="allow", whole_run=False), "pay").ask
    assert asked is not None and asked.lenient and not asked.whole_run


@pytest.mark.parametrize(
    ("config", "what"), [({"answer_within": "soon"}, "is not a time"), ({"tools": []}, "at least 1")]
)
def test_bad_settings_are_refused(config: dict[str, object], what: str):
    """A time that cannot be read, and no tool at all."""
    with pytest.raises(ValueError, match=what):
        policy_of(approval, **config)
