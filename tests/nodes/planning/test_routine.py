"""planning.routine"""

from typing import Any

import pytest

from nodes.contract import NodeError, ToolResult
from nodes.planning.routine import routine
from tests.fakes import FakeContext, FakeTool, run_node

TABLE: dict[str, Any] = {
    "parameters": [{"name": "customer"}, {"name": "limit", "default": "100"}],
    "steps": [
        {"name": "account", "says": "Find the account", "tool": "lookup", "arguments": {"q": "{{customer}}"}},
        {"name": "notice", "tool": "mail", "arguments": {"to": "{{account.mail}}", "sum": "{{account.debt}}",
                                                         "text": "Limit {{limit}}"},
         "when": "account.debt > 50.0"},
    ],
}  # fmt: skip
MAIL = {"type": "object", "properties": {"to": {"type": "string"}, "sum": {"type": "number"}, "text": {}}}


def tools(debt: float = 70.0, *, failed: bool = False) -> list[FakeTool]:
    found = ToolResult("found", data={"mail": "a@b.c", "debt": debt}, failed=failed)
    return [FakeTool("lookup", found), FakeTool("mail", "sent", parameters=MAIL)]


def test_steps_are_filled_from_parameters_and_earlier_results():
    """The table is followed as written: text where the tool wants text, numbers where it wants numbers."""
    attached = tools()
    ctx = FakeContext(tools=attached)
    route = run_node(routine, {"parameters": {"customer": "Ann"}}, ctx, **TABLE)
    assert route.outcome == "done" and route.outputs["result"] == "sent"
    assert attached[0].calls == [{"q": "Ann"}]
    assert attached[1].calls == [{"to": "a@b.c", "sum": 70, "text": "Limit 100"}]
    assert route.outputs["results"]["account"]["debt"] == 70.0
    assert [(step["title"], step["status"]) for step in ctx.views[-1]["steps"]] == [
        ("Find the account", "done"), ("notice", "done"),
    ]  # fmt: skip


def test_a_step_whose_condition_is_false_is_skipped():
    """Below the bound no mail is sent."""
    attached = tools(debt=10.0)
    route = run_node(routine, {"parameters": {"customer": "Ann"}}, FakeContext(tools=attached), **TABLE)
    assert route.outcome == "done" and attached[1].calls == []
    assert [step["status"] for step in route.outputs["plan"]["steps"]] == ["done", "skipped"]
    assert list(route.outputs["results"]) == ["account"]


def test_a_failed_call_ends_it():
    """What comes after a failure is skipped, and the outcome says so."""
    attached = tools(failed=True)
    route = run_node(routine, {"parameters": {"customer": "Ann"}}, FakeContext(tools=attached), **TABLE)
    assert route.outcome == "failed" and attached[1].calls == []
    assert [(step["status"], step["result"]) for step in route.outputs["plan"]["steps"]] == [
        ("failed", "found"), ("skipped", None),
    ]  # fmt: skip


def test_a_step_that_may_fail_does_not_end_it():
    """Its result is empty then."""
    table = {"steps": [
        {"name": "a", "tool": "lookup", "arguments": {"q": "x"}, "may_fail": True},
        {"name": "b", "tool": "mail", "arguments": {"text": "got {{a}}."}},
    ]}  # fmt: skip
    attached = tools(failed=True)
    assert run_node(routine, {}, FakeContext(tools=attached), **table).outcome == "done"
    assert attached[1].calls == [{"text": "got ."}]


def test_values_are_handed_over_whole():
    """A template that is one name hands a record over; text for a number that is none goes as it is."""
    step = {"name": "a", "tool": "mail", "arguments": {"text": "{{order}}", "sum": "{{sum}}"}}
    table = {"parameters": [{"name": "order"}, {"name": "sum"}], "steps": [step]}
    attached = tools()
    run_node(routine, {"parameters": {"order": {"n": 1}, "sum": "ten"}}, FakeContext(tools=attached), **table)
    assert attached[1].calls == [{"text": {"n": 1}, "sum": "ten"}]


@pytest.mark.parametrize(
    ("given", "message"),
    [({}, "'customer' is missing"), ({"customer": "A", "color": "red"}, "'color' is none of them")],
)
def test_parameters_are_checked_before_anything_is_called(given: dict[str, Any], message: str):
    """What is missing or unknown is named."""
    attached = tools()
    with pytest.raises(NodeError, match=message):
        run_node(routine, {"parameters": given}, FakeContext(tools=attached), **TABLE)
    assert attached[0].calls == []


def test_tools_are_checked_before_anything_is_called():
    """A tool that is not attached, and an empty table, are said."""
    with pytest.raises(NodeError, match="calls mail, which is not attached"):
        run_node(routine, {"parameters": {"customer": "A"}}, FakeContext(tools=tools()[:1]), **TABLE)
    with pytest.raises(NodeError, match="no steps"):
        run_node(routine, {}, FakeContext(tools=tools()))


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([{"name": "a", "tool": "t", "arguments": {"q": "{{later}}"}}, {"name": "later", "tool": "t"}],
         "step 'a' reads 'later', which is no parameter and no earlier step"),
        ([{"name": "a", "tool": "t"}, {"name": "a", "tool": "t"}], "'a' is used twice"),
        ([{"name": "a", "tool": "t", "when": "x >"}], "when"),
    ],
)  # fmt: skip
def test_the_table_is_checked_when_it_is_written(steps: list[dict[str, Any]], message: str):
    """A name that is not there yet, a name used twice and a malformed condition are refused as settings."""
    with pytest.raises(ValueError, match=message):
        run_node(routine, {}, steps=steps)
