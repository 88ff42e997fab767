"""Rules for tools decide outside the model."""

import pytest
from pydantic import ValidationError

from nodes.guards.tool_policy import tool_policy
from tests.nodes.guards.policies import after, before, called, policy_of

PAY = {"tool": "pay", "when": "args.amount <= 100.0"}


def test_condition_on_arguments_decides():
    """A payment up to the limit is made, a higher one is not, and the reason says which tool."""
    policy = policy_of(tool_policy, rules=[PAY])
    assert before(policy, "pay", {"amount": 99.0}).allowed
    refused = before(policy, "pay", {"amount": 101.0})
    assert not refused.allowed and "'pay'" in refused.reason


def test_nothing_is_allowed_without_a_rule():
    """A policy without rules refuses every call, unless it says otherwise."""
    assert not before(policy_of(tool_policy), "search").allowed
    assert before(policy_of(tool_policy, otherwise="allow"), "search").allowed


def test_priority_decides_and_a_refusal_wins_among_equals():
    """The higher priority decides; of two rules of one priority the refusal does, whatever their order."""
    allow, deny = {"tool": "send_*"}, {"tool": "send_mail", "effect": "deny"}
    assert not before(policy_of(tool_policy, rules=[allow, deny]), "send_mail").allowed
    assert before(policy_of(tool_policy, rules=[{**allow, "priority": 1}, deny]), "send_mail").allowed
    assert before(policy_of(tool_policy, rules=[allow, deny]), "send_chat").allowed


def test_fallback_is_the_answer():
    """A refused call can be answered with a text of the designer's."""
    rule = {"tool": "weather", "effect": "deny", "fallback": "Ask the user for the weather."}
    decision = before(policy_of(tool_policy, rules=[rule]), "weather")
    assert not decision.allowed and decision.fallback == "Ask the user for the weather."


def test_calls_so_far_can_be_asked():
    """A rule can allow a tool a number of times."""
    policy = policy_of(tool_policy, rules=[{"tool": "search", "when": "calls < 2"}])
    assert before(policy, "search", {}, called("search")).allowed
    assert not before(policy, "search", {}, called("search"), called("search")).allowed


def test_condition_that_cannot_be_checked_refuses():
    """An argument the condition asks for and the call lacks is a refusal, also under an allowing default."""
    rule = {**PAY, "effect": "deny"}
    refused = before(policy_of(tool_policy, rules=[rule], otherwise="allow"), "pay", {})
    assert not refused.allowed and "amount" in refused.reason


def test_broken_condition_is_refused_in_the_settings():
    """CEL that cannot be read is an error where it is written."""
    with pytest.raises(ValidationError, match="when"):
        policy_of(tool_policy, rules=[{"tool": "pay", "when": "args.amount <="}])


def test_results_pass():
    """The policy looks at calls, not at results."""
    assert after(policy_of(tool_policy), "text").text == "text"
