"""Rules over time refuse a call that comes too early, too late, too often or too soon."""

import pytest
from pydantic import ValidationError

from nodes.guards.sequence import sequence
from tests.nodes.guards.policies import before, called, ended, policy_of


def rule(call: str, rule: str, **more: object):
    return policy_of(sequence, rules=[{"call": call, "rule": rule, **more}])


def test_only_after_an_approval():
    """No payment before the plan was approved; a rejection is no approval."""
    policy = rule("pay", "only_after", other="check:approved")
    refused = before(policy, "pay", {}, ended("check", "rejected"))
    assert not refused.allowed and "only after 'check:approved'" in refused.reason
    assert before(policy, "pay", {}, ended("check", "approved")).allowed
    assert before(policy, "search").allowed


def test_node_kinds_count_as_events():
    """An event can be named by the kind of the node."""
    policy = rule("*", "only_after", other="planning.*")
    assert not before(policy, "search").allowed
    assert before(policy, "search", {}, ended("plan_1", kind="planning.plan")).allowed


def test_a_failed_event_does_not_count():
    """What failed or was refused has not happened."""
    policy = rule("pay", "only_after", other="check_balance")
    assert not before(policy, "pay", {}, called("check_balance", outcome="failed")).allowed
    assert not before(policy, "pay", {}, called("check_balance", outcome="denied")).allowed


def test_never_after():
    """Nothing is sent once the private file was read."""
    policy = rule("send_*", "never_after", other="read_private")
    assert before(policy, "send_mail").allowed
    assert not before(policy, "send_mail", {}, called("read_private"), called("search")).allowed


def test_at_most():
    """The third call of two is refused."""
    policy = rule("search", "at_most", n=2)
    assert before(policy, "search", {}, called("search")).allowed
    assert "2 times" in before(policy, "search", {}, called("search"), called("search")).reason


def test_between():
    """After an edit the tests must run before the next commit, and again after the next edit."""
    policy = rule("commit", "between", other="edit", release="test")
    assert before(policy, "commit").allowed
    assert not before(policy, "commit", {}, called("edit")).allowed
    assert before(policy, "commit", {}, called("edit"), called("test")).allowed
    assert not before(policy, "commit", {}, called("edit"), called("test"), called("edit")).allowed


def test_not_within():
    """A call waits for so many others; nodes and refused calls are no calls."""
    policy = rule("search", "not_within", n=2)
    assert before(policy, "search").allowed
    early = [called("search"), called("read"), ended("plan"), called("read", outcome="denied")]
    assert "1 were made" in before(policy, "search", {}, *early).reason
    assert before(policy, "search", {}, *early, called("read")).allowed


def test_all_rules_must_hold():
    """The first broken rule is the reason."""
    rules = [{"call": "pay", "rule": "at_most", "n": 1}, {"call": "pay", "rule": "only_after", "other": "ok"}]
    assert "only after" in before(policy_of(sequence, rules=rules), "pay").reason


@pytest.mark.parametrize("given", [{"rule": "never_after"}, {"rule": "between", "other": "edit"}])
def test_incomplete_rule_is_refused(given: dict[str, str]):
    """A rule that lacks an event is an error in the settings."""
    with pytest.raises(ValidationError, match="needs"):
        rule("pay", **given)
