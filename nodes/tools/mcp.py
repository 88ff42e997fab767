"""The tools of an MCP server, as one tool.

Attach it where a service, a laboratory or a program offers its tools by the Model Context Protocol. Called without a
name it lists them with their arguments, called with one it calls that tool. The workflow names a server that the user
has set up in Settings - its address and its key are there, never in a workflow - and the tools of it that may be used;
the model only chooses among them. It is reached over HTTP like any other: only on the public internet, with the key
sent over https alone. What it gives back comes from outside: attach an
injection check where that matters.

Source: Model Context Protocol, revision 2025-06-18 (https://modelcontextprotocol.io); a thin adapter as in Model
Context Protocol for science and high-performance computing, 2025. We deviate: one tool stands for all of a server,
so that a prompt does not grow with them; resources, prompts and servers started as a program are not used.
"""

import difflib
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import BaseModel, Field

from nodes.contract import NodeError, NodeSpec, Services, Tool, ToolResult
from nodes.snippet_text import clipped
from nodes.tools.egress import Egress
from nodes.tools.exchange import Reach
from nodes.tools.mcp_session import McpFailed, McpSession
from nodes.tools.tool import ToolConfig, built, failure

DESCRIPTION: Final = "Use a tool of {host}. Without a name it lists them; then call one with name and arguments."
LISTED: Final = 100


class McpConfig(ToolConfig):
    """Which server, and which of its tools."""

    server: str = Field(
        default="", title="Server", description="Name of an MCP server that is set up in Settings.", max_length=64,
        json_schema_extra={"widget": "server"},
    )  # fmt: skip
    tools: tuple[str, ...] = Field(
        default=(), title="Tools", description="Those that may be used, by name; none named: all.", max_length=200
    )
    timeout: float = Field(
        default=30, gt=0, le=600, title="Time", description="Longest time for one request.",
        json_schema_extra={"unit": "s"},
    )  # fmt: skip
    max_kb: int = Field(
        default=512, ge=1, le=10_240, title="Largest answer", description="Reading stops there.",
        json_schema_extra={"unit": "kB", "advanced": True},
    )  # fmt: skip
    max_characters: int = Field(
        default=8_000, ge=100, le=200_000, title="Longest text", description="The text given back is cut there.",
        json_schema_extra={"unit": "characters", "advanced": True},
    )  # fmt: skip


class McpArguments(BaseModel):
    """What the model sends."""

    name: str = Field(default="", description="which tool; empty: list them", max_length=200)
    arguments: dict[str, Any] = Field(default_factory=dict, description="its arguments by name")


def make_mcp(config: Any, services: Services, egress: Egress | None = None) -> Tool:
    """The tool; ``egress`` is replaced in tests. Raises NodeError where no server is named, or it is not set up."""
    if not config.server:
        raise NodeError("No MCP server is chosen", mend="Name one of those in Settings, in the settings of the tool.")
    server = services.tool_server(config.server)
    host = urlsplit(server.url).hostname or ""
    secret = {"Authorization": f"Bearer {server.secret}"} if server.secret else {}
    reach = Reach(config.timeout, config.max_kb * 1_024)
    session = McpSession(server.url, egress or Egress((host,)), reach, secret)

    async def work(arguments: McpArguments) -> ToolResult:
        try:
            offered = [each for each in await session.tools() if not config.tools or each["name"] in config.tools]
            if not arguments.name:
                return _listed(offered, config.max_characters)
            if arguments.name not in [each["name"] for each in offered]:
                return failure(_unknown(arguments.name, offered))
            return _told(await session.call(arguments.name, arguments.arguments), config.max_characters)
        except McpFailed as failed:
            return failure(f"{host}: {failed}")

    return built(config, "mcp", DESCRIPTION.format(host=host), McpArguments, work)


def _listed(offered: Sequence[Mapping[str, Any]], limit: int) -> ToolResult:
    lines = [f"{each['name']}({_arguments(each)}) - {_one_line(each.get('description'))}" for each in offered]
    text = "\n".join(lines[:LISTED]) or "The server offers no tool that may be used."
    return ToolResult(clipped(text, limit), [each["name"] for each in offered])


def _one_line(text: Any) -> str:
    return " ".join(str(text or "").split())


def _arguments(tool: Mapping[str, Any]) -> str:
    schema = tool.get("inputSchema") or {}
    required = schema.get("required") or ()
    entries: Mapping[str, Any] = schema.get("properties") or {}
    return ", ".join(
        f"{name}: {entry.get('type', 'any') if isinstance(entry, Mapping) else 'any'}{'' if name in required else '?'}"  # pyright: ignore[reportUnknownMemberType]
        for name, entry in entries.items()
    )


def _unknown(name: str, offered: Sequence[Mapping[str, Any]]) -> str:
    near = difflib.get_close_matches(name, [each["name"] for each in offered], n=1)
    return f"There is no tool {name!r}; {f'did you mean {near[0]!r}?' if near else 'call without a name to list them'}"


def _told(result: Mapping[str, Any], limit: int) -> ToolResult:
    """Its texts one below the other; of what is no text, what it is."""
    parts: list[str] = []
    for each in result.get("content") or ():
        kind, other = each.get("type", "something"), each.get("mimeType") or each.get("uri") or ""
        parts.append(str(each["text"]) if kind == "text" else f"[{kind} {other}]")
    data = result.get("structuredContent")
    text = "\n".join(parts) or (str(data) if data is not None else "It gave nothing back.")
    return ToolResult(clipped(text, limit), data, failed=bool(result.get("isError")))


mcp = NodeSpec(
    kind="tool.mcp", family="resources", title="MCP server", summary="The tools of an MCP server, as one tool",
    config=McpConfig, outcomes=(), provides="tool", make_tool=make_mcp, side_effects=True, icon="plug",
    doc=__doc__ or "", source="Model Context Protocol, https://modelcontextprotocol.io",
)  # fmt: skip
