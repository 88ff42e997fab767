"""One tool call of a node: past the policies and, where one asks for it, past a person; in a span, told to watchers.

Each policy is asked before the call, in the order they were attached, until one refuses; one that leaves it to a
person is asked last. Afterwards each may change the result. A policy that breaks counts as a refusal.
"""

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, TypedDict

from graphs.asking import PersonNeeded, Ruling, question, ruling_of
from graphs.events import preview
from graphs.guarded_calls import RoleTool, called, decision_of, passed_on, refused
from graphs.journal import Turn
from graphs.tracer import Span, snapshot
from nodes.contract import Ask, Policy, Tool, ToolResult
from nodes.idempotency import calling

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
    error: str = "ToolFailed"
    """The type of its error, where it failed."""
    notes: dict[str, Any] = field(default_factory=dict[str, Any])
    """For the span: policy, reason, role, approval."""


async def call_tool(ctx: "NodeContext", tool: Tool, arguments: Mapping[str, Any]) -> ToolResult:
    """Run the tool in an ``execute_tool`` span; what it breaks with becomes a failed result."""
    journal = ctx.journal
    if journal is None:
        return await _in_span(ctx, tool, arguments, None)
    role = tool.role if isinstance(tool, RoleTool) else ""
    turn = journal.turn("execute_tool", [tool.name, role, snapshot(arguments)])
    return await journal.answer(turn, lambda: _in_span(ctx, tool, arguments, turn), _packed, _unpacked)


async def _in_span(ctx: "NodeContext", tool: Tool, arguments: Mapping[str, Any], turn: Turn | None) -> ToolResult:
    given = snapshot(arguments)
    span = _opened(ctx, tool, given, turn)
    try:
        call = await _guarded(ctx, tool, arguments, turn)
    except PersonNeeded:
        span.end("waiting")
        raise
    except BaseException:  # cancelled, or a limit was reached inside a policy
        span.end("cancelled")
        raise
    result, denied = call.result, bool(call.refused_by)
    failure = {"what": result.text, "mend": "", "type": call.error}
    output = result.text if result.data is None else {"text": result.text, "data": snapshot(result.data)}
    if call.notes:
        span.row["attributes"] = call.notes
    span.end("error" if result.failed else "ok", output=output, error=failure if result.failed else None)
    refused: _Refused = {"denied": True, "policy": call.refused_by} if denied else {}
    ctx.run.emit({
        "type": "tool.finished", **ctx.place, "tool": tool.name,
        "arguments": call.notes.get("approval", {}).get("arguments", given),
        "result": preview(result.text), "failed": result.failed, **refused,
    })  # fmt: skip
    return result


def _opened(ctx: "NodeContext", tool: Tool, given: Any, turn: Turn | None) -> Span:
    """The call's span; of one that may have waited for a person the one of then."""
    id = None if turn is None else hashlib.sha256(f"{ctx.task_id}/{turn.id}".encode()).hexdigest()[:16]
    span = ctx.run.tracer.start(
        "execute_tool", tool.name, ctx.span.id, id=id, node_id=ctx.node_id, visit=ctx.visit,
        item=ctx.place.get("item"), input=given,
    )  # fmt: skip
    if id is not None and ctx.journal is not None and ctx.journal.began(id):
        span.row.pop("started_at", None)
    return span


async def _guarded(ctx: "NodeContext", tool: Tool, arguments: Mapping[str, Any], turn: Turn | None) -> _Call:
    policies, role = ctx.policies, ""
    if isinstance(tool, RoleTool):
        policies, role = (*policies, *tool.policies), tool.role
    decided = await _decided(ctx, policies, tool, arguments, turn)
    made = arguments if isinstance(decided, _Call) else decided.arguments
    ctx.run.emit({"type": "tool.started", **ctx.place, "tool": tool.name, "arguments": snapshot(made)})
    if isinstance(decided, _Call):
        call = decided
    else:
        with calling(_key(ctx, tool, decided.arguments, turn)):
            call = _Call(await called(tool, decided.arguments), notes=dict(decided.notes))
        await _look_after(ctx, policies, tool, call)
    if role:
        call.notes["role"] = role
    return call


