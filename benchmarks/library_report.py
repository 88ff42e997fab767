"""The tables of ``benchmarks.library``: right answers with counts, their cost, and the differences."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean, median
from typing import Any

BASE = "single_prompt"
BEGIN, END = "<!-- tables: begin -->", "<!-- tables: end -->"
HEAD = """\
| workflow | right | failed runs | tokens in / out, mean | model calls, mean | seconds, median (mean) |
|---|---|---|---|---|---|"""
DIFFERENCES = """\
| against the single prompt | both right | only the single prompt | only this | neither | chance of such a split |
|---|---|---|---|---|---|"""
Rows = Mapping[str, Mapping[str, Any]]


def write_report(rows: Sequence[Mapping[str, Any]], path: Path | None) -> str:
    """The tables as Markdown; put between the marks of ``path`` too, where it is given."""
    tables = report(rows)
    if path is not None:
        text = path.read_text(encoding="utf-8")
        before, _, rest = text.partition(BEGIN)
        after = rest.partition(END)[2]
        path.write_text(f"{before}{BEGIN}\n\n{tables}\n\n{END}{after}", encoding="utf-8")
    return tables


def report(rows: Sequence[Mapping[str, Any]]) -> str:
    """For each model and task its tables, over the items that every workflow measured there has run."""
    places = sorted({(row["model"], row["task"]) for row in rows})
    parts = [_task(model, task, [row for row in rows if (row["model"], row["task"]) == (model, task)])
             for model, task in places]  # fmt: skip
    return "\n\n".join(parts) or "Nothing is measured yet."


def _task(model: str, task: str, rows: Sequence[Mapping[str, Any]]) -> str:
    by: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in rows:
        by.setdefault(row["workflow"], {})[row["id"]] = row
    shared = sorted(set.intersection(*(set(each) for each in by.values())))
    left = len({row["id"] for row in rows}) - len(shared)
    note = f" ({left} more are not through all workflows yet)" if left else ""
    lines = [f"### {task}, {model}: {len(shared)} items{note}", ""]
    if not shared:
        return "\n".join([*lines, "No item is through all workflows yet."])
    lines += [HEAD, *(_cost(name, [each[id] for id in shared]) for name, each in by.items())]
    others = {name: each for name, each in by.items() if name != BASE}
    if BASE in by and others:
        lines += ["", DIFFERENCES, *(_difference(name, by[BASE], each, shared) for name, each in others.items())]
    return "\n".join(lines)


def _cost(name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    def of(key: str) -> list[float]:
        return [row[key] for row in rows]

    return (
        f"| {_said(name)} | {sum(of('correct'))} of {len(rows)} | {sum(row['status'] != 'done' for row in rows)} "
        f"| {mean(of('input_tokens')):,.0f} / {mean(of('output_tokens')):,.0f} | {mean(of('calls')):.1f} "
        f"| {median(of('seconds')):.1f} ({mean(of('seconds')):.1f}) |"
    )


def _difference(name: str, base: Rows, other: Rows, shared: Sequence[str]) -> str:
    pairs = [(bool(base[id]["correct"]), bool(other[id]["correct"])) for id in shared]
    lost, won = pairs.count((True, False)), pairs.count((False, True))
    counts = f"{pairs.count((True, True))} | {lost} | {won} | {pairs.count((False, False))}"
    return f"| {_said(name)} | {counts} | {sign_test(lost, won):.2f} |"


def sign_test(lost: int, won: int) -> float:
    """Two-sided exact sign test: how likely a split at least so uneven is where neither is better; 1 for none."""
    n, least = lost + won, min(lost, won)
    return min(1.0, 2 * sum(math.comb(n, k) for k in range(least + 1)) / 2**n)


def _said(name: str) -> str:
    return name.replace("_", " ")
