"""Reading a run by windows: its tree, its steps, one span with what is around it, and searches in it.

What is needed of all spans (how they nest, when they ran, what they cost) is kept as columns for the runs read last
and brought up to date with each call; what a reader sees of a span comes from the table, a window at a time.
"""

import sqlite3
import threading
import time
from collections import OrderedDict
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from store import trace_search, trace_state
from store.comments import counts
from store.database import Database
from store.errors import NotFound
from store.memory_rows import reading
from store.trace_answers import Around, Found, FoundRun, Overview, StepsWindow, TreeQuery, TreeWindow
from store.trace_columns import SpanColumns
from store.trace_rows import TraceRow, rows
from store.trace_search import Progress
from store.trace_state import StateAround, Write
from store.trace_steps import Steps
from store.trace_tree import Tree

__all__ = ["Around", "Found", "Overview", "StepsWindow", "TraceReader", "TreeQuery", "TreeWindow"]

KEPT_SPANS: Final = 400_000
"""Spans of all runs kept as columns, about 100 MB; the runs read longest ago go first."""
LEAD: Final = 12
"""Characters ahead of the words in a row of the tree, which is short."""
MOST_CHILDREN: Final = 50
MOST_VISITS: Final = 40
MOST_FAILURES: Final = 20


_FOUND: Final = """
SELECT span.seq, run.id, run.ordinal, run.title, run.status, run.started_at, span.id, span.parent_id, span.operation,
  span.name, span.node_id, span.kind, span.visit, span.item, span.status, span.started_at, span.ended_at, span.outcome
FROM span JOIN run ON run.id = span.run_id WHERE span.seq IN
"""


class _Read:
    """A run as it was read last; one reader at a time brings it up to date."""

    def __init__(self, run_id: str) -> None:
        self.lock = threading.Lock()
        self.columns = SpanColumns(run_id)
        self.steps: Steps | None = None
        self.writes: tuple[Steps, list[Write]] | None = None
        """What was written to the state, as of those steps."""

    def writes_of(self, connection: sqlite3.Connection, steps: Steps) -> list[Write]:
        """What the run wrote to its state; read once for each state of the trace."""
        known = self.writes
        if known is None or known[0] is not steps:
            root = steps.tree.id_of(0)
            known = self.writes = (steps, trace_state.writes(connection, self.columns.run_id, root))
        return known[1]


