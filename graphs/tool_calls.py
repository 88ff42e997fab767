"""One tool call of a node: past the policies, inside a span, told to whoever watches.

Each policy is asked before the call, in the order they were attached, until one refuses; afterwards each
may change the result. A policy that breaks counts as a refusal.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypedDict

from graphs.attached import RoleTool
from graphs.events import preview
from graphs.limits import LimitReached
from graphs.tracer import snapshot
from nodes.contract import NodeError, Policy, Tool, ToolResult

if TYPE_CHECKING:
    from graphs.context import NodeContext


class _Refused(TypedDict, total=False):
    """What the event of a refused call says beside the rest."""

    denied: bool
    policy: str


@dataclass
class _Call:
    """What became of a call."""

    result: ToolResult
    refused_by: str = ""
    notes: dict[str, Any] = field(default_factory=dict[str, Any])
    """For the span: policy, reason, role."""


async def call_tool(ctx: "NodeContext", tool: Tool, arguments: Mapping[str, Any]) -> ToolResult:
    """Run the tool in an ``execute_tool`` span; what it breaks with becomes a failed result."""
    given = snapshot(arguments)
    ctx.run.emit({"type": "tool.started", **ctx.place, "tool": tool.name, "arguments": given})
    span = ctx.run.tracer.start(
        "execute_tool", tool.name, ctx.span.id, node_id=ctx.node_id, visit=ctx.visit,
        item=ctx.place.get("item"), input=given,
    )  # fmt: skip
    try:
        call = await _guarded(ctx, tool, arguments)
    except BaseException:  # cancelled, or a limit was reached inside a policy
        span.end("cancelled")
        raise
    result, denied = call.result, bool(call.refused_by)
    failure = {"what": result.text, "mend": "", "type": "PolicyDenied" if denied else "ToolFailed"}
    output = result.text if result.data is None else {"text": result.text, "data": snapshot(result.data)}
    if call.notes:
        span.row["attributes"] = call.notes
    span.end("error" if result.failed else "ok", output=output, error=failure if result.failed else None)
    refused: _Refused = {"denied": True, "policy": call.refused_by} if denied else {}
    ctx.run.emit({
        "type": "tool.finished", **ctx.place, "tool": tool.name, "arguments": given,
        "result": preview(result.text), "failed": result.failed, **refused,
    })  # fmt: skip
    return result


async def _guarded(ctx: "NodeContext", tool: Tool, arguments: Mapping[str, Any]) -> _Call:
    policies, role = ctx.policies, ""
    if isinstance(tool, RoleTool):
        policies, role = (*policies, *tool.policies), tool.role
    call = await _refusal(ctx, policies, tool, arguments) or _Call(await _called(tool, arguments))
    if not call.refused_by:
        await _look_after(ctx, policies, tool, call)
    if role:
        call.notes["role"] = role
    return call


async def _refusal(
    ctx: "NodeContext", policies: Sequence[Policy], tool: Tool, arguments: Mapping[str, Any]
) -> _Call | None:
    for policy in policies:
        try:
            decision = await policy.before(tool.name, arguments, ctx)
        except LimitReached:
            raise
        except Exception as error:
            return _refused(policy.name, tool.name, f"the policy could not decide: {error}")
        if not decision.allowed:
            return _refused(policy.name, tool.name, decision.reason, decision.fallback)
    return None


def _refused(policy: str, tool: str, reason: str, fallback: str | None = None) -> _Call:
    text = f"The policy {policy!r} does not allow this call of {tool}{': ' + reason if reason else '.'}"
    result = ToolResult(text, failed=True) if fallback is None else ToolResult(fallback)
    return _Call(result, policy, {"policy": policy, "reason": reason})


async def _look_after(ctx: "NodeContext", policies: Sequence[Policy], tool: Tool, call: _Call) -> None:
    for policy in policies:
        before = call.result
        try:
            call.result = await policy.after(tool.name, before, ctx)
        except LimitReached:
            raise
        except Exception as error:
            reason = f"the policy could not check the result: {error}"
            call.result = ToolResult(
                f"The policy {policy.name!r} withheld the result of {tool.name}: {reason}", failed=True
            )
        if call.result != before:
            call.notes["policy"] = policy.name
            call.notes["changed_result"] = True


async def _called(tool: Tool, arguments: Mapping[str, Any]) -> ToolResult:
    try:
        return await tool.call(arguments)
    except (asyncio.CancelledError, LimitReached):
        raise
    except NodeError as error:
        return ToolResult(f"{error.what}. {error.mend}".strip(), failed=True)
    except Exception as error:  # a tool is foreign code: its fault must not end the node
        return ToolResult(f"{tool.name} broke: {type(error).__name__}: {error}", failed=True)
