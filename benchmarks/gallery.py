"""Does every template run on a real model? Each template's first example, run once to its end.

    uv run python -m benchmarks.gallery [SLUG ...] [--model builtin:qwen2.5-coder-1.5b] [--seconds 600]
    uv run python -m benchmarks.gallery --report
    uv run python -m benchmarks.gallery --sample 2      # those of today, nothing kept; 1 where one fails

Each run has a home of its own, so nothing is recalled that another left behind; people answer as the template's
script says. A result is appended to ``--out`` as it comes, and a template that ran to its end with the same
workflow is not run again: the record grows over several sittings. ``--report`` writes the table of
``docs/gallery-runs.md``, and what the templates' READMEs say of it, from the file alone.
"""

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from benchmarks.fares import brought_up
from benchmarks.gsm8k import rows_of
from graphs.document import content_hash
from nodes.contract import NodeError
from templates import catalogue
from templates.checks import misses

RESULTS: Final = Path(__file__).parent / "results" / "gallery.jsonl"
PAGE: Final = Path(__file__).parent.parent / "docs" / "gallery-runs.md"
MODEL: Final = "builtin:qwen2.5-coder-1.5b"
ENDED: Final = {"done": "ran to its end", "limit": "reached a limit", "failed": "failed", "waiting": "waits"}


def key_of(slug: str, model: str) -> tuple[str, str, str]:
    """What makes two results the same measurement."""
    return slug, model, content_hash(catalogue.load(slug).document)


def measure(slugs: list[str], model: str, seconds: int, out: Path) -> None:
    """Run what is not in ``out`` yet."""
    out.parent.mkdir(parents=True, exist_ok=True)
    done = {(row["template"], row["model"], row["hash"]) for row in rows_of(out) if row["status"] == "done"}
    for slug in slugs:
        key = key_of(slug, model)
        if key in done:
            continue
        row = {
            "template": slug,
            "model": model,
            "hash": key[2],
            "at": round(time.time()),
            **run_one(slug, model, seconds),
        }
        with out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        print(slug, row["status"], f"{row['seconds']} s", row["misses"] or "", flush=True)


def sample(count: int, model: str, seconds: int) -> int:
    """Run today's templates, others tomorrow; how many failed. The model is fetched where it is not there."""
    from graphs.models.builtin.background import fetch_in_terminal
    from store.home import home

    try:
        fetch_in_terminal(home().create().models, model.removeprefix("builtin:"), Console(stderr=True))
    except (NodeError, OSError) as error:
        print(f"NOT RUN: the model cannot be fetched here: {error}", flush=True)
        return 0
    slugs, today = catalogue.slugs(), date.today().toordinal()
    chosen = [slugs[(today * count + at) % len(slugs)] for at in range(count)]
    results = [run_one(slug, model, seconds) for slug in chosen]
    for slug, row in zip(chosen, results, strict=True):
        print(slug, row["status"], f"{row['seconds']} s", row["calls"], "model calls", row["error"] or "", flush=True)
    return sum(row["status"] == "failed" for row in results)


def run_one(slug: str, model: str, seconds: int) -> dict[str, Any]:
    """The first example's run, at its end: counts, and what of the expected does not hold."""
    from ui.terminal.recording import run_first, workspace_apart

    template = catalogue.load(slug)
    example, limits = template.examples[0], template.document.limits
    with tempfile.TemporaryDirectory(prefix="nodeloom-gallery-") as folder:
        workspace = workspace_apart(Path(folder), slug, model)
        try:
            capped = limits.model_copy(update={"seconds": min(limits.seconds or seconds, seconds)})
            row = run_first(workspace, slug, model, capped)
            spans = [workspace.spans.get(each.id) for each in workspace.spans.list(row.id, 0, 5000)]
        finally:
            workspace.close()
    outputs = row.outputs or {}
    return {
        "status": row.status, "seconds": round(row.seconds, 1), "steps": row.steps,
        "calls": sum(span.operation == "chat" for span in spans),
        "tools": sum(span.operation == "execute_tool" for span in spans),
        "input_tokens": row.input_tokens, "output_tokens": row.output_tokens,
        "error": row.error, "misses": misses(example["expected"], outputs) if row.status == "done" else None,
        "outputs": {name: str(value)[:400] for name, value in outputs.items()},
    }  # fmt: skip


def current(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The newest result of each template whose workflow has not changed since."""
    known = {slug: content_hash(catalogue.load(slug).document) for slug in catalogue.slugs()}
    return {row["template"]: row for row in rows if known.get(row["template"]) == row["hash"]}


def tell_readmes(found: Mapping[str, dict[str, Any]]) -> None:
    """Each template's README, with what its result is."""
    for slug in catalogue.slugs():
        path = catalogue.FOLDER / slug / "README.md"
        path.write_text(brought_up(catalogue.load(slug).readme, found.get(slug)), encoding="utf-8")


HEAD: Final = """\
# Every template on the built-in model

Written by `python -m benchmarks.gallery --report` from `benchmarks/results/gallery.jsonl`; the runs are made by
`python -m benchmarks.gallery`. One run of the first example each, temperature and limits as in the template: it
shows that the workflow runs on a small local model, not how well it does in general. "As expected": the example's
checks hold; a model of 1.5 billion parameters often ends a run properly with a wrong answer.
"""


def report(rows: list[dict[str, Any]]) -> str:
    """The page, as Markdown."""
    found, slugs = current(rows), catalogue.slugs()
    counts = Counter(row["status"] for row in found.values())
    right = sum(row["misses"] == [] for row in found.values())
    said = ", ".join(f"{count} {ENDED.get(status, status)}" for status, count in counts.most_common())
    missing = [slug for slug in slugs if slug not in found]
    lines = [HEAD, f"Run so far: {len(found)} of {len(slugs)} templates: {said}; {right} as expected.", ""]
    lines += ["| template | ended | as expected | model calls | tool calls | tokens in / out | seconds |"]
    lines += ["|---|---|---|---|---|---|---|", *(_line(found[slug]) for slug in slugs if slug in found)]
    failed = [row for row in found.values() if row["error"]]
    if failed:
        lines += [
            "",
            "## What ended otherwise",
            "",
            *(f"- {row['template']}: {row['error']['what']}" for row in failed),
        ]
    if missing:
        lines += ["", "## Not run yet", "", ", ".join(missing)]
    return "\n".join(lines) + "\n"


def _line(row: dict[str, Any]) -> str:
    expected = "" if row["misses"] is None else "no" if row["misses"] else "yes"
    tokens = f"{row['input_tokens']} / {row['output_tokens']}"
    cells = (row["template"], row["status"], expected, row["calls"], row["tools"], tokens, row["seconds"])
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("slugs", nargs="*")
    parser.add_argument("--model", default=MODEL)
    parser.add_argument("--seconds", type=int, default=600, help="a run's time at most, if its own limit is not less")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--report", action="store_true")
    parser.add_argument("--sample", type=int, default=0, help="run so many of today's templates, and keep nothing")
    asked = parser.parse_args()
    if asked.sample:
        raise SystemExit(1 if sample(asked.sample, asked.model, asked.seconds) else 0)
    if asked.report:
        rows = rows_of(asked.out)
        PAGE.write_text(report(rows), encoding="utf-8")
        tell_readmes(current(rows))
        print(PAGE)
    else:
        measure(asked.slugs or list(catalogue.slugs()), asked.model, asked.seconds, asked.out)


if __name__ == "__main__":
    main()
