"""The HTTP API beside the browser: what a test prepares, and what it looks up behind the page's back."""

import json
import urllib.error
import urllib.request
from typing import Any


class Api:
    """Calls of ``/api`` with a page's token."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.token = token

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The JSON of the answer; an AssertionError with the server's words for a refusal."""
        data = None if body is None else json.dumps(body).encode()
        fields = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **headers}
        request = urllib.request.Request(f"{self.url}/api{path}", data, fields, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                text = reply.read()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from None
        return json.loads(text) if text else None

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def post(self, path: str, body: Any = None) -> Any:
        return self.call("POST", path, {} if body is None else body)

    def put(self, path: str, body: Any) -> Any:
        return self.call("PUT", path, body)

    def new(self, document: dict[str, Any]) -> str:
        """The id of a new workflow."""
        return str(self.post("/workflows", {"document": {"nodeloom": 1, **document}})["id"])

    def document(self, workflow: str) -> dict[str, Any]:
        """The workflow as the server holds it."""
        return self.get(f"/workflows/{workflow}")["document"]

    def nodes(self, workflow: str) -> dict[str, Any]:
        """Its nodes by id."""
        return self.document(workflow).get("nodes", {})

    def edges(self, workflow: str, sort: str) -> list[str]:
        """Its edges of a sort."""
        return self.document(workflow).get("edges", {}).get(sort, [])
