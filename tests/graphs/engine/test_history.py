"""What happened earlier in a run: known to policies in a fork and after a restart too."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graphs.fork_request import NotAForkPoint
from graphs.history import of_trace
from nodes.contract import Context, Inputs, Outputs
from tests.graphs.engine.fakes import workflow
from tests.graphs.engine.reaching import CALCULATOR, DO
from tests.graphs.engine.reaching import KINDS as REACHING
from tests.graphs.engine.saved import SAVED_KINDS, Desk

ONCE = workflow(
    {
        "n1": "t.free", "q": ("control.ask", {}), "n2": "t.free", "calc": CALCULATOR,
        "rule": ("t.policy", {"once": True}),
    },
    "start -> n1, n1 -> q, q -> n2, n2 -> finish", "n2.out -> finish.answer",
    "calc -> n1.tools, calc -> n2.tools, rule -> n2.policies",
)  # fmt: skip


async def reckon(inputs: Inputs, ctx: Context) -> Outputs:
    return {"out": (await ctx.call_tool(ctx.tools[0], {"expression": "1+1"})).text}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    made.kinds = {**SAVED_KINDS, **REACHING}
    DO.update(n1=reckon, n2=reckon)
    made.open()
    yield made
    made.close()


def answered(desk: Desk, row: Any) -> Any:
    desk.runner.answer(row.id, row.forms[0]["interrupt"], {"text": "go"})
    return desk.ended(row.id)


def test_a_policy_knows_the_calls_of_before_a_restart(desk: Desk) -> None:
    """The rule allows one call; the second is refused though another process made the first."""
    row = desk.run(ONCE)
    desk.reopen()
    row = answered(desk, row)
    assert "not today" in row.outputs["answer"]


def test_a_policy_in_a_fork_knows_the_calls_of_kept_visits(desk: Desk) -> None:
    """Of a fork, and of a fork of it after a restart."""
    first = answered(desk, desk.run(ONCE))
    fork = desk.fork(first.id, node="n2")
    assert desk.ran(fork.id) == {} and "not today" in fork.outputs["answer"]
    told = [event for event in desk.events(fork.id) if event["type"] == "tool.finished" and event.get("kept")]
    assert [(event["node"], event["tool"], event["result"]) for event in told] == [("n1", "calculator", "2")]
    again = desk.fork(fork.id, node="q")
    desk.reopen()
    assert "not today" in answered(desk, again).outputs["answer"]


def test_a_tool_call_is_no_fork_point(desk: Desk) -> None:
    """It names the visit it was made in."""
    first = answered(desk, desk.run(ONCE))
    rows = desk.recorded(first.id)
    call = next(row for row in rows if row["operation"] == "execute_tool")
    with pytest.raises(NotAForkPoint, match="inside the work of a node") as raised:
        desk.fork(first.id, span=call["id"])
    assert raised.value.span == call["parent_id"]


def test_the_history_read_from_spans() -> None:
    """Outcomes of nodes; tools that worked, failed, were refused, or were given a text instead."""
    blank: dict[str, Any] = {"status": "ok", "error": None, "attributes": None, "outcome": None, "kind": None}
    tool = {**blank, "operation": "execute_tool", "name": "t", "input": {"q": 1}, "output": "out"}
    rows = [
        {**tool, "id": "1", "ended_at": 1.0},
        {**tool, "id": "2", "ended_at": 2.0, "status": "error", "error": {"type": "ToolFailed"}},
        {**tool, "id": "3", "ended_at": 3.0, "status": "error", "error": {"type": "PolicyDenied"}},
        {**tool, "id": "4", "ended_at": 4.0, "attributes": {"policy": "p", "reason": "r"}},
        {**tool, "id": "5", "ended_at": 5.0, "attributes": {"policy": "p", "changed_result": True}},
        {**blank, "id": "6", "ended_at": 6.0, "operation": "invoke_node", "node_id": "n", "outcome": "done",
         "kind": "k", "output": {}, "input": {}, "name": "N"},
        {**tool, "id": "7", "ended_at": None, "status": "running"},
    ]  # fmt: skip
    found = of_trace(reversed(rows))
    assert [(event.event, event.name, event.outcome) for event in found] == [
        ("tool", "t", "ok"), ("tool", "t", "failed"), ("tool", "t", "denied"), ("tool", "t", "denied"),
        ("tool", "t", "ok"), ("node", "n", "done"),
    ]  # fmt: skip
    assert (found[0].arguments, found[0].text) == ({"q": 1}, "out")
