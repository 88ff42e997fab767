"""A real server with the API on a free port, once for each test file."""

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount

from store.home import Home
from ui.api.app import create_api
from ui.api.guard import Loopback
from ui.serve import Server
from ui.workspace import Workspace

HELLO: dict[str, Any] = {
    "nodeloom": 1,
    "title": "Hello",
    "inputs": {"name": {}},
    "outputs": {"answer": {"type": "text"}},
    "nodes": {
        "start": {"kind": "start", "position": [0, 0]},
        "greet": {"kind": "prompt", "config": {"prompt": "Greet {{name}}."}, "position": [200, 0]},
        "finish": {"kind": "finish", "position": [400, 0]},
    },
    "edges": {
        "flow": ["start -> greet", "greet -> finish"],
        "data": ["start.name -> greet.name", "greet.answer -> finish.answer"],
    },
}
SCRIPTS = {
    "hello": [{"text": "Hello there.", "repeat": True}],
    "slow": [{"text": "word " * 40, "repeat": True, "seconds": 3}],
}


@dataclass
class Served:
    """A running API, and a client that carries its token."""

    workspace: Workspace
    client: httpx.Client
    url: str

    def new(self, document: dict[str, Any] | None = None) -> str:
        """The id of a new workflow; ``{}`` for an empty one."""
        whole = HELLO if document is None else {"nodeloom": 1, **document}
        answer = self.client.post("/workflows", json={"document": whole})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def patch(
        self, id: str, revision: int, *batches: tuple[int, list[dict[str, Any]]], client: str = "a"
    ) -> httpx.Response:
        """Send batches of operations made on ``revision``."""
        body = {"client": client, "batches": [{"seq": seq, "ops": ops, "label": "edit"} for seq, ops in batches]}
        return self.client.patch(f"/workflows/{id}", json=body, headers={"If-Match": str(revision)})

    def run(self, id: str, model: str = "scripted:hello", **inputs: Any) -> str:
        """The id of a new run."""
        answer = self.client.post(f"/workflows/{id}/runs", json={"inputs": inputs or {"name": "Ada"}, "model": model})
        assert answer.status_code == 202, answer.text
        return str(answer.json()["run_id"])

    def events(self, path: str, last: str | None = None, most: int = 1000) -> list[dict[str, Any]]:
        """The data of a stream's events until it ends or ``most`` have come; ``id`` beside it as ``_id``."""
        found: list[dict[str, Any]] = []
        headers = {"Last-Event-ID": last} if last else {}
        with self.client.stream("GET", path, headers=headers, timeout=20) as stream:
            assert stream.status_code == 200
            for line in stream.iter_lines():
                if line.startswith("data: "):
                    found.append(json.loads(line[6:]))
                elif line.startswith("id: "):
                    found[-1]["_id"] = line[4:]
                    if len(found) == most:
                        break
        return found


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The API over a home of its own, on loopback."""
    home = tmp_path_factory.mktemp("home")
    _write_scripts(home)
    workspace = Workspace(Home(home))
    app = Starlette(routes=[Mount("/api", create_api(workspace))], middleware=[Middleware(Loopback)])
    listening = socket.create_server(("127.0.0.1", 0))
    ready = threading.Event()
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=3)
    server = Server(config, workspace, ready.set)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    assert ready.wait(20)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    headers = {"Authorization": f"Bearer {workspace.token}"}
    with httpx.Client(base_url=f"{url}/api", headers=headers, timeout=30) as client:
        yield Served(workspace, client, url)
    server.should_exit = True
    thread.join(20)
    workspace.close()
    assert not thread.is_alive(), "the server did not end"


def _write_scripts(home: Path) -> None:
    (home / "scripts").mkdir()
    for name, replies in SCRIPTS.items():
        (home / "scripts" / f"{name}.json").write_text(json.dumps({"name": name, "replies": replies}))