async def _decided(
    ctx: "NodeContext", policies: Sequence[Policy], tool: Tool, arguments: Mapping[str, Any], turn: Turn | None
) -> "_Call | Ruling":
    """The refused call, or the arguments to call it with. Raises PersonNeeded."""
    refusal, asking = await _asked_of(ctx, policies, tool, arguments)
    if refusal is not None:
        return refusal
    said = ctx.journal.ruling(turn) if ctx.journal is not None and turn is not None else None
    if said is not None:  # what a person said counts, though the policy might not ask any more
        return await _as_said(ctx, policies, tool, ruling_of(said, arguments), edited_from=arguments)
    if asking is None or tool.name in ctx.run.people.allowed:
        return Ruling("allowed", dict(arguments))
    policy, ask = asking
    if turn is None:
        return _refused(policy, tool.name, "a person has to allow it, and nobody can be asked inside this workflow")
    raise question(tool, arguments, ask, policy, turn.id, time.time())


async def _as_said(
    ctx: "NodeContext", policies: Sequence[Policy], tool: Tool, ruling: Ruling, *, edited_from: Mapping[str, Any]
) -> "_Call | Ruling":
    """What comes of a call that a person has ruled on."""
    if ruling.decision != "allowed":
        return _Call(
            ToolResult(ruling.refusal(tool.name), failed=True), ruling.policy, "CallRefused", dict(ruling.notes)
        )
    if ruling.for_run:
        ctx.run.people.allowed.add(tool.name)
    refusal = None
    if ruling.arguments != edited_from:  # the other policies hold for what a person wrote too
        refusal, _ = await _asked_of(ctx, policies, tool, ruling.arguments)
    return refusal or ruling


async def _asked_of(
    ctx: "NodeContext", policies: Sequence[Policy], tool: Tool, arguments: Mapping[str, Any]
) -> tuple[_Call | None, tuple[str, Ask] | None]:
    """The refusal of a policy; and the first that leaves the call to a person, by its name."""
    asking: tuple[str, Ask] | None = None
    for policy in policies:
        decision = await decision_of(policy, tool.name, arguments, ctx)
        if decision.ask is not None:
            asking = asking or (policy.name, decision.ask)
        elif not decision.allowed:
            return _refused(policy.name, tool.name, decision.reason, decision.fallback), None
    return None, asking


def _refused(policy: str, tool: str, reason: str, fallback: str | None = None) -> _Call:
    return _Call(refused(policy, tool, reason, fallback), policy, "PolicyDenied", {"policy": policy, "reason": reason})


async def _look_after(ctx: "NodeContext", policies: Sequence[Policy], tool: Tool, call: _Call) -> None:
    for policy in policies:
        before = call.result
        call.result = await passed_on(policy, tool.name, before, ctx)
        if call.result != before:
            call.notes["policy"] = policy.name
            call.notes["changed_result"] = True


def _key(ctx: "NodeContext", tool: Tool, arguments: Mapping[str, Any], turn: Turn | None) -> str:
    """The call's idempotency key: the same when the visit makes the same call again, as often as it did before."""
    if turn is None:
        asked = json.dumps([tool.name, snapshot(arguments)], sort_keys=True)
        ctx.calls[asked] += 1
        said = f"{asked}#{ctx.calls[asked]}"
    else:
        said = turn.id
    return hashlib.sha256(f"{ctx.task_id}/{said}".encode()).hexdigest()[:32]


def _packed(result: ToolResult) -> Any:
    return {**asdict(result), "data": snapshot(result.data)}


def _unpacked(kept: Any) -> ToolResult:
    return ToolResult(**kept)
