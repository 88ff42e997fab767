"""What ``store.trace_reader`` answers, and what a window of the tree is asked by."""

from collections.abc import Sequence
from dataclasses import dataclass

from store.trace_rows import TraceRow
from store.trace_steps import Step, Totals


@dataclass(frozen=True)
class Overview:
    """A run in figures. Times are seconds since the epoch."""

    spans: int
    steps: int
    start: float | None
    """None where the run has written no span."""
    end: float | None
    """The last end; for open spans, now."""
    depth: int
    """Levels of the tree that are open unless asked otherwise."""
    nodes: dict[str, Totals]
    edges: list[str]
    bands: list[str | None]
    failed: int
    last: dict[str, str]
    """Status -> the last step that has it."""
    root: str | None
    comments: int


@dataclass(frozen=True)
class TreeWindow:
    """Some rows of the tree."""

    rows: list[TraceRow]
    offset: int
    total: int
    spans: int
    at: int | None
    """Place of the span asked for among all rows; None where none was, or it is not to be seen."""
    opened: list[str]
    """What had to be opened to see it."""
    found: int | None
    """Spans that hold the words; None where nothing is searched for."""
    searched: int
    of: int


@dataclass(frozen=True)
class TreeQuery:
    """Which rows: ``opened`` and ``closed`` are span ids, ``depth`` the levels open unless named there.

    ``reveal``: a span that is to be in the window, whatever has to be opened for it; ``mark``: only its place is asked.
    """

    offset: int = 0
    limit: int = 200
    depth: int | None = None
    opened: Sequence[str] = ()
    closed: Sequence[str] = ()
    q: str = ""
    reveal: str | None = None
    mark: str | None = None


@dataclass(frozen=True)
class StepsWindow:
    """Some steps, and what had happened before them."""

    total: int
    offset: int
    before: dict[str, Totals]
    edges: list[str]
    steps: list[Step]
    names: dict[str, TraceRow]
    """Span -> its row."""


@dataclass(frozen=True)
class Around:
    """A span with all above, what is directly below, what failed below, and the other visits of its node."""

    row: TraceRow
    path: list[TraceRow]
    step: int | None
    children: list[TraceRow]
    more: int
    """Children beyond those."""
    failures: list[TraceRow]
    visits: list[TraceRow]


@dataclass(frozen=True)
class FoundRun:
    """The run of a span that was found."""

    id: str
    number: str
    title: str
    status: str
    started_at: float | None


@dataclass(frozen=True)
class Found:
    """A span that a search of all runs found."""

    seq: int
    excerpt: str
    run: FoundRun
    id: str
    parent_id: str | None
    operation: str
    name: str
    node_id: str | None
    kind: str | None
    visit: int | None
    item: int | None
    status: str
    started_at: float
    ended_at: float | None
    outcome: str | None
