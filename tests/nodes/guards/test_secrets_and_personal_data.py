"""Keys and personal data do not leave with a call nor come in with a result."""

from nodes.contract import ToolResult
from nodes.guards.secrets_and_personal_data import secrets_and_personal_data
from tests.fakes import FakeContext
from tests.nodes.guards.policies import after, before, policy_of

KEY = "AKIAIOSFODNN7EXAMPLE"


def test_call_that_carries_a_key_is_refused():
    """Deep in the arguments it is found, and the reason does not repeat it."""
    refused = before(policy_of(secrets_and_personal_data), "post", {"body": {"list": ["x", f"k={KEY}"]}})
    assert not refused.allowed and "1 key" in refused.reason and KEY not in refused.reason
    assert before(policy_of(secrets_and_personal_data), "post", {"body": "hello", "n": 3}).allowed
    assert before(policy_of(secrets_and_personal_data, outgoing="allow"), "post", {"body": KEY}).allowed


def test_result_is_redacted_in_text_and_data():
    """Marks stand in both, numbers and structure stay, a card given as a number is found too."""
    ctx = FakeContext()
    given = ToolResult("mail a@x.org", {"who": ["a@x.org"], "n": 3, "card": 4111111111111111, "ok": True})
    result = after(policy_of(secrets_and_personal_data), given, ctx)
    assert result.text == "mail [email 1]"
    assert result.data == {"who": ["[email 1]"], "n": 3, "card": "[card 1]", "ok": True}
    assert "redacted" in ctx.lines[0]


def test_result_can_be_withheld():
    """With refuse the result fails and names the sort only."""
    result = after(policy_of(secrets_and_personal_data, incoming="refuse"), "mail a@x.org")
    assert result.failed and "1 email" in result.text and "a@x.org" not in result.text


def test_clean_and_allowed_results_pass():
    """A result without finds is the same object; allowed values and other sorts stay."""
    clean = ToolResult("nothing here", [1])
    assert after(policy_of(secrets_and_personal_data), clean) is clean
    assert "a@x.org" in after(policy_of(secrets_and_personal_data, allowed=["a@x.org"]), "mail a@x.org").text
    assert "a@x.org" in after(policy_of(secrets_and_personal_data, look_for=["key"]), "mail a@x.org").text
    assert "a@x.org" in after(policy_of(secrets_and_personal_data, incoming="allow"), "mail a@x.org").text
