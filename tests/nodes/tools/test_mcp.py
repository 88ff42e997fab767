"""tool.mcp: a server's tools are listed and called, and what it does wrong is told"""

import asyncio
import contextlib
import json
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import ValidationError

from nodes.contract import NodeError, ToolResult, ToolServer
from nodes.tools.mcp import make_mcp, mcp
from tests.fakes import FakeServices
from tests.nodes.tools.loopback import loopback_egress

ADD = {"name": "add", "description": "Adds\ntwo numbers.", "inputSchema": {
    "type": "object", "properties": {"a": {"type": "number"}, "b": {"type": "number"}}, "required": ["a"]}}  # fmt: skip
LOOK = {"name": "look", "description": "Looks."}
Handle = Callable[[str, dict[str, Any]], Any]


@dataclass
class Server:
    """An MCP server on the loopback; ``handle`` gives the result of a method, ``stream`` answers as events."""

    handle: Handle
    stream: bool = False
    status: int = 200
    port: int = 0
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list[tuple[str, dict[str, str]]])


def work(method: str, params: dict[str, Any]) -> Any:
    if method == "initialize":
        return {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": {"name": "t"}}
    if method == "tools/list":
        return {"tools": [LOOK]} if params.get("cursor") else {"tools": [ADD], "nextCursor": "2"}
    if params["name"] == "look":
        return {"content": [{"type": "image", "mimeType": "image/png", "data": "x"}, {"type": "text", "text": "a dog"}]}
    total = sum(params["arguments"].values())
    return {"content": [{"type": "text", "text": f"It is {total}."}], "structuredContent": {"sum": total}}


@contextlib.contextmanager
def serving(handle: Handle = work, **how: Any) -> Generator[Server]:
    server = Server(handle, **how)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.asked.append((message["method"], {name.lower(): value for name, value in self.headers.items()}))
            if "id" not in message:
                return self._send(202, "", "text/plain")
            result = server.handle(message["method"], message["params"])
            if isinstance(result, str):
                return self._send(server.status, result, "text/plain")
            key = "error" if isinstance(result, dict) and "code" in result else "result"
            reply = json.dumps({"jsonrpc": "2.0", "id": message["id"], key: result})
            if not server.stream:
                return self._send(server.status, reply, "application/json")
            notice = json.dumps({"jsonrpc": "2.0", "method": "notifications/progress", "params": {}})
            return self._send(
                server.status, f"event: message\ndata: {notice}\n\ndata: {reply}\n\n", "text/event-stream"
            )

        def _send(self, status: int, body: str, kind: str) -> None:
            self.send_response(status)
            headers = {"Content-Type": kind, "Content-Length": str(len(body.encode())), "Mcp-Session-Id": "s-1"}
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        server.port = http.server_port
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield server
        http.shutdown()


def use(server: Server, *calls: dict[str, Any], key: str = "", **config: Any) -> list[ToolResult]:
    """What a model gets for its calls, one after another, from one tool."""
    services = FakeServices(servers={"lab": ToolServer(f"http://lab.test:{server.port}/mcp", key)})
    settings = mcp.config.model_validate({"server": "lab", **config})
    tool = make_mcp(settings, services, loopback_egress("lab.test"))

    async def one_after_another() -> list[ToolResult]:
        return [await tool.call(call) for call in calls]

    return asyncio.run(one_after_another())


@pytest.mark.parametrize("stream", [False, True])
def test_tools_are_listed_and_called(stream: bool):
    """Every page is read; a call gives text and data; JSON and streams of events are both understood."""
    with serving(stream=stream) as server:
        listed, added, looked = use(
            server, {}, {"name": "add", "arguments": {"a": 2, "b": 3}}, {"name": "look"},
        )  # fmt: skip
    assert listed.text == "add(a: number, b: number?) - Adds two numbers.\nlook() - Looks."
    assert listed.data == ["add", "look"]
    assert (added.text, added.data, added.failed) == ("It is 5.", {"sum": 5}, False)
    assert looked.text == "[image image/png]\na dog"


def test_a_session_is_opened_once():
    """The handshake comes first; its session and revision go along with everything after."""
    with serving() as server:
        use(server, {}, {"name": "add", "arguments": {"a": 1}})
    methods = [method for method, _ in server.asked]
    assert methods == ["initialize", "notifications/initialized", "tools/list", "tools/list", "tools/call"]
    last = server.asked[-1][1]
    assert (last["mcp-session-id"], last["mcp-protocol-version"]) == ("s-1", "2025-06-18")
    assert "text/event-stream" in last["accept"]


def test_only_the_tools_that_are_named_may_be_used():
    """Others are neither listed nor called; a wrong name is answered with the nearest."""
    with serving() as server:
        listed, refused, near = use(server, {}, {"name": "look"}, {"name": "ad"}, tools=["add"])
    assert listed.data == ["add"] and refused.failed and near.text == "There is no tool 'ad'; did you mean 'add'?"
    assert "tools/call" not in [method for method, _ in server.asked]


def test_the_secret_goes_to_the_server_alone():
    """It is sent as a bearer token, and only where the server was set up with one."""
    with serving() as server:
        use(server, {}, key="k3y")
    assert {headers["authorization"] for _, headers in server.asked} == {"Bearer k3y"}
    with serving() as server:
        use(server, {})
    assert not any("authorization" in headers for _, headers in server.asked)


@pytest.mark.parametrize(
    ("answer", "how", "told"),
    [
        ({"code": -32602, "message": "bad cursor"}, {}, "tools/list: bad cursor"),
        ("no such page", {"status": 404}, "answered 404"),
        ("hello", {}, "gave no answer to tools/list"),
        ([1], {}, "offers no tool"),
    ],
)  # fmt: skip
def test_what_the_server_does_wrong_is_told(answer: Any, how: dict[str, Any], told: str):
    """Errors, pages and nonsense instead of answers become failed results, or no tools."""

    def broken(method: str, params: dict[str, Any]) -> Any:
        return work(method, params) if method == "initialize" and "status" not in how else answer

    with serving(broken, **how) as server:
        (result,) = use(server, {})
    assert told in result.text


def test_a_failing_tool_is_a_failed_result():
    """What the server marks as an error is one for the model to mend; nothing at all is said so."""

    def failing(method: str, params: dict[str, Any]) -> Any:
        if method != "tools/call":
            return work(method, params)
        return {"isError": True, "content": [{"type": "text", "text": "a is missing"}]} if params["arguments"] else {}

    with serving(failing) as server:
        failed, empty = use(server, {"name": "add", "arguments": {"b": 1}}, {"name": "add"})
    assert (failed.text, failed.failed) == ("a is missing", True)
    assert (empty.text, empty.failed) == ("It gave nothing back.", False)


def test_only_servers_that_are_set_up_are_reached():
    """Without a name, with an unknown one, and with one that leads into the user's own network, nothing is reached."""
    with pytest.raises(NodeError, match="No MCP server is chosen"):
        make_mcp(mcp.config(), FakeServices())
    with pytest.raises(NodeError, match="no MCP server 'lab'"):
        make_mcp(mcp.config.model_validate({"server": "lab"}), FakeServices())
    inside = FakeServices(servers={"lab": ToolServer("http://127.0.0.1:1/mcp")})
    tool = make_mcp(mcp.config.model_validate({"server": "lab"}), inside)
    assert "not on the public internet" in asyncio.run(tool.call({})).text


@pytest.mark.parametrize("defined", [{"url": "https://tools.example.org/mcp"}, {"secret": "LAB_TOKEN"}])
def test_a_workflow_cannot_define_a_server(defined: dict[str, str]):
    """Address and key are the user's own settings; a document only names them."""
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        mcp.config.model_validate({"server": "lab", **defined})
