"""A kind that does what a test says with its context, and resources to attach to it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from graphs.models.script import Script
from nodes.contract import (
    Attach,
    Config,
    Context,
    Decision,
    Inputs,
    NodeSpec,
    Outputs,
    Port,
    ToolResult,
    node,
)
from nodes.tools.calculator import calculator
from tests.fakes import ListMemory
from tests.graphs.engine.fakes import TEST_KINDS, Bench, ScriptedModels, workflow

DO: dict[str, Callable[[Inputs, Context], Awaitable[Outputs]]] = {}
"""What the node of an id does."""
SEEN: list[Any] = []


class FreeConfig(Config):
    pass


@node(
    kind="t.free", family="control", title="Free", summary="Does what the test says", config=FreeConfig,
    inputs=(Port("a", "any", required=False),), outputs=(Port("out", "any"),),
    attaches=(
        Attach("model", "model"), Attach("judges", "model", many=True), Attach("memory", "memory"),
        Attach("store", "memory"), Attach("tools", "tool", many=True), Attach("roles", "role", many=True),
        Attach("policies", "policy", many=True),
        Attach(
            "propose", "workflow", takes=(Port("task", "text"), Port("depth", "number")), gives=(Port("ideas", "any"),)
        ),
        Attach("act", "workflow", required=False, takes=(Port("task", "text"),), gives=(Port("result", "text"),)),
    ),
)  # fmt: skip
async def free(inputs: Inputs, config: FreeConfig, ctx: Context) -> Outputs:
    return await DO[ctx.node_id](inputs, ctx)


class PolicyConfig(Config):
    deny: str = ""
    """A tool whose calls are refused."""
    fallback: str | None = None
    strike: str = ""
    """Struck out of results."""
    once: bool = False
    """Refuses every call after the first."""
    breaks: bool = False


@dataclass(frozen=True)
class TestPolicy:
    __test__ = False
    config: PolicyConfig
    name: str = "house rules"

    async def before(self, tool: str, arguments: Mapping[str, Any], ctx: Context) -> Decision:
        if self.config.breaks:
            raise RuntimeError("no rule book")
        called = [each for each in ctx.history if each.event == "tool" and each.name == tool and each.outcome == "ok"]
        if tool == self.config.deny or (self.config.once and called):
            return Decision(False, "not today", self.config.fallback)
        return Decision(True)

    async def after(self, tool: str, result: ToolResult, ctx: Context) -> ToolResult:
        return replace(result, text=result.text.replace(self.config.strike, "*")) if self.config.strike else result


policy = NodeSpec(
    kind="t.policy", family="guards", title="Policy", summary="A rule", config=PolicyConfig, outcomes=(),
    provides="policy", make_policy=TestPolicy,
)  # fmt: skip

KINDS = {**TEST_KINDS, free.kind: free, policy.kind: policy}
SPACES: dict[str, ListMemory] = {}


def spaces(name: str, /, *, source: Mapping[str, Any]) -> ListMemory:
    return SPACES.setdefault(name, ListMemory(space=name))


def opened(tmp_path: Path, *replies: dict[str, Any]) -> Bench:
    """A bench with these kinds; without replies every model says ok."""
    given = replies or ({"text": "ok", "repeat": True},)
    models = ScriptedModels(Script.model_validate({"replies": list(given)}))
    SPACES.clear()
    DO.clear()
    return Bench(tmp_path, models=models, kinds=KINDS, memory=spaces).open()


def alone(attach: str = "", **nodes: Any) -> Any:
    """A workflow of one such node, ``n``, with what is attached."""
    return workflow({"n": "t.free", **nodes}, "start -> n, n -> finish", "n.out -> finish.answer", attach)


CALCULATOR = calculator.kind
