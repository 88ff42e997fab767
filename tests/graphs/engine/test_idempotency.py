"""Idempotency keys of tool calls: the same when a visit makes the same call again, another for any other call."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from graphs.cache import durability
from graphs.lower import lower
from nodes.contract import Attach, Config, Context, Inputs, NodeError, NodeSpec, Outputs, Port, ToolResult, node
from nodes.idempotency import calling, idempotency_key
from nodes.registry import KINDS
from tests.graphs.engine.fakes import Bench, workflow
from tests.graphs.engine.saved import SAVED_KINDS, Desk

CALLS: list[tuple[str, Any]] = []
"""Key and arguments of each call, in order."""
FAILURES = [0]
"""How often the node fails after its calls, before it goes on."""


@dataclass(frozen=True)
class KeyTool:
    name: str = "keyed"
    description: str = "Notes its key"

    @property
    def parameters(self) -> dict[str, Any]:
        return {"type": "object"}

    async def call(self, arguments: Mapping[str, Any]) -> ToolResult:
        CALLS.append((idempotency_key(), dict(arguments)))
        return ToolResult("noted")


keyed = NodeSpec(
    kind="t.keyed", family="resources", title="Keyed", summary="Notes keys", config=Config, outcomes=(),
    provides="tool", make_tool=lambda config, attached: KeyTool(), side_effects=True,
)  # fmt: skip


@node(
    kind="t.calls", family="control", title="Calls", summary="Calls its tool", config=Config,
    inputs=(Port("item", "any", required=False),), outputs=(Port("out", "any"),),
    attaches=(Attach("tools", "tool", many=True),),
)  # fmt: skip
async def calls(inputs: Inputs, config: Config, ctx: Context) -> Outputs:
    for said in ("a", "b", "a"):
        await ctx.call_tool(ctx.tools[0], {"say": said})
    if FAILURES[0]:
        FAILURES[0] -= 1
        raise NodeError("not yet", retryable=True)
    return {"out": "done"}


KEYED = {**SAVED_KINDS, keyed.kind: keyed, calls.kind: calls}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    CALLS.clear()
    FAILURES[0] = 0
    made = Bench(tmp_path, kinds=KEYED).open()
    yield made
    made.runner.close()


ONE = workflow(
    {"k": "t.keyed", "n": "t.calls"}, "start -> n, n -> finish", "n.out -> finish.answer", attach="k -> n.tools"
)


def test_each_call_has_a_key_of_its_own(bench: Bench) -> None:
    """Also the same call made twice; in another run all are others."""
    bench.run(ONE)
    first = [key for key, _ in CALLS]
    assert len(set(first)) == 3 and all(len(key) == 32 for key in first)
    bench.run(ONE)
    assert not set(first) & {key for key, _ in CALLS[3:]}


def test_a_node_tried_again_makes_its_calls_under_the_same_keys(bench: Bench) -> None:
    """The second attempt repeats what the first has done: whoever gets the calls does them once."""
    FAILURES[0] = 1
    assert bench.run(ONE).status == "done"
    assert len(CALLS) == 6 and CALLS[:3] == CALLS[3:]


def test_a_resumed_node_makes_its_calls_under_the_same_keys(bench: Bench) -> None:
    """After a failure, in another process too."""
    FAILURES[0] = 3
    row = bench.run(ONE)
    assert row.status == "failed" and len(CALLS) == 9
    bench.runner.close()
    bench.open()
    bench.runner.resume(row.id)
    assert bench.runner.wait_here(row.id).status == "done"
    assert CALLS[9:] == CALLS[:3]


def test_items_and_turns_of_a_loop_have_keys_of_their_own(bench: Bench) -> None:
    """The same call for another item is another call."""
    document = workflow(
        {
            "src": ("t.step", {"value": [1, 2]}), "each": "control.for_each", "k": "t.keyed",
            "n": {"kind": "t.calls", "parent": "each"},
        },
        "start -> src, src -> each, each.each -> n, each -> finish",
        "src.out -> each.items, each.item -> n.item, n.out -> each.result", "k -> n.tools",
    )  # fmt: skip
    bench.run(document)
    assert len({key for key, _ in CALLS}) == 6


def test_a_workflow_with_a_tool_that_changes_something_is_saved_after_every_step() -> None:
    """A crash must not lose what was done, though the node's own kind calls no model and changes nothing."""
    with_tool = lower(ONE, KEYED)
    assert durability(with_tool) == "sync"
    plain = workflow({"a": "t.step"}, "start -> a, a -> finish")
    assert durability(lower(plain, {**KINDS, **KEYED})) == "exit"


def test_a_fork_makes_calls_under_keys_of_its_own(desk: Desk) -> None:
    """It is another run: what it does, it does once more."""
    CALLS.clear()
    desk.kinds = KEYED
    desk.reopen()
    first = desk.run(ONE)
    desk.fork(first.id, node="n")
    assert len({key for key, _ in CALLS}) == 6


def test_a_tool_that_makes_several_requests_tells_them_apart() -> None:
    """The key of a request is made of the call's and of what is requested; outside of a run there is none."""
    assert idempotency_key() == idempotency_key("x") == ""
    with calling("k" * 32):
        assert idempotency_key() == "k" * 32
        assert idempotency_key("x") == idempotency_key("x") != idempotency_key("y")
    assert idempotency_key() == ""
