"""tool.web_fetch, against a server of this test on the loopback"""

import asyncio
import contextlib
import gzip
import threading
import time
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from nodes.contract import ToolResult
from nodes.tools.egress import Egress
from nodes.tools.page_text import page_text
from nodes.tools.web_fetch import WebFetchConfig, make_web_fetch, web_fetch
from tests.fakes import FakeServices, call_tool

PAGE = """<html><head><title>A &amp; B</title><style>x{}</style></head><body><nav>menu</nav><h1>Head</h1>
<p>One<br>two</p><script>bad()</script><ul><li>first</li><li>second</li></ul><table><tr><td>a</td><td>b</td></tr></table>
</nav></body></html>"""


class Handler(BaseHTTPRequestHandler):
    """Answers by path."""

    def do_GET(self) -> None:
        kind, body, status, more = "text/html; charset=utf-8", PAGE.encode(), 200, {}
        match self.path.split("?")[0]:
            case "/host":
                kind, body = "text/plain", (self.headers["Host"] or "").encode()
            case "/again":
                status, more = 302, {"Location": "/page"}
            case "/inward":
                status, more = 302, {"Location": "http://169.254.169.254/latest/meta-data/"}
            case "/forever":
                status, more = 302, {"Location": "/forever"}
            case "/bomb":
                kind, body, more = "text/plain", gzip.compress(b"a" * 20_000_000), {"Content-Encoding": "gzip"}
            case "/image":
                kind, body = "image/png", b"\x89PNG"
            case "/slow":
                time.sleep(1.5)
            case "/latin":
                kind, body = "text/plain; charset=iso-8859-1", "café".encode("latin-1")
            case "/missing":
                status = 404
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **more}.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # some tests hang up early
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()


def fetch(url: str, **config: object) -> ToolResult:
    """Fetch with names of this test's own leading to the loopback; the metadata address stays refused."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"] if host == "site.test" else [host]

    egress = Egress(allow=lambda address: str(address) == "127.0.0.1", resolve=resolve)
    tool = make_web_fetch(WebFetchConfig.model_validate(config), FakeServices(), egress)
    return asyncio.run(tool.call({"url": url}))


def test_reads_a_page(port: int):
    """The text of a page comes back without scripts, styles and menus, under its title."""
    result = fetch(f"http://site.test:{port}/page")
    assert not result.failed
    assert result.data["title"] == "A & B"
    assert result.data["text"] == "Head\nOne\ntwo\n- first\n- second\n| a | b"
    assert result.text.startswith("A & B\nHead")


def test_the_name_is_kept(port: int):
    """The server is told the name, though the connection went to the checked address."""
    assert fetch(f"http://site.test:{port}/host").text == f"site.test:{port}"


def test_redirects_are_followed_and_checked(port: int):
    """A redirect within reach is followed; one that leads inward is refused; too many are given up."""
    assert fetch(f"http://site.test:{port}/again").data["url"].endswith("/page")
    inward = fetch(f"http://site.test:{port}/inward")
    assert inward.failed and "169.254.169.254" in inward.text and "not on the public internet" in inward.text
    assert "more than 2 redirects" in fetch(f"http://site.test:{port}/forever", max_redirects=2).text


def test_size_is_bounded(port: int):
    """Reading stops at the limit, counted after decompression; the text given back is cut and says so."""
    result = fetch(f"http://site.test:{port}/bomb", max_kb=64, max_characters=1_000)
    assert result.text.startswith("a" * 1_000)
    assert result.text.endswith("[cut: 65,536 characters in all]")


def test_time_is_bounded(port: int):
    """A server that does not answer is given up."""
    result = fetch(f"http://site.test:{port}/slow", timeout=0.3)
    assert result.failed and "Not fetched" in result.text


@pytest.mark.parametrize(
    ("path", "what"), [("/image", "image/png, which is not text"), ("/missing", "answered 404 Not Found")]
)
def test_what_cannot_be_read_is_said(port: int, path: str, what: str):
    """Pictures and error pages are failures in words."""
    result = fetch(f"http://site.test:{port}{path}")
    assert result.failed and what in result.text


def test_other_charsets(port: int):
    """The charset the server names is used."""
    assert fetch(f"http://site.test:{port}/latin").text == "café"


def test_nothing_listens(port: int):
    """A refused connection is a failure in words."""
    result = fetch("http://site.test:1/")
    assert result.failed and result.text.startswith("Not fetched")


def test_as_shipped_it_reaches_no_inner_address(port: int):
    """With its own check the tool does not reach this machine, by name or number."""
    for host in ("127.0.0.1", "localhost", "[::1]", "0.0.0.0"):
        result = call_tool(web_fetch, {"url": f"http://{host}:{port}/page"})
        assert result.failed and "Head" not in result.text


def test_broken_pages_are_read_as_far_as_they_go():
    """Tags that are never closed or opened do no harm."""
    assert page_text("<p>a<script>x") == ("", "a")
    assert page_text("</nav>b<<<") == ("", "b<<<")
    assert page_text("")[1] == ""
