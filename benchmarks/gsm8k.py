"""Does the first workflow help? GSM8K problems through it and, beside it, through a single prompt.

    uv run python -m benchmarks.gsm8k --count 30 [--model builtin:qwen2.5-coder-1.5b] [--out FILE.jsonl]

Both run in one process on one model server, problem by problem in turn, so that a noisy machine slows
both alike. Every result is appended to ``--out`` as it comes, and problems already in it are not run
again; the table is printed at the end, and by ``--report`` from the file alone.

Memory starts empty: each problem's solution is remembered, so later problems recall earlier ones.
"""

import argparse
import json
import re
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path
from statistics import mean, median
from typing import Any

from graphs.document import Document
from graphs.yaml_format import parse
from templates import catalogue

DATA = Path(__file__).parent / "data" / "gsm8k" / "dev.jsonl"
RESULTS = Path(__file__).parent / "results" / "gsm8k.jsonl"
SINGLE = """
nodeloom: 1
title: Single prompt
inputs: {problem: {}}
outputs: {answer: {type: text}}
limits: {seconds: 600}
nodes:
  start: {kind: start}
  solve:
    kind: prompt
    config:
      prompt: |-
        Solve the problem step by step.

        Problem: {{problem}}

        End with one line: Answer: <number>
  finish: {kind: finish}
edges:
  flow: [start -> solve, solve -> finish]
  data: [start.problem -> solve.problem, solve.answer -> finish.answer]
"""
_NUMBER = re.compile(r"-?\$?\d[\d,]*(?:\.\d+)?")


def number_in(text: str) -> float | None:
    """The number after the last ``Answer:``, else the last number of the text."""
    tail = text.rsplit("Answer:", 1)[-1] if "Answer:" in text else text
    found = _NUMBER.findall(tail) if "Answer:" not in text else _NUMBER.findall(tail)[:1] or _NUMBER.findall(text)
    return float(found[-1].replace(",", "").replace("$", "")) if found else None


def problems(count: int) -> list[tuple[int, str, float]]:
    """The first ``count`` problems: index, text, right answer."""
    lines = DATA.read_text(encoding="utf-8").splitlines()[:count]
    rows = [json.loads(line) for line in lines]
    return [(i, row["question"], float(row["answer"].split("####")[1].replace(",", ""))) for i, row in enumerate(rows)]


def workflows() -> dict[str, Document]:
    """Name -> what is compared."""
    return {"single prompt": parse(SINGLE), "first workflow": catalogue.load(catalogue.FIRST).document}


def run_one(workspace: Any, document: Document, problem: str, model: str) -> dict[str, Any]:
    """One run to its end, with what its trace says of the drafts, the verdicts and the tools."""
    runner = workspace.engine.runner
    run_id = runner.start(document, {"problem": problem}, model=model)
    row = runner.wait_here(run_id)
    workspace.engine.flush()
    spans = [workspace.spans.get(each.id) for each in workspace.spans.list(run_id, 0, 500)]
    return {
        "run": row.number, "status": row.status, "seconds": round(row.seconds, 1),
        "input_tokens": row.input_tokens, "output_tokens": row.output_tokens,
        "answer": (row.outputs or {}).get("answer"), "error": row.error,
        "drafts": _outputs(spans, "agent", "answer"),
        "verdicts": _outputs(spans, "reflection.critique", "verdict"),
        "tools": sum(span.operation == "execute_tool" for span in spans),
        "chats": sum(span.operation == "chat" for span in spans),
    }  # fmt: skip


def _outputs(spans: list[Any], kind: str, port: str) -> list[Any]:
    """What each visit of the nodes of a kind put out, in order."""
    visits = [span for span in spans if span.kind == kind and span.operation == "invoke_node" and span.output]
    return [span.output.get(port) for span in sorted(visits, key=lambda span: span.started_at)]


