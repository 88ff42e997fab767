"""``nodeloom compare``: two runs side by side."""

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.table import Table
from rich.text import Text

from graphs.word_diff import as_text, word_diff
from ui.terminal import show
from ui.terminal.opened import open_workspace

if TYPE_CHECKING:
    from graphs.comparison import Visit
    from graphs.comparison_graph import NodePair
    from store.runs import RunRow
    from ui.comparing import Compared
    from ui.workspace import Workspace

_COLUMNS: Final = ("node", "visits", "A", "B", "A tokens", "B tokens", "A cost", "B cost", "differs in")
_CALLED: Final = {
    "chat": "asks the model",
    "execute_tool": "calls",
    "retrieve_memory": "recalls from",
    "write_memory": "writes to",
}


def compare(
    left: Annotated[str, typer.Argument(help="A run's number (r-0042) or id, or a recording.", show_default=False)],
    right: Annotated[str, typer.Argument(help="The run or recording to hold against it.", show_default=False)],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Compare two runs: where they part, and what differs node by node (exit code 1 where anything does)."""
    with _opened(left, right) as found:
        if json:
            from ui.comparison_wire import summary  # with the workspace: the store takes half a second to import

            show.as_json(summary(found))
        else:
            _tell(found)
    raise typer.Exit(0 if found.comparison.same and not found.comparison.document else 1)


@contextmanager
def _opened(left: str, right: str) -> "Generator[Compared]":
    """The two held against each other. Where one is a file, both are as recordings, in a home of their own."""
    from ui.comparing import compared  # as above

    files = [Path(each) if Path(each).suffix or Path(each).exists() else None for each in (left, right)]
    if not any(files):
        yield compared(open_workspace(), left, right)
        return
    with tempfile.TemporaryDirectory(prefix="nodeloom-compare-") as folder, _aside(Path(folder)) as apart:
        taken = [_taken(apart, name, file) for name, file in zip((left, right), files, strict=True)]
        yield compared(apart, *taken)


@contextmanager
def _aside(folder: Path) -> "Generator[Workspace]":
    from store.home import Home
    from ui.workspace import Workspace  # as above

    workspace = Workspace(Home(folder))
    try:
        yield workspace
    finally:
        workspace.close()


def _taken(apart: "Workspace", name: str, file: Path | None) -> str:
    """The id of the recording in ``apart``. Raises NodeError, NotFound."""
    from graphs.replay_recording import Recording
    from ui.recordings import recorded_run, taken_in  # as above

    return taken_in(apart, recorded_run(open_workspace(), name) if file is None else Recording.load(file)).id


def _tell(found: "Compared") -> None:
    from graphs.comparison_graph import edge_pairs  # as above

    comparison = found.comparison
    for sign, run in zip("AB", found.runs, strict=True):
        show.OUT.print(Text(f"{sign}  {_run_line(run)}"))
    if comparison.document:
        show.OUT.print(Text("\nThe workflow:"))
    for change in comparison.document:
        show.OUT.print(Text("\n".join(f"  {line}" for line in change.lines())))
    if comparison.first is None:
        show.OUT.print(Text(f"\nBoth runs did the same: {len(comparison.visits)} node visits."))
        return
    show.OUT.print(Text("\n" + "\n".join(_first_lines(found, comparison.first))))
    for edge in edge_pairs(comparison):
        if edge.left != edge.right:
            show.OUT.print(Text(f"Path: {edge.edge}: {_times(edge.left)} in A, {_times(edge.right)} in B"))
    show.OUT.print(Text(f"\n{len(comparison.changed)} of {len(comparison.visits)} node visits differ."))
    show.drawn(_table(found))


def _run_line(run: "RunRow") -> str:
    tokens = f"{run.input_tokens + run.output_tokens:,} tokens"
    figures = (run.status, show.seconds(run.seconds), tokens, show.dollars(run.usd), f"{run.steps} steps")
    name = f" ({run.label})" if run.label else ""
    return f"{run.number}  {run.title}{name}: {', '.join(each for each in figures if each)}"


def _first_lines(found: "Compared", visit: "Visit") -> list[str]:
    """Where the runs part, with the words that changed there."""
    lines = [f"First difference: {place_of(visit)}: {', '.join(visit.changes).replace('_', ' ')}"]
    left, right = found.span(visit.pair.left), found.span(visit.pair.right)
    if left is None or right is None:
        return lines
    lines += _between("input", left.input, right.input)
    for call, changes in found.comparison.calls(visit):
        if changes:
            one, other = found.span(call.left), found.span(call.right)
            asked = f"{_CALLED.get(call.span.operation, 'runs')} {call.span.name}"
            lines += _between(asked, one and one.input, other and other.input)
    lines += _between("outcome", _ending(left), _ending(right))
    return lines + _between("output", left.output, right.output)


def place_of(visit: "Visit") -> str:
    """``solve (visit 2, item 3)``, with the side where only one run has it."""
    span = visit.pair.span
    item = "" if span.item is None else f", item {span.item}"
    side = "" if visit.pair.left and visit.pair.right else f", only in {'A' if visit.pair.left else 'B'}"
    return f"{visit.node} (visit {span.visit}{item}{side})"


def _ending(span: Any) -> str:
    return f"{span.outcome or span.status}{': ' + span.error['what'] if span.error else ''}"


def _between(what: str, left: Any, right: Any) -> list[str]:
    if left == right:
        return []
    return [f"  {what}:", *(f"    {line}" for line in word_diff(_text(left), _text(right)).splitlines())]


def _text(value: Any) -> str:
    """A record field by field; nothing as a word."""
    if isinstance(value, dict):
        return "\n".join(f"{key}: {as_text(each)}" for key, each in value.items())
    return "nothing" if value is None else as_text(value)


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count:,} times")


def _differs(node: "NodePair") -> str:
    """What a node's row says; how often it ran stands in a column of its own."""
    if node.left is None or node.right is None:
        return f"only in {'A' if node.left else 'B'}"
    told = [sort.replace("_", " ") for sort in node.changes if sort != "missing"]
    return ", ".join(told) or ("visits" if node.changes else "same")


def _table(found: "Compared") -> Table:
    from graphs.comparison_graph import node_pairs  # as above

    table = Table(*_COLUMNS, box=None, pad_edge=False)
    for node in node_pairs(found.comparison):
        if node.left is None and node.right is None:
            continue
        sides = (node.left, node.right)
        counts = [str(each.visits) if each else "0" for each in sides]
        table.add_row(
            node.node, counts[0] if counts[0] == counts[1] else " → ".join(counts),
            *(show.seconds(each.seconds) if each else "" for each in sides),
            *(f"{each.tokens:,}" if each else "" for each in sides),
            *(show.dollars(each.usd) if each else "" for each in sides),
            Text(_differs(node), style="" if node.changes else "dim"),
        )  # fmt: skip
    return table
