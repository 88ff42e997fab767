"""tool.faulty: seeded faults around a tool that works"""

import asyncio
from typing import Any

import pytest

from nodes.contract import NodeError, Tool, ToolResult
from nodes.tools.faulty import FAULTS, faulty, make_faulty
from tests.fakes import FakeServices, FakeTool


def make(inner: FakeTool, **config: Any) -> Tool:
    return make_faulty(faulty.config.model_validate(config), FakeServices(tools=(inner,)))


def results(inner: FakeTool, n: int = 40, **config: Any) -> list[ToolResult]:
    tool = make(inner, **config)

    async def all_calls() -> list[ToolResult]:
        return [await tool.call({"q": "x"}) for _ in range(n)]

    return asyncio.run(all_calls())


def test_it_looks_like_the_tool_inside():
    """The agent cannot tell it from the tool it wraps."""
    inner = FakeTool("price", "42")
    tool = make(inner)
    assert (tool.name, tool.description, tool.parameters) == (inner.name, inner.description, inner.parameters)


def test_the_rate_and_the_seed_decide():
    """About the chosen share of calls goes wrong; the same seed gives the same faults, another others."""
    told = [result.text for result in results(FakeTool("price", "42"), rate=0.5)]
    assert 10 <= told.count("42") <= 30
    assert told == [result.text for result in results(FakeTool("price", "42"), rate=0.5)]
    assert told != [result.text for result in results(FakeTool("price", "42"), rate=0.5, seed=1)]
    assert {result.text for result in results(FakeTool("price", "42"), rate=0)} == {"42"}


def test_each_fault_is_what_it_says():
    """Error and time-out are failures, empty is nothing, wrong is another number of the same form."""
    of: dict[str, list[ToolResult]] = {
        fault: results(FakeTool("price", "It costs 42.50 today"), 5, rate=1, faults=[fault]) for fault in FAULTS
    }
    assert all(result.failed and "500 Internal Server Error" in result.text for result in of["error"])
    assert all(result.failed and "did not answer in time" in result.text for result in of["timeout"])
    assert all(result == ToolResult("") for result in of["empty"])
    for result in of["wrong"]:
        assert not result.failed and result.text != "It costs 42.50 today"
        assert result.text.startswith("It costs ") and len(result.text) == len("It costs 42.50 today")


def test_wrong_without_numbers_is_another_order():
    """A text without numbers keeps its words, not their order."""
    result = results(FakeTool("say", "one two three four five"), 1, rate=1, faults=["wrong"])[0]
    assert sorted(result.text.split()) == ["five", "four", "one", "three", "two"]
    assert result.text != "one two three four five"


def test_a_fault_does_not_call_the_tool():
    """Where its result is not used the tool inside is not called: nothing happens in vain."""
    inner = FakeTool("send")
    results(inner, 10, rate=1, faults=["error", "timeout", "empty"])
    assert not inner.calls


def test_for_good_it_stays_away():
    """After its first error the tool fails every time, until the next visit."""
    told = [each.text for each in results(FakeTool("price", "42"), rate=0.3, faults=["error"], for_good=True)]
    first = next(n for n, text in enumerate(told) if "500" in text)
    assert set(told[:first]) <= {"42"} and first > 0
    assert set(told[first + 1 :]) == {"price is not available any more"}


def test_a_tool_is_needed():
    """Without a tool inside it cannot be built."""
    with pytest.raises(NodeError, match="has no tool inside"):
        make_faulty(faulty.config(), FakeServices())
