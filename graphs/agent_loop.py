"""LangChain's agent loop as one node, guarded.

Small models repeat a call for ever. A call repeated word for word is not run again: the model is told
what it already knows, and its next answer is asked for without tools. The same happens once it has
made all its calls.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, Literal, Protocol

from langchain.agents import create_agent  # 0.8 s to import; ``context`` imports this module on first use
from langchain.agents.middleware.types import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage, convert_to_messages
from langchain_core.tools import StructuredTool
from langgraph.prebuilt.tool_node import ToolCallRequest

from graphs.apart import apart
from graphs.messages import for_langchain, plain
from graphs.written_calls import written_call
from nodes.contract import AgentTurn, Tool, ToolResult

REPEATED: Final = "You made this very call before, and its result was:\n{result}\nDo not call again. Answer now."
SPENT: Final = "No tool calls are left. Answer now with what you know."

RunTool = Callable[[Tool, Mapping[str, Any]], Awaitable[ToolResult]]


class Call(Protocol):
    """A request to a model, by shape."""

    async def text(self, messages: Sequence[BaseMessage], *, tools: Sequence[Any] = ()) -> AIMessage:
        """The answer."""
        ...


async def run_agent(
    call: Call,
    messages: Sequence[Mapping[str, Any]],
    tools: Sequence[Tool],
    max_calls: int,
    run_tool: RunTool,
    model: Any,
) -> AgentTurn:
    """Let the model answer with tools. Raises what a model call raises."""
    guard = _Guard(call, tools, max_calls, run_tool)
    # Its own checkpoints would only slow it: after a crash the node runs again from its top.
    agent = create_agent(model, [_tool(tool) for tool in tools], middleware=[guard], checkpointer=False)
    given: Any = {"messages": convert_to_messages([for_langchain(message) for message in messages])}
    # A turn is a model step and a tools step; the guard ends it long before.
    result = await apart(agent.ainvoke(given, {"recursion_limit": 4 * max_calls + 12}))
    said = result["messages"]
    answer = next((message for message in reversed(said) if isinstance(message, AIMessage)), None)
    return AgentTurn(str(answer.text) if answer else "", plain(said), guard.calls, guard.stopped)


class _Guard(AgentMiddleware[Any, Any, Any]):
    """Makes the model calls, so that they are traced, and stands before each tool."""

    def __init__(self, call: Call, tools: Sequence[Tool], max_calls: int, run_tool: RunTool) -> None:
        super().__init__()
        self.calls = 0
        self.stopped: Literal["answer", "calls", "repeat"] = "answer"
        self._call = call
        self._tools_by_name = {tool.name: tool for tool in tools}
        self._max_calls = max_calls
        self._run_tool = run_tool
        self._known: dict[str, str] = {}

    async def awrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
    ) -> ModelResponse[Any]:
        tools = request.tools if self.stopped == "answer" else []
        answer = await self._call.text(request.messages, tools=tools)
        written = None if answer.tool_calls or not tools else written_call(str(answer.text), self._tools_by_name)
        calls: Any = [written] if written else answer.tool_calls if tools else []
        return ModelResponse(result=[AIMessage(
            content="" if written else answer.content, tool_calls=calls, id=answer.id,
            usage_metadata=answer.usage_metadata, response_metadata=answer.response_metadata,
        )])  # fmt: skip

    async def awrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[Any]]
    ) -> ToolMessage:
        wanted = request.tool_call
        text, failed = await self._result(wanted["name"], wanted["args"])
        return ToolMessage(
            text, tool_call_id=wanted["id"] or "", name=wanted["name"], status="error" if failed else "success"
        )

    async def _result(self, name: str, arguments: Mapping[str, Any]) -> tuple[str, bool]:
        tool = self._tools_by_name.get(name)
        if tool is None:
            self._count()
            return f"There is no tool {name!r}; there are {', '.join(self._tools_by_name) or 'none'}.", True
        key = json.dumps([name, arguments], sort_keys=True, default=str)
        if key in self._known:
            self.stopped = "repeat"
            return REPEATED.format(result=self._known[key]), True
        if self.calls >= self._max_calls:
            self.stopped = "calls"
            return SPENT, True
        self._count()
        self._known[key] = "(still running)"
        result = await self._run_tool(tool, arguments)
        self._known[key] = result.text
        return result.text, result.failed

    def _count(self) -> None:
        self.calls += 1


def _tool(tool: Tool) -> StructuredTool:
    """The tool as LangChain shows it to a model; the guard runs it."""

    async def never(**arguments: Any) -> str:
        raise AssertionError(f"the guard did not stand before {tool.name!r}")

    return StructuredTool.from_function(
        coroutine=never, name=tool.name, description=tool.description, args_schema=tool.parameters
    )
