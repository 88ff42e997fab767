"""Which mechanism helps? Five workflows side by side on GSM8K and HumanEval, on one model.

    uv run python -m benchmarks.library [--only gsm8k|humaneval] [--workflow NAME] [--limit N]
    uv run python -m benchmarks.library --report

The workflows are the documents in ``benchmarks/workflows/<task>/``, run by the engine as in the
application. Every item goes through all workflows before the next begins, so that a noisy machine slows
all alike, and the tasks take turns. Each result is appended to ``--out`` as it comes; what stands there is
not run again, so a stopped measurement goes on where it was. ``--report`` writes the tables into
``docs/library.md``.
"""

import argparse
import ast
import asyncio
import json
import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from benchmarks.gsm8k import number_in, rows_of
from benchmarks.library_report import write_report
from graphs.document import Document
from graphs.yaml_format import parse
from nodes.snippet_text import code_in
from nodes.snippets import run_snippet

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "library.jsonl"
DOCS = HERE.parent / "docs" / "library.md"
ITEMS = {"gsm8k": 20, "humaneval": 10}
"""How many of each task's development set are measured, drawn once with this seed:"""
SEED = 20_261_121
WORKFLOWS = ("single_prompt", "self_consistency", "critique_refine", "code_act", "debate")
CHECK_SECONDS = 20
CHECK_MEMORY_MB = 256


@dataclass(frozen=True)
class Item:
    """One item of a task. ``row``: its line of the data set."""

    task: str
    id: str
    question: str
    row: dict[str, Any]


