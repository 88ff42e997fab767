"""``nodeloom trace``: what a run did, step by step."""

from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.tree import Tree

from ui.terminal import show
from ui.terminal.opened import open_workspace

if TYPE_CHECKING:
    from store.spans import SpanRow, Spans

COLOURS = {"ok": "green", "error": "red", "waiting": "yellow", "running": "cyan", "cancelled": "dim", "lost": "red"}
PAGE = 2_000


def trace(
    run: Annotated[str, typer.Argument(help="A run's number (r-0042) or id.", show_default=False)],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object, values whole.")] = False,
    recording: Annotated[
        Path | None, typer.Option(help="Write the models' answers to this file, to replay the run without models.")
    ] = None,
) -> None:
    """Show the trace of a run as a tree of its steps."""
    workspace = open_workspace()
    found = workspace.runs.get(run)
    spans = _all(workspace.spans, found.id)
    if recording is not None:
        _record(workspace.spans, spans, recording)
        show.note(f"The models' answers in {found.number} are in {recording}.")
        return
    if json:
        whole = [asdict(workspace.spans.get(span.id)) for span in spans]
        show.as_json({"run": asdict(found), "spans": whole})
        return
    title = f"[bold]{found.number}[/bold] {escape(found.title)}: {found.status}, {show.seconds(found.seconds)}"
    tree = Tree(title)
    below: defaultdict[str | None, list[SpanRow]] = defaultdict(list)
    known = {span.id for span in spans}
    for span in spans:
        below[span.parent_id if span.parent_id in known else None].append(span)
    _grow(tree, below, None)
    show.drawn(tree)


def _record(stored: "Spans", spans: "list[SpanRow]", target: Path) -> None:
    """A script named after the folder it is written to."""
    from graphs.models.recorder import script_from_spans  # LangChain: only this needs it

    chats = [asdict(stored.get(span.id)) for span in spans if span.operation == "chat"]
    script = script_from_spans(target.absolute().parent.name, chats)
    target.write_text(script.model_dump_json(indent=1, exclude_defaults=True) + "\n", encoding="utf-8")


def _all(spans: "Spans", run_id: str) -> "list[SpanRow]":
    found: list[SpanRow] = []
    while page := spans.list(run_id, found[-1].seq if found else 0, PAGE):
        found += page
    return found


def _grow(tree: Tree, below: "dict[str | None, list[SpanRow]]", parent: str | None) -> None:
    for span in sorted(below.get(parent, []), key=lambda span: span.started_at):
        _grow(tree.add(_line(span)), below, span.id)


def _line(span: "SpanRow") -> str:
    took = show.seconds(span.ended_at - span.started_at) if span.ended_at else "still open"
    tokens = f", {(span.input_tokens or 0) + (span.output_tokens or 0):,} tokens" if span.input_tokens else ""
    visit = f" (visit {span.visit})" if span.visit and span.visit > 1 else ""
    outcome = f" -> {span.outcome}" if span.outcome and span.outcome != "done" else ""
    fault = f"\n[red]{escape(span.error['what'])}[/red]" if span.error else ""
    colour = COLOURS.get(span.status, "white")
    head = f"{escape(span.name)}{visit}{outcome} [dim]{span.operation}, {took}{tokens}[/dim]"
    return f"{head} [{colour}]{span.status}[/{colour}]{fault}"
