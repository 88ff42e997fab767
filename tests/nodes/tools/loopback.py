"""A web server of the tests' own on the loopback, which keeps what it was asked"""

import contextlib
import json
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from nodes.tools.egress import Egress


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class Site:
    """``answers``: path without its query -> (status, headers, body); any other path is a 404."""

    port: int = 0
    asked: list[Asked] = field(default_factory=list[Asked])
    answers: dict[str, tuple[int, dict[str, str], str]] = field(default_factory=dict)

    def url(self, path: str, host: str = "site.test") -> str:
        return f"http://{host}:{self.port}{path}"


@contextlib.contextmanager
def serving(answers: dict[str, Any]) -> Iterator[Site]:
    """The site while it serves: a value is a body, a (status, headers, body), or seconds to be slow for."""
    site = Site()
    for path, answer in answers.items():
        if isinstance(answer, dict | list):
            answer = (200, {"Content-Type": "application/json"}, json.dumps(answer))
        site.answers[path] = answer if isinstance(answer, tuple) else (200, {"Content-Type": "text/plain"}, answer)

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            site.asked.append(Asked(self.command, self.path, headers, self.rfile.read(length).decode()))
            status, more, body = site.answers.get(self.path.split("?")[0], (404, {}, "nothing here"))
            if isinstance(body, float):
                time.sleep(body)
                body = "late"
            content = body.encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **more}.items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.wfile.write(b"" if self.command == "HEAD" else content)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _answer

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        site.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield site
        server.shutdown()


async def _resolve(host: str, port: int) -> Sequence[str]:
    return ["127.0.0.1"] if host.endswith(".test") else [host]


def loopback_egress(*hosts: str) -> Egress:
    """Names ending in .test lead to this machine; nothing else is reached."""
    return Egress(hosts, allow=lambda address: str(address) == "127.0.0.1", resolve=_resolve)
