"""The tables of ``benchmarks.headlines``: counts, cost, and task by task who won."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean, median
from typing import Any

from benchmarks.headlines.measuring import key_of
from benchmarks.headlines.question import Question
from benchmarks.library_report import sign_test

HEAD = """\
| | solved | ended early | tokens in / out, mean | model calls, mean | seconds, median (mean) |
|---|---|---|---|---|---|"""
PAIRED = """\
| against {base} | both | only {base} | only this | neither | chance of such a split |
|---|---|---|---|---|---|"""
Rows = Mapping[str, Mapping[str, Any]]


def write_report(questions: Sequence[Question], rows: Sequence[Mapping[str, Any]], path: Path | None) -> str:
    """The tables as Markdown; put between each question's marks in ``path`` too, where it is given."""
    tables = {question.name: table(question, rows) for question in questions}
    if path is not None:
        text = path.read_text(encoding="utf-8")
        for name, each in tables.items():
            text = _between(text, f"<!-- {name}: begin -->", f"<!-- {name}: end -->", each)
        path.write_text(text, encoding="utf-8")
    return "\n\n".join(f"## {question.title}\n\n{tables[question.name]}" for question in questions)


def _between(text: str, begin: str, end: str, table: str) -> str:
    before, _, rest = text.partition(begin)
    return f"{before}{begin}\n\n{table}\n\n{end}{rest.partition(end)[2]}"


def table(question: Question, rows: Sequence[Mapping[str, Any]]) -> str:
    """A table for each model, over the tasks that all sides have been through."""
    mine = [row for row in rows if row["question"] == question.name]
    models = list(dict.fromkeys(row["model"] for row in mine))
    parts = [_of_model(question, model, [row for row in mine if row["model"] == model]) for model in models]
    return "\n\n".join(parts) or "Nothing is measured yet."


def _of_model(question: Question, model: str, rows: Sequence[Mapping[str, Any]]) -> str:
    by = _current(question, model, rows)
    shared = [task.id for task in question.tasks if all(task.id in each for each in by.values())]
    if not shared:
        return f"{model}: no task is through all sides yet."
    budget = next(iter(by.values()))[shared[0]]["budget"]
    said = f"budget {budget:,} tokens a task" if budget else "no budget of tokens"
    lines = [f"{model}, n = {len(shared)} tasks, {said}.", "", HEAD]
    lines += [_cost(name, [each[id] for id in shared]) for name, each in by.items()]
    if question.bound:
        return "\n".join([*lines, "", *_times(question, by, shared)])
    if any(task.group for task in question.tasks):
        lines += ["", *_groups(question, by, shared)]
    base, *others = by
    lines += ["", PAIRED.format(base=base), *(_paired(name, by[base], by[name], shared) for name in others)]
    return "\n".join(lines)


def _current(
    question: Question, model: str, rows: Sequence[Mapping[str, Any]]
) -> dict[str, dict[str, Mapping[str, Any]]]:
    """Side -> task -> row, of the workflows, tasks and budgets as they are now."""
    keys = {key_of(question, task, name, model): (name, task.id) for task in question.tasks for name in question.sides}
    by: dict[str, dict[str, Mapping[str, Any]]] = {name: {} for name in question.sides}
    for row in rows:
        if row["key"] in keys:
            name, task = keys[row["key"]]
            by[name][task] = row
    return by


def _groups(question: Question, by: Mapping[str, Rows], shared: Sequence[str]) -> list[str]:
    """Solved by the sort of task."""
    groups = dict.fromkeys(task.group for task in question.tasks)
    lines = [f"| solved where | {' | '.join(by)} |", "|---" * (len(by) + 1) + "|"]
    for group in groups:
        ids = [task.id for task in question.tasks if task.group == group and task.id in shared]
        counts = [f"{sum(bool(rows[id]['solved']) for id in ids)} of {len(ids)}" for rows in by.values()]
        lines.append(f"| {group} | {' | '.join(counts)} |")
    return lines


def _times(question: Question, by: Mapping[str, Rows], shared: Sequence[str]) -> list[str]:
    """Wall time task by task."""
    lines = [f"| seconds | {' | '.join(by)} | no schedule is faster than |", "|---" * (len(by) + 2) + "|"]
    for id in shared:
        seconds = " | ".join(f"{rows[id]['seconds']:.2f}" for rows in by.values())
        lines.append(f"| {id} | {seconds} | {question.bound[id]:.2f} |")
    return lines


def _cost(name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    def of(key: str) -> list[float]:
        return [row[key] for row in rows]

    limit = sum(row["status"] == "limit" for row in rows)
    failed = sum(row["status"] not in ("done", "limit") for row in rows)
    early = f"{limit} at the budget, {failed} failed" if failed else f"{limit} at the budget" if limit else "0"
    return (
        f"| {name} | {sum(of('solved'))} of {len(rows)} | {early} "
        f"| {mean(of('input_tokens')):,.0f} / {mean(of('output_tokens')):,.0f} | {mean(of('calls')):.1f} "
        f"| {median(of('seconds')):.1f} ({mean(of('seconds')):.1f}) |"
    )


def _paired(name: str, base: Rows, other: Rows, shared: Sequence[str]) -> str:
    pairs = [(bool(base[id]["solved"]), bool(other[id]["solved"])) for id in shared]
    lost, won = pairs.count((True, False)), pairs.count((False, True))
    counts = f"{pairs.count((True, True))} | {lost} | {won} | {pairs.count((False, False))}"
    return f"| {name} | {counts} | {sign_test(lost, won):.2f} |"