def measure(count: int, model: str, out: Path) -> None:
    """Run what is not in ``out`` yet."""
    from ui.workspace import workspace

    out.parent.mkdir(parents=True, exist_ok=True)
    done = {(row["index"], row["workflow"]) for row in rows_of(out)}
    opened = workspace()
    try:
        for index, problem, right in problems(count):
            for name, document in workflows().items():
                if (index, name) in done:
                    continue
                result = run_one(opened, document, problem, model)
                found = number_in(result["answer"]) if isinstance(result["answer"], str) else None
                row = {
                    "index": index, "workflow": name, "model": model, "right": right, "found": found,
                    "correct": found is not None and abs(found - right) < 1e-6, "at": round(time.time()), **result,
                }  # fmt: skip
                with out.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
                said = "right" if row["correct"] else f"wrong ({found} for {right})"
                print(index, name, said, f"{row['seconds']} s", flush=True)
    finally:
        opened.close()


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


HEAD = """\
| workflow | right | failed runs | tokens in / out, mean | model calls, mean | seconds, median (mean) |
|---|---|---|---|---|---|"""
Rows = dict[int, dict[str, Any]]


def report(rows: list[dict[str, Any]]) -> str:
    """The comparison as Markdown, over the problems that both have run."""
    by: dict[str, Rows] = {}
    for row in rows:
        by.setdefault(row["workflow"], {})[row["index"]] = row
    shared = sorted(set.intersection(*(set(each) for each in by.values()))) if by else []
    lines = [HEAD, *(_line(name, [each[i] for i in shared]) for name, each in by.items())]
    if set(by) == set(workflows()):
        lines += ["", *_differences(by["single prompt"], by["first workflow"], shared)]
    return "\n".join(lines)


def _line(name: str, rows: list[dict[str, Any]]) -> str:
    def of(key: str) -> list[float]:
        return [row[key] for row in rows]

    return (
        f"| {name} | {sum(of('correct'))} of {len(rows)} | {sum(row['status'] != 'done' for row in rows)} "
        f"| {mean(of('input_tokens')):,.0f} / {mean(of('output_tokens')):,.0f} | {mean(of('chats')):.1f} "
        f"| {median(of('seconds')):.1f} ({mean(of('seconds')):.1f}) |"
    )


def _differences(single: Rows, first: Rows, shared: list[int]) -> list[str]:
    """Where the two disagree, and what critique and revision did."""
    pairs = Counter((single[i]["correct"], first[i]["correct"]) for i in shared)
    changed: Counter[str] = Counter()
    judged: Counter[str] = Counter()
    drafts_right = 0
    for i in shared:
        good = [isinstance(draft, str) and number_in(draft) == first[i]["right"] for draft in first[i]["drafts"]]
        drafts_right += bool(good and good[0])
        for was_right, verdict in zip(good, first[i]["verdicts"], strict=False):
            judged[f"{verdict} a {'right' if was_right else 'wrong'} draft"] += 1
        for before, after in pairwise(good):
            changed[f"{'right' if before else 'wrong'} to {'right' if after else 'wrong'}"] += 1
    return [
        f"Both right {pairs[True, True]}, only the single prompt {pairs[True, False]}, "
        f"only the workflow {pairs[False, True]}, neither {pairs[False, False]}.",
        f"First drafts right: {drafts_right} of {len(shared)}; tool calls {sum(first[i]['tools'] for i in shared)}.",
        f"Critique: {dict(judged)}.",
        f"What a revision made of a draft: {dict(changed)}.",
    ]


def main() -> None:
    arguments = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    arguments.add_argument("--count", type=int, default=30)
    arguments.add_argument("--model", default="builtin:qwen2.5-coder-1.5b")
    arguments.add_argument("--out", type=Path, default=RESULTS)
    arguments.add_argument("--report", action="store_true", help="only print the table of --out")
    chosen = arguments.parse_args()
    if not chosen.report:
        measure(chosen.count, chosen.model, chosen.out)
    print(report(rows_of(chosen.out)))


if __name__ == "__main__":
    main()
