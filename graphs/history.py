"""What happened earlier in a run, read from its log of events when a node asks."""

from collections import deque
from collections.abc import Mapping
from typing import Any, Final

from graphs.stream import EventLog
from nodes.contract import RunEvent

KEPT: Final = 1_000
"""Events kept; the oldest go first."""


class History:
    """The ends of nodes and the tool calls of one run, as far as this process saw them."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._seq = 0
        self._events: deque[RunEvent] = deque(maxlen=KEPT)

    def events(self) -> tuple[RunEvent, ...]:
        """Oldest first. Each event of the log is looked at once, however often this is asked for."""
        for event in self._log.after(self._seq):
            self._seq = event["seq"]
            found = _READ[event["type"]](event) if event["type"] in _READ else None
            if found is not None:
                self._events.append(found)
        return tuple(self._events)


def _finished(event: Mapping[str, Any]) -> RunEvent:
    return RunEvent("node", event["node"], event["outcome"], kind=event["kind"])


def _failed(event: Mapping[str, Any]) -> RunEvent:
    return RunEvent("node", event["node"], "error", kind=event["kind"])


def _called(event: Mapping[str, Any]) -> RunEvent:
    outcome = "denied" if event.get("denied") else "failed" if event["failed"] else "ok"
    return RunEvent("tool", event["tool"], outcome, arguments=event["arguments"], text=str(event["result"])[:500])


_READ: Final = {"node.finished": _finished, "node.failed": _failed, "tool.finished": _called}
