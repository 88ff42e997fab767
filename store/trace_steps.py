"""The visits of a run's nodes in the order they began: what a replay walks along, and what each node took.

A replay at a step needs what had happened before it and nothing of the rest; both are sums over a prefix of
arrays, so that any step of a long run is as near as the first.
"""

import math
from dataclasses import dataclass
from typing import Any, Final

from store.trace_tree import Tree

BANDS: Final = 240
"""Parts that the time of a run is divided into for its scrubber."""
_NODE: Final = "invoke_node"
_WORKFLOW: Final = "invoke_workflow"


@dataclass(frozen=True)
class Totals:
    """What the visits of a node came to so far. Times in seconds, money in US dollars."""

    visits: int
    seconds: float
    input_tokens: int
    output_tokens: int
    usd: float | None
    """None where no price is known."""
    status: str
    """Of the last visit, as is the outcome."""
    outcome: str | None
    kept: int
    """Visits whose result was taken from an earlier run."""
    ended_at: float | None
    """The last end; None while none has ended."""
    first: str
    """The span of the first visit."""
    last: str


@dataclass(frozen=True)
class Step:
    """A visit of a node."""

    index: int
    row: int
    """In the tree."""
    id: str
    node: str
    visit_seq: int
    """Its number in the table."""
    status: str
    outcome: str | None
    started_at: float
    ended_at: float | None
    input_tokens: int
    output_tokens: int
    usd: float | None
    kept: bool
    inner: bool
    """Of a workflow that a node ran: it is not on this run's graph."""


class Steps:
    """The steps of a tree."""

    def __init__(self, tree: Tree) -> None:
        import numpy as np  # an extra

        self.tree = tree
        codes = tree.columns.codes
        rows = np.flatnonzero(tree.operation == codes.find(_NODE))
        self.rows = rows[np.lexsort((tree.seq[rows], tree.started[rows]))]
        self.total = len(self.rows)
        self.inner = self._inner()[self.rows]
        self._at = np.full(tree.count, -1, np.int64)
        self._at[self.rows] = np.arange(self.total)
        self._starts = tree.started[self.rows]

    def _inner(self) -> Any:
        """Whether a row stands in a workflow that a node ran; a sub-workflow of this document is no such thing."""
        import numpy as np  # an extra

        tree, codes = self.tree, self.tree.columns.codes
        foreign = (tree.operation == codes.find(_WORKFLOW)) & (tree.node == 0) & (tree.depth > 0)
        inner = np.zeros(tree.count, bool)
        for rows in tree.levels[1:]:
            above = tree.parent[rows]
            inner[rows] = inner[above] | foreign[rows]
        return inner

    def of_row(self, row: int) -> int | None:
        """The step that a span is, or belongs to; None for what belongs to no node."""
        for each in reversed(self.tree.path(row)):
            if self._at[each] >= 0:
                return int(self._at[each])
        return None

    def at(self, moment: float) -> int:
        """The step that began last at a moment (seconds since the epoch); 0 before the first."""
        import numpy as np  # an extra

        return max(0, int(np.searchsorted(self._starts, moment, side="right")) - 1)

    def last_with(self, status: str) -> int | None:
        """The last step in a status; None where there is none."""
        import numpy as np  # an extra

        found = np.flatnonzero(self.tree.status[self.rows] == self.tree.columns.codes.find(status))
        return int(found[-1]) if len(found) else None

    def window(self, offset: int, limit: int) -> list[Step]:
        """Steps ``offset`` to ``offset + limit``."""
        return [self._step(index) for index in range(offset, min(self.total, offset + limit))]

    def _step(self, index: int) -> Step:
        tree, row = self.tree, int(self.rows[index])
        texts = tree.columns.codes.texts
        costs = tree.costs[:, row]
        return Step(
            index, row, tree.id_of(row), texts[tree.node[row]] or "", int(tree.seq[row]),
            texts[tree.status[row]] or "", texts[tree.outcome[row]], float(tree.started[row]), _moment(tree.ended[row]),
            int(costs[0]), int(costs[1]), price(tree, row), bool(tree.kept[row]), bool(self.inner[index]),
        )  # fmt: skip

    def nodes(self, before: int, now: float) -> dict[str, Totals]:
        """What each node of the graph took in the steps before number ``before``; open ones count up to ``now``."""
        import numpy as np  # an extra

        rows = self.rows[:before][~self.inner[:before]]
        if not len(rows):
            return {}
        tree, texts = self.tree, self.tree.columns.codes.texts
        node, size = tree.node[rows], len(texts)
        ended = tree.ended[rows]
        took = np.maximum(0, np.where(np.isnan(ended), now, ended) - tree.started[rows])
        visits = np.bincount(node, minlength=size)
        seconds = np.bincount(node, took, size)
        costs = [np.bincount(node, part[rows], size) for part in tree.costs]
        priced = np.bincount(node, tree.priced[rows], size) > 0
        kept = np.bincount(node, tree.kept[rows], size)
        first, last = np.zeros(size, np.int64), np.zeros(size, np.int64)
        first[node[::-1]] = rows[::-1]  # of several the one written last stays
        last[node] = rows
        latest = np.full(size, -np.inf)
        np.maximum.at(latest, node, np.where(np.isnan(ended), -np.inf, ended))
        return {
            texts[code] or "": Totals(
                int(visits[code]), float(seconds[code]), int(costs[0][code]), int(costs[1][code]),
                _usd(costs[2][code], costs[0][code] + costs[1][code], priced[code]),
                texts[tree.status[last[code]]] or "", texts[tree.outcome[last[code]]], int(kept[code]),
                _moment(latest[code]), tree.id_of(first[code]), tree.id_of(last[code]),
            )
            for code in np.flatnonzero(visits)
        }  # fmt: skip

    def edges(self, before: int) -> list[str]:
        """``node.outcome`` of every outcome that the steps before number ``before`` ended with."""
        import numpy as np  # an extra

        rows = self.rows[:before][~self.inner[:before]]
        tree, texts = self.tree, self.tree.columns.codes.texts
        pairs = np.unique(tree.node[rows].astype(np.int64) * len(texts) + tree.outcome[rows])
        named = [(texts[int(pair) // len(texts)], texts[int(pair) % len(texts)]) for pair in pairs]
        return [f"{node}.{outcome}" for node, outcome in named if node and outcome]

    def bands(self, start: float, end: float, now: float) -> list[str | None]:
        """The node at work in each of ``BANDS`` equal parts of the run's time, the innermost where several are."""
        import numpy as np  # an extra

        tree, texts = self.tree, self.tree.columns.codes.texts
        painted = np.zeros(BANDS, np.int64)
        rows = self.rows[~self.inner]
        width = max(end - start, 1e-9) / BANDS
        ended = np.where(np.isnan(tree.ended[rows]), now, tree.ended[rows])
        first = np.clip(((tree.started[rows] - start) / width).astype(np.int64), 0, BANDS - 1)
        last = np.clip(np.ceil((ended - start) / width).astype(np.int64), first + 1, BANDS)
        for node, begin, stop in zip(tree.node[rows].tolist(), first.tolist(), last.tolist(), strict=True):
            painted[begin:stop] = node
        return [texts[code] for code in painted]


def price(tree: Tree, row: int) -> float | None:
    """Dollars of a span with all below it; None where no price is known."""
    inputs, outputs, usd = tree.costs[:, row]
    return _usd(usd, inputs + outputs, tree.priced[row])


def _usd(usd: Any, tokens: Any, priced: Any) -> float | None:
    return float(usd) if priced or not tokens else None


def _moment(value: Any) -> float | None:
    return float(value) if math.isfinite(value) else None
