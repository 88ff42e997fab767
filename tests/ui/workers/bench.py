"""A home whose runs are worked on by workers, and workflows slow enough to be caught at work."""

import itertools
import json
import os
import signal
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from graphs.document import Document
from store.home import Home
from store.runs import RunRow
from store.wire import Card
from ui.starting import start_run
from ui.workers.files import WorkerFiles
from ui.workers.remote import RemoteEngine
from ui.workers.supervisor import Workers
from ui.workspace import Workspace

SCRIPTS: Final[dict[str, list[dict[str, Any]]]] = {
    "quick": [{"text": "Done.", "repeat": True}],
    "slow": [{"text": "One two three.", "seconds": 0.5, "repeat": True}],
    "endless": [{"text": "word " * 60, "seconds": 60, "repeat": True}],
}


def chain(length: int, *, ask_after: int | None = None) -> Document:
    """Prompts in a row; ``ask_after``: a person is asked behind that many."""
    names = [f"step_{number}" for number in range(1, length + 1)]
    nodes: dict[str, Any] = {name: {"kind": "prompt", "config": {"prompt": "Go on: {{so_far}}"}} for name in names}
    if ask_after is not None:
        nodes["ask"] = {"kind": "control.ask", "config": {"question": "Go on?"}}
        names.insert(ask_after, "ask")
    order = ["start", *names, "finish"]
    prompts = [name for name in names if name != "ask"]
    data = [f"{left}.answer -> {right}.so_far" for left, right in itertools.pairwise(prompts)]
    return Document.model_validate({
        "title": "Chain", "inputs": {"task": {"type": "text"}}, "outputs": {"answer": {"type": "text"}},
        "nodes": {"start": {"kind": "start"}, **nodes, "finish": {"kind": "finish"}},
        "edges": {
            "flow": [f"{left} -> {right}" for left, right in itertools.pairwise(order)],
            "data": [f"start.task -> {prompts[0]}.so_far", *data, f"{prompts[-1]}.answer -> finish.answer"],
        },
    })  # fmt: skip


class Bench:
    """A workspace as the web process has it."""

    def __init__(self, folder: Path, count: int = 1) -> None:
        self.home = Home(folder).create()
        scripts = folder / "scripts"
        scripts.mkdir(exist_ok=True)
        for name, replies in SCRIPTS.items():
            (scripts / f"{name}.json").write_text(json.dumps({"replies": replies}), encoding="utf-8")
        self.workspace = Workspace(self.home)
        self.workers = Workers(self.home, count)
        self.workspace.adopt(RemoteEngine(self.workspace, self.workers))
        self.runner = self.workspace.engine.runner

    def start(self, document: Document, script: str = "quick") -> str:
        return start_run(self.workspace, document, {"task": "Begin."}, model=f"scripted:{script}")

    def row(self, run: str) -> RunRow:
        return self.workspace.runs.get(run)

    def visits(self, run: str) -> list[tuple[str, int | None]]:
        """Node and visit of every visit that ended well, in order."""
        self.workspace.flush()
        spans = self.workspace.spans.list(run, 0, 1_000)
        return [
            (span.node_id or "", span.visit)
            for span in spans
            if span.operation == "invoke_node" and span.status == "ok"
        ]

    def kill_worker(self, name: str = "w0") -> None:
        """As the system would, when memory runs out."""
        os.kill(self.pid(name), signal.SIGKILL)

    def pid(self, name: str = "w0") -> int:
        address = Card.read(WorkerFiles(self.home, name).address)
        assert address is not None, f"{name} is not up"
        return address.pid


def eventually(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until it holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        time.sleep(0.05)


@contextmanager
def working(folder: Path, count: int = 1) -> Generator[Bench]:
    """A bench whose workers end with the test."""
    bench = Bench(folder, count)
    try:
        yield bench
    finally:
        bench.workspace.close()
