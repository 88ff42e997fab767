"""The tree of a run's spans, flattened: every span at its place from top to bottom, all above and below it known.

In this order (pre-order) what is below a span stands right behind it, so that a subtree is a range, and a window of
the tree with any spans closed is a slice of a mask. All of it is a few passes over arrays, one for each level.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from store.trace_columns import SpanColumns

OPEN_ROWS: Final = 2_000
"""Rows that a tree opens with at most, where it has more than one level."""


@dataclass(frozen=True)
class Arranged:
    """Where each span stands; arrays by place of arrival."""

    row: Any
    """Its row in the whole tree, from 0."""
    size: Any
    """Itself and all below."""
    rank: Any
    """Place among its siblings, from 0."""
    levels: list[Any]
    """The places of each depth, from the top."""
    parent: Any
    children: Any
    """How many are directly below."""


class Tree:
    """A run's spans from top to bottom. Arrays by row; ``seq`` leads to the table."""

    def __init__(self, columns: SpanColumns) -> None:
        import numpy as np  # an extra

        self.columns = columns
        arranged = _arrange(columns)
        order = np.argsort(arranged.row)
        row = arranged.row
        self._order = order
        self._row = row
        self.count = len(order)
        self._seqs = columns.seq  # as it is now: the columns may grow while this tree is read
        self.seq = columns.seq[order]
        self.parent = np.where(arranged.parent >= 0, row[arranged.parent], -1)[order] if self.count else order
        self.size = arranged.size[order]
        self.children = arranged.children[order]
        self.rank = arranged.rank[order]
        self.levels = [np.sort(row[level]) for level in arranged.levels]
        self.depth = np.zeros(self.count, np.int64)
        for depth, rows in enumerate(self.levels):
            self.depth[rows] = depth
        self.operation, self.node, self.status, self.outcome = columns.texts[:, order]
        self.started, self.ended = columns.times[:, order]
        self.kept = columns.kept[order]
        self.costs, self.priced = self._totals(columns.costs[:, order])

    def _totals(self, own: Any) -> tuple[Any, Any]:
        """Tokens in, out and dollars of each span with all below it; where nothing below cost any, its own.

        Second: whether a price was known anywhere in it.
        """
        import numpy as np  # an extra

        priced = ~np.isnan(own[2])
        total = np.nan_to_num(own)
        below = np.zeros_like(total)
        for rows in reversed(self.levels):
            costs = below[:, rows]
            counted = (costs > 0).any(axis=0)
            total[:, rows] = np.where(counted, costs, total[:, rows])
            above = self.parent[rows]
            held = rows[above >= 0]
            above = above[above >= 0]
            for part in range(3):
                np.add.at(below[part], above, total[part, held])
            np.logical_or.at(priced, above, priced[held])
        return total, priced

    def row_of(self, id: str) -> int | None:
        """The row of a span; None where the run has none of that id."""
        place = self.columns.place.get(id)
        return None if place is None or place >= self.count else int(self._row[place])

    def id_of(self, row: int) -> str:
        """The id of the span on a row."""
        return self.columns.ids[int(self._order[row])]

    def rows_of(self, seqs: Sequence[int]) -> Any:
        """The rows of those of the spans, by their number in the table, that are of this run."""
        import numpy as np  # an extra

        wanted = np.asarray(seqs, np.int64)
        if not self.count:
            return wanted[:0]
        places = np.minimum(np.searchsorted(self._seqs, wanted), self.count - 1)
        return self._row[places[self._seqs[places] == wanted]]

    def path(self, row: int) -> list[int]:
        """The rows from the top down to this one."""
        found: list[int] = []
        while row >= 0:
            found.append(row)
            row = int(self.parent[row])
        return found[::-1]

    def below(self, row: int) -> list[int]:
        """The rows directly below, in order."""
        found: list[int] = []
        at, end = row + 1, row + int(self.size[row])
        while at < end:
            found.append(at)
            at += int(self.size[at])
        return found

    def first_depth(self) -> int:
        """How many levels are open at first: as many as make at most ``OPEN_ROWS`` rows, at least the top one."""
        shown = 0
        for depth, rows in enumerate(self.levels):
            shown += len(rows)
            if shown > OPEN_ROWS and depth > 1:
                return depth - 1
        return max(1, len(self.levels) - 1)

    def visible(self, depth: int, opened: Sequence[int], closed: Sequence[int]) -> tuple[Any, Any]:
        """The rows to be seen where those above ``depth`` are open but for the named ones; and what is open."""
        import numpy as np  # an extra

        is_open = self.depth < depth
        is_open[list(opened)] = True
        is_open[list(closed)] = False
        seen = np.ones(self.count, bool)
        for rows in self.levels[1:]:
            above = self.parent[rows]
            seen[rows] = seen[above] & is_open[above]
        return np.flatnonzero(seen), is_open

    def around(self, hits: Any) -> Any:
        """The rows given and all above them, in order."""
        import numpy as np  # an extra

        shown = np.zeros(self.count, bool)
        shown[hits] = True
        for rows in reversed(self.levels[1:]):
            np.logical_or.at(shown, self.parent[rows], shown[rows])
        return np.flatnonzero(shown)


def _arrange(columns: SpanColumns) -> Arranged:
    """Siblings by their start, parents before children. Spans that are each other's parents stand at the top."""
    import numpy as np  # an extra

    found = _by_levels(columns.parent, columns)
    reached = np.zeros(len(columns), bool)
    for level in found.levels:
        reached[level] = True
    return found if reached.all() else _by_levels(np.where(reached, columns.parent, -1), columns)


def _by_levels(parent: Any, columns: SpanColumns) -> Arranged:
    import numpy as np  # an extra

    siblings = np.lexsort((columns.seq, columns.times[0], parent))  # children of one parent side by side, by start
    counts = np.bincount(parent + 1, minlength=len(parent) + 1)  # of the top, then of each place
    first = np.cumsum(counts) - counts
    levels = [siblings[: counts[0]]]
    while len(levels[-1]):
        levels.append(_children(levels[-1], siblings, counts, first))
    levels.pop()
    size = np.ones(len(parent), np.int64)
    for level in reversed(levels[1:]):
        np.add.at(size, parent[level], size[level])
    before = np.cumsum(size[siblings]) - size[siblings]
    offset, rank = np.zeros(len(parent), np.int64), np.zeros(len(parent), np.int64)
    group = first[parent[siblings] + 1]
    offset[siblings] = before - before[group] if len(parent) else before
    rank[siblings] = np.arange(len(parent)) - group
    row = offset.copy()
    for level in levels[1:]:
        row[level] += row[parent[level]] + 1
    return Arranged(row, size, rank, levels, parent, counts[1:])


def _children(level: Any, siblings: Any, counts: Any, first: Any) -> Any:
    """The places below those of a level, in order."""
    import numpy as np  # an extra

    many = counts[level + 1]
    shift = np.repeat(first[level + 1] - (np.cumsum(many) - many), many)
    return siblings[shift + np.arange(len(shift))]
