"""guards.draft_rules, and the tool policy that reads its rules"""

import asyncio
from typing import Any

import pytest

from nodes.contract import AnswerError, Decision, NodeError
from nodes.guards.draft_rules import draft_rules
from nodes.guards.tool_policy import tool_policy
from tests.fakes import FakeContext, FakeTool, ScriptedModel, run_node
from tests.nodes.guards.policies import policy_of

SMALL = {"reason": "Pays the bill.", "tool": "pay", "when": "args.amount <= 20.0", "effect": "allow"}
TOOLS = [FakeTool("pay"), FakeTool("send")]


def draft(*answers: Any, **inputs: Any) -> tuple[dict[str, Any], FakeContext]:
    ctx = FakeContext(model=ScriptedModel(*answers), tools=TOOLS)
    return run_node(draft_rules, {"task": "Pay the bill of 18 euros.", **inputs}, ctx), ctx


def decides(given: Any, tool: str, arguments: dict[str, Any], **config: Any) -> Decision:
    policy = policy_of(tool_policy, rules_from="state.rules", **config)
    ctx = FakeContext(variables={} if given is None else {"rules": given})
    return asyncio.run(policy.before(tool, arguments, ctx))


def test_a_task_gets_the_rights_it_needs():
    """What is drafted allows the call the task needs and no other; the tools and the task are told."""
    out, ctx = draft({"rules": [SMALL]})
    assert out["text"] == "- allow pay when args.amount <= 20.0 (Pays the bill.)"
    assert "Pay the bill" in ctx.model.calls[0].text and "send(q: str)" in ctx.model.calls[0].text
    assert decides(out["rules"], "pay", {"amount": 18.0}).allowed
    assert not decides(out["rules"], "pay", {"amount": 90.0}).allowed
    assert not decides(out["rules"], "send", {}).allowed
    assert ctx.views[-1]["rows"] == [["pay", "allow", "args.amount <= 20.0", "Pays the bill."]]


def test_the_designers_rules_come_first():
    """What they forbid stays forbidden, whatever a model drafts; a call they leave open is the draft's matter."""
    wide = [{"tool": "*", "effect": "allow", "priority": 100}]
    forbidden = {"rules": [{"tool": "send", "effect": "deny", "priority": -100}]}
    assert not decides(wide, "send", {}, **forbidden).allowed
    assert decides(wide, "pay", {}, **forbidden).allowed


@pytest.mark.parametrize(
    "rules", [None, "allow all", [1], [{"tool": "pay", "effect": "maybe"}], [{"tool": "pay", "when": "args.("}]]
)
def test_rules_that_cannot_be_read_allow_nothing(rules: Any):
    """A missing variable, and what holds no rules, refuse every call the designer's rules do not decide."""
    said = decides(rules, "pay", {}, otherwise="allow")
    assert not said.allowed and "'state.rules' cannot be read" in said.reason


def test_a_condition_that_cannot_be_read_is_given_back():
    """The model is told once what is wrong; then it is an error. Tools it makes up are refused likewise."""
    out, ctx = draft({"rules": [{**SMALL, "when": "amount <<"}]}, {"rules": [SMALL]})
    assert out["rules"] == [SMALL] and len(ctx.model.calls) == 2
    with pytest.raises(AnswerError):
        draft(*[{"rules": [{**SMALL, "tool": "shell"}]}] * 2)


def test_rules_are_drafted_anew_by_what_was_refused():
    """The rules so far and the news are told; with none, nothing of the kind is."""
    _, ctx = draft({"rules": []}, rules=[SMALL], news="send was refused")
    told = ctx.model.calls[0].text
    assert "- allow pay when args.amount <= 20.0" in told and "send was refused" in told
    assert "Rules so far" not in draft({"rules": []})[1].model.calls[0].text


def test_nothing_to_draft_for():
    """No task and no tools are errors."""
    with pytest.raises(NodeError, match="task is empty"):
        draft(task=" ")
    with pytest.raises(NodeError, match="No tools"):
        run_node(draft_rules, {"task": "t"}, FakeContext())
