"""Runs tasks through the sides of questions, and keeps what came of it: nothing is measured twice."""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from benchmarks.gsm8k import rows_of
from benchmarks.headlines.question import Ended, Question, Task, ToolCall
from graphs.document import Document, content_hash

MODEL = "builtin:qwen2.5-coder-1.5b"


def schedule(questions: Sequence[Question], count: int | None) -> Iterator[tuple[Question, Task, str]]:
    """Task by task, the questions in turn; each task through all sides, which take turns in going first."""
    turns = zip_longest(*([(question, task) for task in question.tasks[:count]] for question in questions))
    for turn, each in enumerate(turns):
        for question, task in filter(None, each):
            names = list(question.sides)
            start = turn % len(names)
            yield from ((question, task, name) for name in names[start:] + names[:start])


def key_of(question: Question, task: Task, name: str, model: str) -> str:
    """Stands for what is measured: another workflow, budget, task or model is another key."""
    parts = [question.name, task.id, dict(task.inputs), name, model, content_hash(question.sides[name])]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def measure(workspace: Any, questions: Sequence[Question], count: int | None, model: str, out: Path) -> None:
    """Run what is not in ``out`` yet, and append each result at once."""
    out.parent.mkdir(parents=True, exist_ok=True)
    done = {row["key"] for row in rows_of(out)}
    for question in questions:
        question.prepare(workspace)
        if question.script is not None:
            workspace.models.add_script(question.script)
    for question, task, name in schedule(questions, count):
        used = f"scripted:{question.script.name}" if question.script else model
        key = key_of(question, task, name, used)
        if key in done:
            continue
        document = question.sides[name]
        head = {"question": question.name, "task": task.id, "side": name, "model": used, "key": key}
        row = {
            **head,
            "budget": document.limits.tokens,
            "at": round(time.time()),
            **run(workspace, document, task, used),
        }
        with out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        said = "solved" if row["solved"] else f"not solved ({row['status']}: {row['found'][:80]})"
        print(f"{time.strftime('%H:%M:%S')} {question.name} {task.id} {name}: {said}, {row['seconds']} s", flush=True)


def run(workspace: Any, document: Document, task: Task, model: str) -> dict[str, Any]:
    """One run to its end, and what it took."""
    runner = workspace.engine.runner
    run_id = runner.start(document, dict(task.inputs), model=model)
    row = runner.wait_here(run_id)
    workspace.engine.flush()
    spans = workspace.spans.list(run_id, 0, 2_000)
    solved, found = task.check(Ended(row.outputs or {}, _tool_calls(workspace, spans)))
    return {
        "solved": solved, "found": found[:300], "status": row.status, "error": (row.error or {}).get("what"),
        "seconds": round(row.seconds, 2), "input_tokens": row.input_tokens, "output_tokens": row.output_tokens,
        "calls": sum(span.operation == "chat" for span in spans),
        "tools": sum(span.operation == "execute_tool" for span in spans), "run": row.number,
    }  # fmt: skip


def _tool_calls(workspace: Any, spans: Sequence[Any]) -> list[ToolCall]:
    calls = [workspace.spans.get(span.id) for span in spans if span.operation == "execute_tool"]
    return [
        ToolCall(each.name, _record(each.input), str(each.output)) for each in sorted(calls, key=lambda c: c.started_at)
    ]


def _record(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