def items(task: str, limit: int | None = None) -> list[Item]:
    """The fixed sample of a task, in the order it was drawn; the first ``limit`` of it."""
    lines = (HERE / "data" / task / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    drawn = random.Random(f"{SEED}-{task}").sample(range(len(lines)), ITEMS[task])[:limit]
    return [_item(task, index, json.loads(lines[index])) for index in drawn]


def _item(task: str, index: int, row: dict[str, Any]) -> Item:
    if task == "gsm8k":
        return Item(task, str(index), row["question"], row)
    return Item(task, row["task_id"], f"Complete this Python function:\n\n```python\n{row['prompt']}```", row)


def check(item: Item, answer: Any) -> tuple[bool, str]:
    """Whether the answer is right, and what was found in it (or why it is not right)."""
    if not isinstance(answer, str):
        return False, "no answer"
    return _check_number(item, answer) if item.task == "gsm8k" else asyncio.run(_check_program(item, answer))


def _check_number(item: Item, answer: str) -> tuple[bool, str]:
    right = float(item.row["answer"].split("####")[1].replace(",", ""))
    found = number_in(answer)
    return found is not None and abs(found - right) < 1e-6, f"{found} for {right:g}"


async def _check_program(item: Item, answer: str) -> tuple[bool, str]:
    """The data set's own test, in Monty: a process without files and network, with limits."""
    entry, prompt = item.row["entry_point"], item.row["prompt"]
    code = _definitions(code_in(answer) or answer)
    # The prompt ends in a docstring, so that it stands by itself: its imports and helpers count either way.
    whole = f"{prompt}\n{code}" if re.search(rf"^def {entry}\b", code, re.MULTILINE) else f"{prompt}{code}"
    program = f"{whole}\n{item.row['test']}\ncheck({entry})\n'passed'"
    result = await run_snippet(program, seconds=CHECK_SECONDS, memory_mb=CHECK_MEMORY_MB)
    return result.ok, "passed" if result.ok else result.error.strip()[:300]


def _definitions(code: str) -> str:
    """Imports, functions, classes and assignments: what a model adds to try its function is no part of it."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError):
        return code
    kept = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)
    tree.body = [statement for statement in tree.body if isinstance(statement, kept)]
    return ast.unparse(tree) or code


def workflow(task: str, name: str) -> Document:
    """The document of a workflow. Raises FileNotFoundError where the task has none of the name."""
    return parse((HERE / "workflows" / task / f"{name}.yaml").read_text(encoding="utf-8"))


def schedule(tasks: list[str], names: list[str], limit: int | None) -> Iterator[tuple[Item, str]]:
    """Item by item, the tasks in turn, each item through every workflow."""
    for turn in zip_longest(*(items(task, limit) for task in tasks)):
        for item in turn:
            if item is not None:
                yield from ((item, name) for name in names)


def run_one(workspace: Any, document: Document, item: Item, model: str) -> dict[str, Any]:
    """One run to its end, with what it took."""
    runner = workspace.engine.runner
    run_id = runner.start(document, {"question": item.question}, model=model)
    row = runner.wait_here(run_id)
    workspace.engine.flush()
    spans = workspace.spans.list(run_id, 0, 1_000)
    answer = (row.outputs or {}).get("answer")
    correct, found = check(item, answer)
    return {
        "correct": correct, "found": found, "run": row.number, "status": row.status, "error": row.error,
        "seconds": round(row.seconds, 1), "input_tokens": row.input_tokens, "output_tokens": row.output_tokens,
        "calls": sum(span.operation == "chat" for span in spans),
        "tools": sum(span.operation == "execute_tool" for span in spans), "answer": answer,
    }  # fmt: skip


def measure(workspace: Any, tasks: list[str], names: list[str], limit: int | None, model: str, out: Path) -> None:
    """Run what is not in ``out`` yet, and append each result at once."""
    out.parent.mkdir(parents=True, exist_ok=True)
    done = {(row["task"], row["id"], row["workflow"], row["model"]) for row in rows_of(out)}
    usable = _usable(workspace, tasks, names, model)
    for item, name in schedule(tasks, names, limit):
        if (item.task, item.id, name, model) in done or (item.task, name) not in usable:
            continue
        result = run_one(workspace, usable[item.task, name], item, model)
        row = {"task": item.task, "id": item.id, "workflow": name, "model": model, "at": round(time.time()), **result}
        with out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        said = "right" if row["correct"] else f"wrong ({row['status']}: {row['found'][:80]})"
        print(f"{time.strftime('%H:%M:%S')} {item.task} {item.id} {name}: {said}, {row['seconds']} s", flush=True)


def _usable(workspace: Any, tasks: list[str], names: list[str], model: str) -> dict[tuple[str, str], Document]:
    """The documents that can run here; for the others it prints why not."""
    documents = {(task, name): workflow(task, name) for task in tasks for name in names}
    for (task, name), document in list(documents.items()):
        errors = [each for each in workspace.diagnose(document, model=model) if each.severity == "error"]
        if errors:
            print(f"{task} {name} cannot run here: {errors[0].message}. {errors[0].remedy}", flush=True)
            del documents[task, name]
    return documents


def main() -> None:
    """The command line."""
    arguments = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    arguments.add_argument("--only", choices=sorted(ITEMS), help="one task")
    arguments.add_argument("--workflow", choices=WORKFLOWS, help="one workflow")
    arguments.add_argument("--limit", type=int, help="the first so many items of each task")
    arguments.add_argument("--model", default="builtin:qwen2.5-coder-1.5b")
    arguments.add_argument("--out", type=Path, default=RESULTS)
    arguments.add_argument("--report", action="store_true", help="only write the tables into docs/library.md")
    chosen = arguments.parse_args()
    if not chosen.report:
        from ui.workspace import workspace  # opens the home folder: the report needs none

        opened = workspace()
        try:
            tasks = [chosen.only] if chosen.only else sorted(ITEMS)
            names = [chosen.workflow] if chosen.workflow else list(WORKFLOWS)
            measure(opened, tasks, names, chosen.limit, chosen.model, chosen.out)
        finally:
            opened.close()
    print(write_report(rows_of(chosen.out), DOCS if chosen.report else None))


if __name__ == "__main__":
    main()
