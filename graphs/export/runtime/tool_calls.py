"""One tool call of a node, past the policies.

Each policy is asked before the call, in the order they were attached, until one refuses. Afterwards each may
change the result. A policy that breaks counts as a refusal.
"""

import asyncio
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from graphs.export.runtime.ledger import LimitReached
from graphs.export.runtime.resources import RoleTool
from nodes.contract import NodeError, Policy, RunEvent, Tool, ToolResult
from nodes.idempotency import calling

if TYPE_CHECKING:
    from graphs.export.runtime.visit import Visit

SHOWN = 500
"""Characters of a result that are kept for those who look back."""


async def call_tool(visit: "Visit", tool: Tool, arguments: Mapping[str, Any]) -> ToolResult:
    """Run the tool; what it breaks with becomes a failed result."""
    policies = visit.policies
    if isinstance(tool, RoleTool):
        policies = (*policies, *tool.policies)
    refusal = await _refusal(visit, policies, tool, arguments)
    if refusal is None:
        with calling(_key(visit, tool, arguments)):
            result = await _called(tool, arguments)
        result = await _looked_after(visit, policies, tool, result)
    else:
        result = refusal
    outcome = "denied" if refusal is not None else "failed" if result.failed else "ok"
    told = RunEvent("tool", tool.name, outcome, arguments=dict(arguments), text=result.text[:SHOWN])
    visit.ledger.events.append(told)
    return result


async def _refusal(
    visit: "Visit", policies: Sequence[Policy], tool: Tool, arguments: Mapping[str, Any]
) -> ToolResult | None:
    """What a policy gives in place of the call; None where all let it pass."""
    for policy in policies:
        try:
            decision = await policy.before(tool.name, arguments, visit)
        except LimitReached:
            raise
        except Exception as error:  # a policy that cannot decide must not let the call pass
            return _refused(policy.name, tool.name, f"the policy could not decide: {error}", None)
        if not decision.allowed:
            return _refused(policy.name, tool.name, decision.reason, decision.fallback)
    return None


def _refused(policy: str, tool: str, reason: str, fallback: str | None) -> ToolResult:
    text = f"The policy {policy!r} does not allow this call of {tool}{': ' + reason if reason else '.'}"
    return ToolResult(text, failed=True) if fallback is None else ToolResult(fallback)


async def _looked_after(visit: "Visit", policies: Sequence[Policy], tool: Tool, result: ToolResult) -> ToolResult:
    for policy in policies:
        try:
            result = await policy.after(tool.name, result, visit)
        except LimitReached:
            raise
        except Exception as error:  # nor may one that cannot check a result hand it on
            text = f"The policy {policy.name!r} withheld the result of {tool.name}: the policy could not check"
            result = ToolResult(f"{text} the result: {error}", failed=True)
    return result


def _key(visit: "Visit", tool: Tool, arguments: Mapping[str, Any]) -> str:
    """The same when the visit makes the same call again, as often as it did before."""
    asked = json.dumps([tool.name, dict(arguments)], sort_keys=True, default=repr)
    visit.calls[asked] += 1
    return hashlib.sha256(f"{visit.task_id}/{asked}#{visit.calls[asked]}".encode()).hexdigest()[:32]


async def _called(tool: Tool, arguments: Mapping[str, Any]) -> ToolResult:
    try:
        return await tool.call(arguments)
    except (asyncio.CancelledError, LimitReached):
        raise
    except NodeError as error:
        return ToolResult(f"{error.what}. {error.mend}".strip(), failed=True)
    except Exception as error:  # a tool is foreign code: its fault must not end the node
        return ToolResult(f"{tool.name} broke: {type(error).__name__}: {error}", failed=True)
