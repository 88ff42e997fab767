"""tools.dry_run: a plan is tried with played tools, and nothing is done"""

from typing import Any

import pytest

from nodes.contract import NodeError, Route
from nodes.tools.dry_run import dry_run
from tests.fakes import FakeContext, FakeTool, ScriptedModel, run_node

FIND = FakeTool("find_person", description="Finds a person's number.", parameters={
    "type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"],
})  # fmt: skip
PAY = FakeTool("pay", description="Sends money.", parameters={
    "type": "object", "required": ["to", "amount"],
    "properties": {"to": {"type": "integer"}, "amount": {"type": "number"}},
})  # fmt: skip
GOOD = "```python\nn = find_person('Ann')['number']\npay(n, amount=5)\n```"


@pytest.fixture(autouse=True)
def nothing_is_called() -> Any:
    """The real tools are never called, whatever the plan does."""
    yield
    assert not FIND.calls and not PAY.calls


def plan(*answers: Any, **config: Any) -> tuple[Route, FakeContext]:
    ctx = FakeContext(ScriptedModel(*answers), tools=[FIND, PAY])
    route = run_node(dry_run, {"task": "Pay Ann 5"}, ctx, **config)
    assert not ctx.tool_calls
    return route, ctx


def test_a_plan_that_runs_through_is_valid():
    """The calls are listed with arguments and played results, one feeding the next; no tool was called."""
    route, ctx = plan(GOOD, '{"number": 7}', "Paid.")
    assert route.outcome == "valid"
    assert route.outputs["calls"] == [
        {"tool": "find_person", "arguments": {"name": "Ann"}, "result": '{"number": 7}'},
        {"tool": "pay", "arguments": {"to": 7, "amount": 5}, "result": "Paid."},
    ]
    assert route.outputs["result"] == "Paid." and route.outputs["problems"] == []
    assert ctx.views[-1]["rows"][1] == ["pay", "to=7, amount=5", "Paid."]


def test_calls_that_do_not_fit_are_found_and_mended():
    """A call against the schema is told in words, also where the program swallowed it, and the plan is rewritten."""
    swallowed = "```python\ntry:\n    pay('Ann', 5)\nexcept RuntimeError:\n    pass\n```"
    too_many = "```python\npay(1, 2, 3)\n```"
    route, ctx = plan(swallowed, too_many, GOOD, '{"number": 7}', "Paid.")
    assert route.outcome == "valid"
    assert "pay: 'to' must be integer, not 'Ann'" in ctx.model.calls[1].text
    assert "pay() takes 2 arguments (to, amount), not 3" in ctx.model.calls[2].text


def test_a_plan_that_never_works_is_invalid():
    """After the last attempt the problems are handed on."""
    route, _ = plan("```python\nfind_person(nme='Ann')\n```", "```python\nx = 1 / 0\n```", max_attempts=2)
    assert route.outcome == "invalid"
    assert route.outputs["problems"] == ["line 1: ZeroDivisionError: division by zero"]
    first, _ = plan("```python\nfind_person(nme='Ann')\n```", max_attempts=1)
    assert first.outputs["problems"] == [
        "find_person: the argument 'name' is missing; there is no argument 'nme'; it has name"
    ]


def test_talk_is_no_plan():
    """An answer without a program, and a program that calls nothing, are sent back."""
    route, ctx = plan("I would pay Ann.", "```python\nprint('paid')\n```", max_attempts=2)
    assert route.outputs["problems"] == ["the program calls none of the functions"]
    assert "there is no program in a ```python block" in ctx.model.calls[1].text


def test_calls_are_bounded():
    """A plan that calls without end is stopped, and costs no more than its calls."""
    endless = "```python\nwhile True:\n    find_person('Ann')\n```"
    route, ctx = plan(endless, "1", "2", max_attempts=1, max_calls=2)
    assert "more than 2 times" in route.outputs["problems"][0]
    assert len(ctx.model.calls) == 3


def test_edges():
    """A task and a tool are needed."""
    with pytest.raises(NodeError, match="The task is empty"):
        run_node(dry_run, {"task": ""}, FakeContext(tools=[FIND]))
    with pytest.raises(NodeError, match="No tool is attached"):
        run_node(dry_run, {"task": "x"}, FakeContext())