class TraceReader:
    """The traces of a database, by windows. Thread-safe. ``run_id`` is always the id, never the number."""

    def __init__(self, database: Database, *, kept_spans: int = KEPT_SPANS) -> None:
        self._database = database
        self._kept_spans = kept_spans
        self._guard = threading.Lock()
        self._reads: OrderedDict[str, _Read] = OrderedDict()

    def overview(self, run_id: str) -> Overview:
        """The whole run in figures."""
        with self._reading(run_id) as (connection, steps):
            now = time.time()
            tree = steps.tree
            start, end = _extent(tree, now)
            codes = tree.columns.codes
            last = {status: steps.last_with(status) for status in ("error", "waiting", "running")}
            return Overview(
                spans=tree.count,
                steps=steps.total,
                start=start,
                end=end,
                depth=tree.first_depth(),
                nodes=steps.nodes(steps.total, now),
                edges=steps.edges(steps.total),
                bands=[] if start is None or end is None else steps.bands(start, end, now),
                failed=int((tree.status == codes.find("error")).sum()),
                last={status: tree.id_of(steps.rows[index]) for status, index in last.items() if index is not None},
                root=tree.id_of(0) if tree.count else None,
                comments=sum(counts(connection, run_id).values()),
            )

    def window(self, run_id: str, query: TreeQuery) -> TreeWindow:
        """Rows of the tree. With ``q``, only spans that hold all its words, and all above them."""
        match = trace_search.match_of(query.q)
        progress = trace_search.advance(self._database, run_id) if match else None
        with self._reading(run_id) as (connection, steps):
            tree = steps.tree
            hits = self._hits(connection, tree, match) if match else None
            opened = _above(tree, query.reveal)
            shown, is_open = _shown(tree, query, opened, hits)
            at = _place(tree, shown, query.reveal or query.mark)
            offset = _around(query.offset, query.limit, at) if query.reveal and at is not None else query.offset
            wanted = [int(row) for row in shown[offset : offset + query.limit]]
            excerpts = self._excerpts(connection, tree, query.q, wanted, hits)
            return TreeWindow(
                rows=rows(
                    connection, tree, wanted, is_open=is_open, comments=counts(connection, run_id), hits=excerpts
                ),
                offset=offset,
                total=len(shown),
                spans=tree.count,
                at=at,
                opened=[tree.id_of(row) for row in opened],
                found=None if hits is None else len(hits),
                searched=progress.searched if progress else tree.count,
                of=progress.of if progress else tree.count,
            )

    def steps(
        self, run_id: str, *, offset: int = 0, limit: int = 500, at: float | None = None, span: str | None = None
    ) -> StepsWindow:
        """Steps of the run; ``at`` (a moment) or ``span`` put the window around a step. Raises NotFound."""
        with self._reading(run_id) as (connection, steps):
            index = self._step_at(steps, at, span)
            if index is not None:
                offset = max(0, min(index - limit // 2, steps.total - limit))
            found = steps.window(offset, limit)
            named = rows(connection, steps.tree, [step.row for step in found])
            now = time.time()
            before = min(offset, steps.total)
            return StepsWindow(
                steps.total, offset, steps.nodes(before, now), steps.edges(before), found,
                {row.id: row for row in named},
            )  # fmt: skip

    def around(self, run_id: str, span: str) -> Around:
        """A span and what is near it. Raises NotFound."""
        with self._reading(run_id) as (connection, steps):
            tree = steps.tree
            row = _found(tree, span)
            below = tree.below(row)
            failed = _failed(tree, row)
            visits = _visits(tree, steps, row)
            path = tree.path(row)
            told = {
                each.id: each
                for each in rows(
                    connection, tree, list(dict.fromkeys([*path, *below[:MOST_CHILDREN], *failed, *visits])),
                    comments=counts(connection, run_id),
                )
            }  # fmt: skip

            def named(wanted: Sequence[int]) -> list[TraceRow]:
                return [told[id] for id in map(tree.id_of, wanted) if id in told]

            return Around(
                told[span], named(path), steps.of_row(row), named(below[:MOST_CHILDREN]),
                max(0, len(below) - MOST_CHILDREN), named(failed), named(visits),
            )  # fmt: skip

    def state(self, run_id: str, span: str, specs: Mapping[str, Mapping[str, Any]]) -> StateAround:
        """The state variables around the step of the workflow itself that the span belongs to. Raises NotFound."""
        with self._reading(run_id) as (connection, steps):
            tree = steps.tree
            path = tree.path(_found(tree, span))
            if not specs or len(path) < 2:
                defaults = {name: spec.get("default") for name, spec in specs.items()}
                return StateAround(defaults, defaults, [])
            writes = self._read_of(run_id).writes_of(connection, steps)
            row = path[1]
            return trace_state.around(
                connection, writes, specs, step=int(tree.seq[row]), started_at=float(tree.started[row])
            )

    def calls(
        self, run_id: str, operation: str, *, under: str | None = None, offset: int = 0, limit: int = 20
    ) -> tuple[int, list[int]]:
        """How many spans of an operation there are, of the run or below a span, and the numbers of some of them.

        In the order they began. Raises NotFound.
        """
        with self._reading(run_id) as (_, steps):
            import numpy as np  # an extra

            tree = steps.tree
            top = None if under is None else _found(tree, under)
            found = np.flatnonzero(tree.operation == tree.columns.codes.find(operation))
            if top is not None:
                found = found[(found >= top) & (found < top + int(tree.size[top]))]
            found = found[np.lexsort((tree.seq[found], tree.started[found]))]
            return len(found), [int(tree.seq[row]) for row in found[offset : offset + limit]]

    def search(self, q: str, *, limit: int = 50, before: int | None = None) -> tuple[list[Found], Progress]:
        """Spans of all runs that hold all words, the newest first; ``before``: number of the last one of the page."""
        match = trace_search.match_of(q)
        if not match:
            return [], Progress(0, 0)
        progress = trace_search.advance(self._database)
        with reading(self._database) as connection:
            hits = trace_search.everywhere(connection, q, limit=limit, before=before)
            return _named(connection, hits), progress

    def _hits(self, connection: sqlite3.Connection, tree: Tree, match: str) -> Any:
        if not tree.count:
            return tree.seq
        seqs = tree.columns.seq
        return tree.rows_of(trace_search.in_run(connection, match, int(seqs[0]), int(seqs[-1])))

    def _excerpts(
        self, connection: sqlite3.Connection, tree: Tree, q: str, wanted: Sequence[int], hits: Any
    ) -> dict[int, str]:
        """Of the rows wanted that hold the words, by their number in the table."""
        import numpy as np  # an extra

        if hits is None:
            return {}
        held = np.intersect1d(np.asarray(wanted, np.int64), hits)
        return trace_search.excerpts(connection, q, [int(tree.seq[row]) for row in held], before=LEAD)

    def _step_at(self, steps: Steps, at: float | None, span: str | None) -> int | None:
        if span is not None:
            return steps.of_row(_found(steps.tree, span))
        return None if at is None else steps.at(at)

    @contextmanager
    def _reading(self, run_id: str) -> Generator[tuple[sqlite3.Connection, Steps]]:
        """The run as it is now, and a connection that sees it so."""
        read = self._read_of(run_id)
        with reading(self._database) as connection:
            with read.lock:
                if read.columns.refresh(connection) or read.steps is None:
                    read.steps = Steps(Tree(read.columns))
                steps = read.steps
            yield connection, steps
        self._forget_old(run_id)

    def _read_of(self, run_id: str) -> _Read:
        with self._guard:
            read = self._reads.pop(run_id, None) or _Read(run_id)
            self._reads[run_id] = read  # the one read last stands last
            return read

    def _forget_old(self, run_id: str) -> None:
        with self._guard:
            spans = sum(len(read.columns) for read in self._reads.values())
            for old in list(self._reads):
                if spans <= self._kept_spans or old == run_id:
                    return
                spans -= len(self._reads.pop(old).columns)


def _named(connection: sqlite3.Connection, hits: Sequence[trace_search.Hit]) -> list[Found]:
    marks = ", ".join("?" * len(hits))
    told = {row[0]: row for row in connection.execute(f"{_FOUND} ({marks})", [hit.seq for hit in hits])}
    return [_found_span(hit, told[hit.seq]) for hit in hits if hit.seq in told]


def _found_span(hit: trace_search.Hit, row: tuple[Any, ...]) -> Found:
    _, id, ordinal, title, status, started_at, *span = row
    return Found(hit.seq, hit.excerpt, FoundRun(id, f"r-{ordinal:04d}", title, status, started_at), *span)


def _extent(tree: Tree, now: float) -> tuple[float | None, float | None]:
    import numpy as np  # an extra

    if not tree.count:
        return None, None
    codes = tree.columns.codes
    open_ = np.isin(tree.status, [codes.find("running"), codes.find("waiting")]) & np.isnan(tree.ended)
    ends = np.where(np.isnan(tree.ended), np.where(open_, now, tree.started), tree.ended)
    return float(tree.started.min()), float(ends.max())


def _above(tree: Tree, reveal: str | None) -> list[int]:
    row = None if reveal is None else tree.row_of(reveal)
    return [] if row is None else tree.path(row)[:-1]


def _shown(tree: Tree, query: TreeQuery, opened: Sequence[int], hits: Any) -> tuple[Any, Any]:
    import numpy as np  # an extra

    if hits is not None:
        return tree.around(hits), np.ones(tree.count, bool)
    known = [row for row in map(tree.row_of, query.opened) if row is not None]
    closed = [row for row in map(tree.row_of, query.closed) if row is not None and row not in opened]
    return tree.visible(query.depth or tree.first_depth(), [*known, *opened], closed)


def _place(tree: Tree, shown: Any, span: str | None) -> int | None:
    row = None if span is None else tree.row_of(span)
    if row is None or not len(shown):
        return None
    place = int(shown.searchsorted(row))
    return place if place < len(shown) and shown[place] == row else None


def _around(offset: int, limit: int, at: int) -> int:
    """The offset asked for where the place is in that window, else one with the place in its middle."""
    return offset if offset <= at < offset + limit else max(0, at - limit // 2)


def _found(tree: Tree, span: str) -> int:
    row = tree.row_of(span)
    if row is None:
        raise NotFound(f"The run has no span {span!r}", "span", "Pick one from the trace of the run.")
    return row


def _failed(tree: Tree, row: int) -> list[int]:
    """Failed spans below, in order, the first ``MOST_FAILURES``."""
    import numpy as np  # an extra

    part = tree.status[row + 1 : row + int(tree.size[row])]
    found = np.flatnonzero(part == tree.columns.codes.find("error"))[:MOST_FAILURES]
    return [row + 1 + int(each) for each in found]


def _visits(tree: Tree, steps: Steps, row: int) -> list[int]:
    """The steps of the span's node, in order; around the span itself where there are many."""
    import numpy as np  # an extra

    index = steps.of_row(row)
    if index is None:
        return []
    own = int(steps.rows[index])
    found = steps.rows[(tree.node[steps.rows] == tree.node[own]) & (steps.inner == steps.inner[index])]
    place = int(np.flatnonzero(found == own)[0])
    first = max(0, min(place - MOST_VISITS // 2, len(found) - MOST_VISITS))
    return [int(each) for each in found[first : first + MOST_VISITS]]
