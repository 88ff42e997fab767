"""What a partial run saves: twenty prompts in a chain, one of them changed, then the whole again and only what changed.

    uv run python -m benchmarks.partial

Each prompt is one call of a scripted model that takes 50 ms, each run goes into a real database with its trace.
"""

import argparse
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from graphs.document import Document
from graphs.fork_request import NO_ORIGIN, Origin
from graphs.models.script import Script
from graphs.models.scripted import ScriptedChat
from graphs.providers import Providers
from graphs.runner import Runner
from nodes.registry import KINDS
from store.database import Database
from store.runs import RunRow, Runs
from store.span_writer import SpanWriter
from store.visits import Visits
from store.workflows import Workflows

NODES = 20
SECONDS = 0.05


class CountingModels:
    """One scripted model, and how often it was asked for."""

    def __init__(self) -> None:
        self.calls = 0
        reply = {"text": "as before", "repeat": True, "seconds": SECONDS, "input_tokens": 100, "output_tokens": 20}
        self._model = ScriptedChat.of(Script.model_validate({"replies": [reply]}), pace=1.0)

    def default(self) -> str:
        return "scripted:script"

    def secret_values(self) -> list[str]:
        return []

    def chat_model(self, reference: str, **settings: Any) -> Any:
        self.calls += 1
        return self._model


def document(changed: int | None = None) -> Document:
    """A chain of prompts; the one at ``changed`` is worded otherwise."""
    ids = [f"p{number}" for number in range(NODES)]
    path = ["start", *ids, "finish"]
    nodes: dict[str, Any] = {id: {"kind": "prompt", "config": {"prompt": f"Step {id}: {{{{text}}}}"}} for id in ids}
    if changed is not None:
        nodes[ids[changed]]["config"]["prompt"] += " Be brief."
    between = [f"{a}.answer -> {b}.text" for a, b in pairwise(ids)]
    data = ["start.text -> p0.text", *between, "p19.answer -> finish.answer"]
    return Document.model_validate({
        "inputs": {"text": {}}, "outputs": {"answer": {}},
        "nodes": {"start": {"kind": "start"}, "finish": {"kind": "finish"}, **nodes},
        "edges": {"flow": [f"{a} -> {b}" for a, b in pairwise(path)], "data": data},
    })  # fmt: skip


class Bench:
    """A runner over a home of its own."""

    def __init__(self, folder: Path) -> None:
        database = Database(folder / "nodeloom.db")
        self.models = CountingModels()
        self.writer = SpanWriter(database)
        self.visits = Visits(database)
        services: Any = SimpleNamespace(now=time.time)
        self.runner = Runner(
            runs=Runs(database), versions=Workflows(database), spans=self.writer, kinds=KINDS,
            providers=Providers(self.models, lambda run_id: services), checkpoints=folder / "checkpoints.db",
            trace=self._recorded,
        )  # fmt: skip

    def _recorded(self, run_id: str) -> list[Any]:
        self.writer.flush()
        return list(self.visits.of(run_id))

    def run(self, made: Document, origin: Origin = NO_ORIGIN) -> tuple[RunRow, int, float]:
        """The run, its model calls, its seconds."""
        calls, began = self.models.calls, time.monotonic()
        row: Any = self.runner.wait_here(self.runner.start(made, {"text": "begin"}, origin=origin))
        assert row.status == "done", row.error
        return row, self.models.calls - calls, time.monotonic() - began


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    print("| changed | model calls | tokens | seconds | nodes run |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        first, calls, seconds = bench.run(document())
        _tell("whole run", first, calls, seconds)
        keep = Origin(first.id, None, {"keep": "unchanged"})
        for name, place in (("nothing", None), ("the last", 19), ("the tenth, to the same answer", 9)):
            _tell(name, *bench.run(document(place), keep))
        bench.runner.close()
        bench.writer.close()


def _tell(name: str, row: RunRow, calls: int, seconds: float) -> None:
    print(f"| {name} | {calls} | {row.input_tokens + row.output_tokens} | {seconds:.2f} | {row.steps - row.kept} |")


if __name__ == "__main__":
    main()
