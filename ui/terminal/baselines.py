"""``nodeloom baselines``: a workflow beside a single prompt and a lean agent, on its examples."""

import json as reader
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from graphs.document import content_hash
from templates import catalogue
from ui.refusal import Refusal
from ui.terminal import show
from ui.terminal.files import read_document
from ui.terminal.opened import open_workspace

EXAMPLES = 'A file with one {"inputs": {...}, "expected": {...}} a line; else examples.jsonl beside the workflow.'


def baselines(
    workflow: Annotated[Path, typer.Argument(help="The name of a template, or a workflow file.", show_default=False)],
    model: Annotated[str | None, typer.Option(help="provider:model in place of the default.")] = None,
    examples: Annotated[Path | None, typer.Option(help=EXAMPLES, show_default=False)] = None,
    count: Annotated[int | None, typer.Option(min=1, help="Only the first so many examples.")] = None,
    kept: Annotated[bool, typer.Option("--kept", help="Run nothing: show what was measured last.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object when it has ended.")] = False,
) -> None:
    """Compare a workflow with a single prompt and a lean agent: same model, same limits, same examples.

    Exit code 0: all runs were made; 1: some were not; 2: bad input.
    """
    # The engine takes two seconds to import: --help needs none of it.
    from ui import baselines as comparing

    subject = _subject(workflow, examples)
    workspace = open_workspace()
    try:
        if kept:
            result = next(iter(comparing.kept(workspace, subject)), None)
            if result is None:
                raise Refusal(f"{subject.document.title!r} was not compared yet.", mend="Leave --kept out.")
        else:
            result = comparing.Comparison(workspace, subject, model=model, count=count).run(_tell)
    finally:
        workspace.close()
    if json:
        show.as_json(result)
    else:
        report(result)
    if result["error"]:
        show.failure(result["error"])
    raise typer.Exit(0 if result["status"] == "done" else 1)


def _subject(workflow: Path, examples: Path | None) -> Any:
    from ui.baselines import Subject, of_template  # as above

    if str(workflow) in catalogue.slugs() and not workflow.exists():
        subject = of_template(str(workflow))
        return subject if examples is None else Subject("template", subject.id, subject.document, _read(examples))
    document = read_document(workflow)
    beside = workflow.parent / "examples.jsonl"
    return Subject("file", content_hash(document)[:16], document, _read(examples or beside))


def _read(path: Path) -> list[dict[str, Any]]:
    """The examples in a file. Raises Refusal, which names the line that is none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise Refusal(
            f"Cannot read the examples in {str(path)!r}: {reason}.", mend="Name a file by --examples."
        ) from None
    return [_example(line, f"{path}, line {at}") for at, line in enumerate(lines, start=1) if line.strip()]


def _example(line: str, where: str) -> dict[str, Any]:
    try:
        read = reader.loads(line)
    except ValueError:
        read = None
    known = {"inputs", "expected"}
    if not isinstance(read, dict) or set(read) - known or not all(isinstance(part, dict) for part in read.values()):
        raise Refusal(f"{line[:80]!r} is no example.", where=where, mend='Write {"inputs": {...}, "expected": {...}}.')
    return {"inputs": read.get("inputs", {}), "expected": read.get("expected", {})}


def _tell(name: str, at: int, run: dict[str, Any]) -> None:
    """A line for each run that has ended."""
    show.note(f"{run['number']} example {at + 1}, {name}: {run['status']}, {show.seconds(run['seconds'])}")


def report(result: dict[str, Any]) -> None:
    """The table, and what is amiss where something is."""
    budget = result["budget"]["tokens"]
    limit = f"at most {budget:,} tokens a run" if budget else "no limit of tokens"
    show.note(f"{result['title']} on {result['model']}, {limit}; {result['status']}.")
    table = Table("", "solved", "tokens in / out", "cost", "seconds", "calls", "tools used", box=None, pad_edge=False)
    for side in result["sides"]:
        sums = side["totals"]
        ran = sums["of"] - sums["counts"]["not run"] - sums["counts"]["running"]
        spent = f"{sums['input_tokens']:,} / {sums['output_tokens']:,}" if ran else "not run"
        cost = show.dollars(sums["usd"]) or "not known"
        figures = (cost, f"{sums['seconds']:.1f}", str(sums["calls"]), str(sums["tools"]))
        table.add_row(side["name"], counted(sums), spent, *(figures if ran else ("",) * 4))
    show.drawn(table)
    for side in result["sides"]:
        for at, run in enumerate(side["runs"], start=1):
            for line in run["missed"]:
                show.note(f"{side['name']}, example {at}, {run['number']}: {line}")


def counted(sums: dict[str, Any]) -> str:
    """``2 of 3, 1 failed``: what did not run, or could not be checked, is never counted as wrong."""
    counts = sums["counts"]
    told = sum(counts[name] for name in ("solved", "missed", "failed", "limit"))
    words = {"failed": "failed", "limit": "at the limit", "person": "asks a person", "unchecked": "not comparable",
             "stopped": "stopped", "not run": "not run", "running": "running"}  # fmt: skip
    more = [f"{counts[name]} {said}" for name, said in words.items() if counts[name]]
    return ", ".join([*([f"{counts['solved']} of {told}"] if told else []), *more])
