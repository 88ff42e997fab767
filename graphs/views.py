"""The view of a visit on its way to whoever watches: the newest counts, and not too many are told."""

import asyncio
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from graphs.tracer import snapshot

if TYPE_CHECKING:
    from graphs.context import NodeContext

VIEW_SECONDS: Final = 0.1
"""Seconds between two views of a visit, at least."""


class Shown:
    """What one visit shows."""

    def __init__(self, ctx: "NodeContext") -> None:
        self._ctx = ctx
        self._view: Mapping[str, Any] | None = None
        self._told_at = 0.0
        self._later: asyncio.TimerHandle | None = None

    def show(self, view: Mapping[str, Any]) -> None:
        """Tell the view now, or with the next that is due."""
        self._view = view
        wait = self._told_at + VIEW_SECONDS - time.monotonic()
        if wait <= 0:
            self.flush()
        elif self._later is None:
            self._later = asyncio.get_running_loop().call_later(wait, self.flush)

    def flush(self) -> None:
        """Tell what was shown last and is not told yet, and keep it in the span."""
        if self._later is not None:
            self._later.cancel()
            self._later = None
        if self._view is None:
            return
        view, self._view = snapshot(self._view), None
        self._told_at = time.monotonic()
        ctx = self._ctx
        ctx.span.row["attributes"] = {**ctx.span.row.get("attributes", {}), "view": view}
        ctx.run.emit({"type": "node.view", **ctx.place, "view": view})
