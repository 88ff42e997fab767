"""Stands where llama.cpp's server does: same order, same life, no model."""

import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from graphs.models.builtin.serve import Order, end_when_unused, publish


class Handler(BaseHTTPRequestHandler):
    key = ""

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self.send_response(200 if self.headers["Authorization"] == f"Bearer {self.key}" else 401)
        self.send_header("Content-Length", "0")
        self.end_headers()


def main() -> None:
    order = Order(**json.loads(sys.stdin.readline()))
    if sys.argv[1:] == ["fails"]:
        sys.stderr.write("loading\nfailed to load model\n")
        os._exit(3)
    threading.Thread(target=end_when_unused, args=(order,), daemon=True).start()
    Handler.key = order.key
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    publish(order, f"http://127.0.0.1:{server.server_address[1]}")
    server.serve_forever()


if __name__ == "__main__":
    main()
