"""A session with an MCP server over HTTP: opened once, then its tools are listed and called.

The streamable HTTP transport of the Model Context Protocol, revision 2025-06-18: every message is a POST of one
JSON-RPC object; the answer is JSON, or a stream of events of which one is the answer. What a server asks back
(sampling, elicitation) is not offered to it.
"""

import asyncio
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from nodes.tools.egress import Egress
from nodes.tools.exchange import AGENT, Answer, ExchangeFailed, Reach, Request, exchange

VERSION: Final = "2025-06-18"
PAGES: Final = 20
"""The most pages of tools that are read."""
_ACCEPTED: Final = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}


class McpFailed(Exception):
    """What the server, or the way to it, did wrong, in words."""


@dataclass
class McpSession:
    """With one server; safe for calls at the same time."""

    url: str
    egress: Egress
    reach: Reach
    secret_headers: Mapping[str, str] = field(default_factory=dict[str, str])
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    _headers: dict[str, str] = field(default_factory=dict[str, str])
    _tools: list[dict[str, Any]] | None = None
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def tools(self) -> list[dict[str, Any]]:
        """Every tool: name, description, inputSchema; asked for once. Raises McpFailed."""
        if self._tools is None:
            self._tools = await self._all_tools()
        return self._tools

    async def _all_tools(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor: Any = None
        for _ in range(PAGES):
            page = await self._ask("tools/list", {"cursor": cursor} if cursor else {})
            found += [each for each in page.get("tools", ()) if isinstance(each, dict) and each.get("name")]
            cursor = page.get("nextCursor")
            if not cursor:
                break
        return found

    async def call(self, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The result of a tool: content, structuredContent, isError. Raises McpFailed."""
        return await self._ask("tools/call", {"name": name, "arguments": dict(arguments)})

    async def _ask(self, method: str, given: Mapping[str, Any]) -> dict[str, Any]:
        async with self._opening:
            if not self._headers:
                await self._open()
        return await self._request(method, given)

    async def _open(self) -> None:
        client = {"name": AGENT.partition("/")[0], "version": AGENT.partition("/")[2]}
        asked = {"protocolVersion": VERSION, "capabilities": {}, "clientInfo": client}
        said = await self._request("initialize", asked)
        self._headers["MCP-Protocol-Version"] = str(said.get("protocolVersion") or VERSION)
        await self._send({"jsonrpc": "2.0", "method": "notifications/initialized"}, self.reach)

    async def _request(self, method: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """The result of a request. Raises McpFailed."""
        number = next(self._numbers)
        message = {"jsonrpc": "2.0", "id": number, "method": method, "params": dict(given)}
        reach = Reach(
            self.reach.seconds, self.reach.max_bytes, enough=lambda body: _reply(body, number, whole=False) is not None
        )
        answer = await self._send(message, reach)
        if answer.status >= 400:
            raise McpFailed(f"the server answered {answer.status} {answer.reason} to {method}: {answer.text[:300]}")
        if method == "initialize" and "mcp-session-id" in answer.headers:
            self._headers["Mcp-Session-Id"] = answer.headers["mcp-session-id"]
        reply = _reply(answer.body, number, whole=True)
        if reply is None:
            raise McpFailed(f"the server gave no answer to {method}, but {answer.text[:300]!r}")
        if "error" in reply:
            error = reply["error"] if isinstance(reply["error"], dict) else {"message": reply["error"]}
            raise McpFailed(f"{method}: {error.get('message', 'an error')}")
        result = reply.get("result")
        return cast(dict[str, Any], result) if isinstance(result, dict) else {}

    async def _send(self, message: Mapping[str, Any], reach: Reach) -> Answer:
        body = json.dumps(message).encode()
        request = Request(self.url, "POST", {**_ACCEPTED, **self._headers}, self.secret_headers, body)
        try:
            return await exchange(request, self.egress, reach)
        except ExchangeFailed as failed:
            raise McpFailed(str(failed)) from failed


def _reply(body: bytes, number: int, *, whole: bool) -> dict[str, Any] | None:
    """The JSON-RPC answer of that number in a body, be it JSON or a stream of events; None where it is not there.

    ``whole``: nothing more comes, so that a last event without its empty line counts.
    """
    text = body.decode("utf-8", errors="replace").replace("\r\n", "\n")
    events = text.split("\n\n") if whole else text.split("\n\n")[:-1]
    told = [_data(event) for event in events]
    for part in [text, *told] if whole else told:
        try:
            found = json.loads(part)
        except ValueError:
            continue
        messages: list[Any] = found if isinstance(found, list) else [found]
        for message in messages:
            if isinstance(message, dict) and message.get("id") == number and {"result", "error"} & set(message):
                return cast(dict[str, Any], message)
    return None


def _data(event: str) -> str:
    """The data lines of an event."""
    return "\n".join(line[5:].removeprefix(" ") for line in event.split("\n") if line.startswith("data:"))
