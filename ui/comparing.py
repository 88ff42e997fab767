"""Two runs of the workspace held against each other, for the API and the terminal.

What was compared last is kept, for a page reads a comparison in many windows.
"""

import gc
import threading
from collections import OrderedDict
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

from graphs.comparison import Comparison, Side
from graphs.comparison_changes import Column
from graphs.comparison_trace import LightSpan as AlignedSpan
from graphs.document import Document
from graphs.replay_matching import same
from store.light_spans import LightSpan, light_spans
from store.runs import RunRow
from ui.workspace import Workspace

KEPT: Final = 2
"""Comparisons held; one of two runs of 100,000 spans takes 200 MB."""

_Key = tuple[Any, ...]
_kept: Final[WeakKeyDictionary[Workspace, OrderedDict[_Key, "Compared"]]] = WeakKeyDictionary()
_lock: Final = threading.Lock()


@dataclass(frozen=True)
class Compared:
    """Two runs and what became of holding them against each other."""

    workspace: Workspace
    runs: tuple[RunRow, RunRow]
    comparison: Comparison

    def span(self, light: AlignedSpan | None) -> Any:
        """The span with its values, whole; None for none."""
        return None if light is None else self.workspace.spans.get(light.id)


def compared(workspace: Workspace, left: str, right: str) -> Compared:
    """The runs with these numbers or ids side by side. Raises NotFound."""
    runs = workspace.runs.get(left), workspace.runs.get(right)
    key = tuple((run.id, run.status, run.ended_at) for run in runs)
    with _lock:  # the windows of one page ask together
        kept = _kept.setdefault(workspace, OrderedDict())
        if key in kept:
            kept.move_to_end(key)
            return kept[key]
        workspace.flush()
        with _without_collection():
            traces = [light_spans(workspace.database, run.id) for run in runs]
            found = Compared(workspace, runs, _comparison(workspace, runs, traces))
        if all(_is_over(trace) for trace in traces):
            kept[key] = found
            while len(kept) > KEPT:
                kept.popitem(last=False)
        return found


@contextmanager
def _without_collection() -> Generator[None]:
    """Nothing made meanwhile is garbage, and looking for it doubles the time of a large comparison."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _comparison(workspace: Workspace, runs: tuple[RunRow, RunRow], traces: list[list[LightSpan]]) -> Comparison:
    def alike(left: str, right: str, column: Column) -> bool:
        one, other = workspace.spans.get(left), workspace.spans.get(right)
        return same(getattr(one, column), getattr(other, column))

    left, right = (
        Side(Document.model_validate(workspace.workflows.pinned(run.version_hash)), trace, run.status, run.outputs)
        for run, trace in zip(runs, traces, strict=True)
    )
    return Comparison(left, right, alike)


def _is_over(trace: list[LightSpan]) -> bool:
    """Whether everything is written: the run's own span ends last."""
    return bool(trace) and trace[0].parent_id is None and trace[0].ended_at is not None
