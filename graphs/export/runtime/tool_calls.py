"""One tool call of a node, past the policies.

Each policy is asked before the call, in the order they were attached, until one refuses. Afterwards each may
change the result. A policy that breaks counts as a refusal.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from graphs.guarded_calls import RoleTool, called, decision_of, passed_on, refused
from nodes.contract import Policy, RunEvent, Tool, ToolResult
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
            result = await called(tool, arguments)
        for policy in policies:
            result = await passed_on(policy, tool.name, result, visit)
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
        decision = await decision_of(policy, tool.name, arguments, visit)
        if not decision.allowed:
            return refused(policy.name, tool.name, decision.reason, decision.fallback)
    return None


def _key(visit: "Visit", tool: Tool, arguments: Mapping[str, Any]) -> str:
    """The same when the visit makes the same call again, as often as it did before."""
    asked = json.dumps([tool.name, dict(arguments)], sort_keys=True, default=repr)
    visit.calls[asked] += 1
    return hashlib.sha256(f"{visit.task_id}/{asked}#{visit.calls[asked]}".encode()).hexdigest()[:32]
