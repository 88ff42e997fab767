"""A small run, written as the engine writes one."""

import json
from typing import Any

from store.database import Database
from store.runs import Runs
from store.spans import SpanWriter

START = 1_700_000_000.0


def new_run(database: Database, title: str = "Maths tutor", **more: Any) -> str:
    """The id of a run."""
    return Runs(database).create(title=title, version_hash="h", inputs={}, **more).id


def span(run: str, id: str, parent: str | None, begins: float, ends: float | None, **more: Any) -> dict[str, Any]:
    """A span of a node, in seconds from the run's start."""
    return {
        "id": id, "run_id": run, "parent_id": parent, "operation": "invoke_node", "name": id.title(), "node_id": id,
        "kind": "prompt", "visit": 1, "started_at": START + begins, "ended_at": None if ends is None else START + ends,
        "status": "running" if ends is None else "ok", "outcome": None if ends is None else "done", **more,
    }  # fmt: skip


def chat(run: str, id: str, parent: str, begins: float, ends: float, said: str, **more: Any) -> dict[str, Any]:
    """A model call of 10 tokens in, 2 out and one cent, unless said otherwise."""
    given: dict[str, Any] = {
        "operation": "chat", "name": "scripted", "node_id": None, "kind": None, "visit": None, "outcome": None,
        "input": [{"role": "user", "content": said}], "output": {"role": "assistant", "content": "ok"},
        "input_tokens": 10, "output_tokens": 2, "usd": 0.01, "request_model": "scripted:x",
    }  # fmt: skip
    return span(run, id, parent, begins, ends, **{**given, **more})


def root(run: str, ends: float | None, id: str = "root") -> dict[str, Any]:
    """The run's own span."""
    return span(run, id, None, 0, ends, operation="invoke_workflow", node_id=None, kind=None, visit=None, outcome=None)


def tutor(run: str) -> list[dict[str, Any]]:
    """Plan, solve, critique (revise), solve again; the spans arrive children first, as they end."""
    return [
        span(run, "plan", "root", 0, 2),
        chat(run, "c-plan", "plan", 0.1, 1.9, "Plan how Josh flips a house"),
        chat(run, "c-solve", "solve", 2.1, 4.9, "Solve: Josh buys a HOUSE for 80,000"),
        span(run, "tool", "solve", 4.2, 4.3, operation="execute_tool", name="calculator", node_id=None, kind=None,
             input={"expression": "80000 * 1.5"}, output="120000", visit=None, outcome=None),
        span(run, "solve", "root", 2, 5),
        span(run, "critique", "root", 5, 6, outcome="revise"),
        span(run, "again", "root", 6, 10, node_id="solve", visit=2, name="Solve"),
        chat(run, "c-again", "again", 6.1, 9.9, "Solve again, café and all", usd=None),
        root(run, 10),
    ]  # fmt: skip


def write(database: Database, *spans: dict[str, Any]) -> None:
    """Write the spans, in this order."""
    writer = SpanWriter(database)
    for each in spans:
        writer.put(json.loads(json.dumps(each)))
    writer.flush()
    writer.close()
