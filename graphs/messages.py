"""LangChain messages as the plain data that ports, spans and pages hold."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from langchain_core.messages import AIMessage, BaseMessage, ToolMessage

ROLES: Final = {"human": "user", "ai": "assistant", "AIMessageChunk": "assistant", "system": "system", "tool": "tool"}


def plain(messages: Sequence[BaseMessage]) -> list[dict[str, Any]]:
    """``{"role", "content"}``, with ``tool_calls`` of an assistant and ``tool_call_id`` of a tool."""
    return [_plain(message) for message in messages]


def _plain(message: BaseMessage) -> dict[str, Any]:
    data: dict[str, Any] = {"role": ROLES.get(message.type, message.type), "content": str(message.text)}
    if isinstance(message, AIMessage) and message.tool_calls:
        data["tool_calls"] = [
            {"id": call["id"], "name": call["name"], "arguments": call["args"]} for call in message.tool_calls
        ]
    if isinstance(message, ToolMessage):
        data["tool_call_id"] = message.tool_call_id
        data["name"] = message.name
    return data


def for_langchain(message: Mapping[str, Any]) -> dict[str, Any]:
    """Our spelling of a message as LangChain reads it: tool calls by its own field names."""
    calls = message.get("tool_calls")
    if not calls:
        return dict(message)
    return {**message, "tool_calls": [{"name": c["name"], "args": c["arguments"], "id": c.get("id")} for c in calls]}


def without_call_ids(messages: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Plain messages without the ids of their tool calls, which may be drawn by chance: what is said alone."""
    said: list[dict[str, Any]] = []
    for message in messages:
        calls = [{"name": call["name"], "arguments": call["arguments"]} for call in message.get("tool_calls", ())]
        rest = {name: value for name, value in message.items() if name not in ("tool_call_id", "tool_calls")}
        said.append({**rest, "tool_calls": calls} if calls else rest)
    return said
