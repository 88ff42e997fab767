"""Kill -9 of workers, and of the web process, with several runs at work: what becomes of the runs.

    uv run python -m benchmarks.crash_workers [--kills 20] [--runs 6] [--seed 1] [--json]

Runs of a real workflow (scripted answers, a file each of them writes a line to at every other node) are started by a
process that stands for the web server. At random moments the worker is killed, or the web process with nobody to
close anything and a new one in its place. Checked for every run: it ends as done, no visit of a node has ended
well twice, and its file has each line once. Counted: visits that the trace lacks. A killed process takes with it
what it had not written yet (some 0.2 s); it is made again from the checkpoints.
"""

import argparse
import json
import multiprocessing
import os
import random
import signal
import tempfile
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from graphs.document import Document
from store.home import Home
from store.wire import Card
from ui.starting import start_run
from ui.workers.files import WorkerFiles
from ui.workers.remote import RemoteEngine
from ui.workers.supervisor import Workers
from ui.workspace import Workspace

STEPS: Final = 12
SECONDS: Final = 0.3
"""A model's answer takes so long."""
CALM: Final = (1.0, 5.0)
"""Seconds between a worker's start and the next kill."""
LONGEST: Final = 300.0


def document() -> Document:
    """Prompts and writes by turns, in a row."""
    prompts = {f"say_{n}": {"kind": "prompt", "config": {"prompt": f"Say {n}."}} for n in range(STEPS)}
    writes = {
        f"write_{n}": {
            "kind": "tools.call",
            "config": {"arguments": {"action": "append", "path": "lines.txt", "text": f"{n} {{{{word}}}}\n"}},
        }
        for n in range(STEPS)
    }  # fmt: skip
    row = ["start", *(name for pair in zip(prompts, writes, strict=True) for name in pair), "finish"]
    return Document.model_validate({
        "title": "Lines", "inputs": {"task": {"type": "text"}}, "outputs": {"answer": {"type": "text"}},
        "nodes": {
            "start": {"kind": "start"}, "finish": {"kind": "finish"}, "files": {"kind": "tool.files"},
            **prompts, **writes,
        },
        "edges": {
            "flow": [f"{left} -> {right}" for left, right in pairwise(row)],
            "data": [
                *(f"say_{n}.answer -> write_{n}.word" for n in range(STEPS)),
                f"say_{STEPS - 1}.answer -> finish.answer",
            ],
            "attach": [f"files -> write_{n}.tool" for n in range(STEPS)],
        },
    })  # fmt: skip


def opened(home: Home) -> tuple[Workspace, Workers]:
    """A workspace as the web process has it."""
    workspace, workers = Workspace(home), Workers(home, 1)
    workspace.adopt(RemoteEngine(workspace, workers))
    workers.start()
    return workspace, workers


def web(folder: str, runs: int) -> None:
    """A web process: starts the runs, then keeps the worker alive until it is killed."""
    workspace, _ = opened(Home(Path(folder)))
    for _ in range(runs):
        start_run(workspace, document(), {"task": "Go."}, model="scripted:line")
    (Path(folder) / "started").touch()
    while True:
        time.sleep(1)


def measure(kills: int, runs: int, seed: int) -> dict[str, Any]:
    """Kill until all are made, then wait for the runs."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="nodeloom-crash-") as name:
        home = Home(Path(name)).create()
        (home.path / "scripts").mkdir()
        reply = {"text": "Well.", "seconds": SECONDS, "repeat": True}
        (home.path / "scripts" / "line.json").write_text(json.dumps({"replies": [reply]}), encoding="utf-8")
        begun, made = time.monotonic(), Counter[str]()
        server = _served(name, runs)
        reader = Workspace(home)
        try:
            while made.total() < kills and not _all_ended(reader):
                time.sleep(chance.uniform(*CALM))
                if chance.random() < 1 / 4:
                    os.kill(_pid(server), signal.SIGKILL)
                    server.join()
                    made["web"] += 1
                    server = _served(name, 0)
                elif _kill_worker(home):
                    made["worker"] += 1
            deadline = time.monotonic() + LONGEST
            while not _all_ended(reader) and time.monotonic() < deadline:
                time.sleep(0.1)
            rows = reader.runs.list()
            problems = [problem for row in rows for problem in _wrong(reader, row.id)]
            return {
                "kills": dict(made), "runs": len(rows), "seconds": round(time.monotonic() - begun, 1),
                "interruptions": sum(len(row.interruptions) for row in rows), "visits": len(rows) * (2 + 2 * STEPS),
                "missing_in_trace": sum(2 + 2 * STEPS - _ended(reader, row.id).total() for row in rows),
                "problems": problems,
            }  # fmt: skip
        finally:
            os.kill(_pid(server), signal.SIGKILL)
            server.join()
            _kill_worker(home)
            reader.close()


def _served(folder: str, runs: int) -> Any:
    mark = Path(folder) / "started"
    mark.unlink(missing_ok=True)
    process = multiprocessing.get_context("spawn").Process(target=web, args=(folder, runs))
    process.start()
    while not mark.exists():
        assert process.is_alive(), "the web process did not start"
        time.sleep(0.05)
    return process


def _pid(process: Any) -> int:
    assert process.pid is not None
    return process.pid


def _kill_worker(home: Home) -> bool:
    address = Card.read(WorkerFiles(home, "w0").address)
    if address is None:
        return False
    try:
        os.kill(address.pid, signal.SIGKILL)
    except ProcessLookupError:
        return False  # it was killed already, and is not up again
    return True


def _all_ended(workspace: Workspace) -> bool:
    return all(row.status not in ("queued", "running", "lost") for row in workspace.runs.list())


def _wrong(workspace: Workspace, run: str) -> list[str]:
    row = workspace.runs.get(run)
    if row.status != "done":
        return [f"{row.number} is {row.status}: {row.error}"]
    found = [f"{row.number}: {node} ended {times} times" for node, times in _ended(workspace, run).items() if times > 1]
    lines = (workspace.home.run_folder(run) / "lines.txt").read_text(encoding="utf-8").splitlines()
    right = [f"{n} Well." for n in range(STEPS)]
    return found + ([] if lines == right else [f"{row.number}: its file has {lines}"])


def _ended(workspace: Workspace, run: str) -> Counter[str | None]:
    """Node -> visits that ended well."""
    spans = workspace.spans.list(run, 0, 5_000)
    return Counter(each.node_id for each in spans if each.operation == "invoke_node" and each.status == "ok")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--runs", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = measure(asked.kills, asked.runs, asked.seed)
    print(json.dumps(found) if asked.json else "\n".join(f"{name}: {value}" for name, value in found.items()))
    raise SystemExit(1 if found["problems"] else 0)


if __name__ == "__main__":
    main()
