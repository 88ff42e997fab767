"""tools.call"""

from typing import Any

import pytest

from nodes.contract import NodeError, NodeSpec, ToolResult
from nodes.tools.act_in_code import act_in_code
from nodes.tools.agent import agent
from nodes.tools.call import call
from nodes.tools.retrieve_tools import retrieve_tools
from tests.fakes import FakeContext, FakeTool, run_node

SCHEMA = {
    "type": "object",
    "properties": {"q": {"type": "string"}, "top": {"type": "integer"}, "tags": {"type": "array"}},
    "required": ["q"],
}


def tool(answer: Any = "done") -> FakeTool:
    return FakeTool("search", answer, parameters=SCHEMA)


def test_calls_with_rendered_arguments():
    """Templates are rendered, read as the type the tool wants, and lone variables handed over whole."""
    search = tool(ToolResult("found", data=[1]))
    ctx = FakeContext(tools=[search])
    arguments = {"q": "about {{topic}}", "top": "{{n}}", "tags": "{{tags}}"}
    out = run_node(call, {"topic": "tea", "n": 3, "tags": ["a"]}, ctx, arguments=arguments)
    assert search.calls == [{"q": "about tea", "top": 3, "tags": ["a"]}]
    assert out == {"result": "found", "data": [1]}
    assert ctx.tool_calls[0][0] == "search"


def test_texts_are_read_as_the_type():
    """A text for a number is read as one; what cannot be read is left for the tool to refuse."""
    search = tool()
    run_node(call, {"n": "4"}, FakeContext(tools=[search]), arguments={"q": "x", "top": "{{n}}"})
    run_node(call, {"n": "4"}, FakeContext(tools=[search]), arguments={"q": "{{n}}", "top": "many"})
    assert search.calls == [{"q": "x", "top": 4}, {"q": "4", "top": "many"}]


def test_a_failed_call_fails_the_node():
    """What the tool said is in the error."""
    with pytest.raises(NodeError, match="search failed: no network"):
        run_node(call, {}, FakeContext(tools=[tool(ToolResult("no network", failed=True))]), arguments={"q": "x"})


def test_without_data_the_text_is_the_data():
    """A tool that only has words gives them on both ports."""
    assert run_node(call, {}, FakeContext(tools=[tool()]), arguments={"q": "x"}) == {"result": "done", "data": "done"}


@pytest.mark.parametrize(
    ("arguments", "what"), [({}, "needs 'q'"), ({"q": "x", "limit": "1"}, "has no argument 'limit'")]
)
def test_arguments_are_those_of_the_tool(arguments: dict[str, str], what: str):
    """Missing and unknown arguments are named, with those there are."""
    with pytest.raises(NodeError, match=what) as caught:
        run_node(call, {}, FakeContext(tools=[tool()]), arguments=arguments)
    assert "q, top, tags" in caught.value.mend


def test_a_tool_is_needed():
    """Without a tool attached the node says what to do."""
    with pytest.raises(NodeError, match="No tool is attached"):
        run_node(call, {})


@pytest.mark.parametrize("spec", [agent, call, act_in_code, retrieve_tools], ids=lambda spec: spec.kind)
def test_kinds_that_call_tools_take_policies(spec: NodeSpec):
    """Wherever tools are called for real, policies can be attached."""
    assert next(socket for socket in spec.attaches if socket.name == "policies").many
