"""An OpenAI-compatible server on loopback that fails in every way providers do."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-very-secret-key-123456"
ERRORS = {
    "refused key": (401, f"Incorrect API key provided: {KEY}", "invalid_api_key"),
    "forbidden": (403, "You may not use this model", "forbidden"),
    "unknown model": (404, "The model does not exist", "model_not_found"),
    "rate limited": (429, "Rate limit reached", "rate_limit_exceeded"),
    "no quota": (429, "You exceeded your current quota: insufficient_quota", "insufficient_quota"),
    "broken": (500, "Internal error", "server_error"),
    "too long": (400, "This model's maximum context length is 10 tokens", "context_length_exceeded"),
    "refused content": (400, "The response was filtered by content management policy", "content_filter"),
    "bad request": (400, "tools are not supported", "invalid_request_error"),
}

ENDLESS = {
    "id": "c", "object": "chat.completion", "created": 1, "model": "m",
    "choices": [{"index": 0, "finish_reason": "length", "message": {"role": "assistant", "content": "na " * 500}}],
    "usage": {"prompt_tokens": 7, "completion_tokens": 500, "total_tokens": 507},
}  # fmt: skip
"""An answer that went on until its tokens were spent."""


class FakeProvider:
    """Serves ``/v1/chat/completions``; ``requests`` holds what it was sent."""

    def __init__(self, behaviour: str) -> None:
        self.behaviour = behaviour
        self.requests: list[dict[str, Any]] = []
        self.released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()


def _handler(provider: FakeProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # keeps connections, as real servers do

        def log_message(self, format: str, *args: Any) -> None:
            """Keep the test's output clean."""

        def do_GET(self) -> None:
            self._send(200, json.dumps({"models": [{"name": "qwen3:4b"}]}))

        def do_POST(self) -> None:
            provider.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            if provider.behaviour in ERRORS:
                status, message, code = ERRORS[provider.behaviour]
                self._send(status, json.dumps({"error": {"message": message, "code": code, "type": code}}))
            elif provider.behaviour == "garbage":
                self._send(200, "<html>Welcome to the hotel wifi</html>", "text/html")
            elif provider.behaviour == "hangs":
                provider.released.wait(10)
                self.close_connection = True
            elif provider.behaviour == "endless":
                self._send(200, json.dumps(ENDLESS))
            elif provider.behaviour == "cut":
                self._stream(["Hel"], cut=True)
            else:
                self._stream(["Hel", "lo"])

        def _send(self, status: int, text: str, kind: str = "application/json") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def _stream(self, words: list[str], *, cut: bool = False) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Content-Length", "100000" if cut else str(sum(len(_event(word)) for word in words) + 14))
            self.end_headers()
            for word in words:
                self.wfile.write(_event(word))
            self.close_connection = cut
            if not cut:
                self.wfile.write(b"data: [DONE]\n\n")

    return Handler


def _event(word: str) -> bytes:
    choice = {"index": 0, "delta": {"role": "assistant", "content": word}, "finish_reason": None}
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return f"data: {json.dumps(chunk)}\n\n".encode()
