"""Asks a policy as the engine does: before a call and after it."""

import asyncio
from collections.abc import Mapping
from typing import Any

from nodes.contract import Decision, NodeSpec, RunEvent, ToolResult
from tests.fakes import FakeContext


def policy_of(spec: NodeSpec, **config: Any) -> Any:
    """The policy of a kind with settings as a document would give them."""
    assert spec.make_policy is not None
    return spec.make_policy(spec.config.model_validate(config))


def before(policy: Any, tool: str, arguments: Mapping[str, Any] | None = None, *history: RunEvent) -> Decision:
    """What the policy says to a call after this history."""
    return asyncio.run(policy.before(tool, arguments or {}, FakeContext(history=list(history))))


def after(policy: Any, result: ToolResult | str, ctx: FakeContext | None = None) -> ToolResult:
    """The result as the model may see it."""
    given = ToolResult(result) if isinstance(result, str) else result
    return asyncio.run(policy.after("search", given, ctx or FakeContext()))


def called(tool: str, arguments: Mapping[str, Any] | None = None, outcome: str = "ok", text: str = "") -> RunEvent:
    """A tool call of the past."""
    return RunEvent("tool", tool, outcome, arguments=arguments or {}, text=text)


def ended(node: str, outcome: str = "done", kind: str = "prompt") -> RunEvent:
    """A node that ended."""
    return RunEvent("node", node, outcome, kind)
