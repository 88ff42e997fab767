"""What happened earlier in a run, read from its log of events when a node asks."""

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any, Final

from graphs.stream import EventLog
from nodes.contract import RunEvent

KEPT: Final = 1_000
"""Events kept; the oldest go first."""
REFUSED: Final = ("PolicyDenied", "CallRefused")
"""Errors of tool calls that were not made."""


class History:
    """The ends of nodes and the tool calls of one run."""

    def __init__(self, log: EventLog, earlier: Iterable[RunEvent] = ()) -> None:
        """``earlier``: what happened in other processes."""
        self._log = log
        self._seq = 0
        self._events: deque[RunEvent] = deque(earlier, maxlen=KEPT)

    def events(self) -> tuple[RunEvent, ...]:
        """Oldest first. Each event of the log is looked at once, however often this is asked for."""
        for event in self._log.after(self._seq):
            self._seq = event["seq"]
            found = _READ[event["type"]](event) if event["type"] in _READ else None
            if found is not None:
                self._events.append(found)
        return tuple(self._events)


def of_trace(rows: Iterable[Mapping[str, Any]]) -> list[RunEvent]:
    """The same from spans, oldest first: of visits (with the tools of those that were kept) and of tool calls."""
    ended = [row for row in rows if row["status"] in ("ok", "error") and row["ended_at"] is not None]
    found: list[RunEvent] = []
    for row in sorted(ended, key=lambda row: (row["ended_at"], row["id"])):
        if row["operation"] == "execute_tool":
            found.append(of_tool(row))
        elif row["operation"] == "invoke_node":
            found += tools_kept(row["attributes"] or {})
            found.append(RunEvent("node", row["node_id"], row["outcome"] or "done", kind=row["kind"] or ""))
    return found


def tools_kept(attributes: Mapping[str, Any]) -> list[RunEvent]:
    """The tool calls of a visit that was kept, from the attributes of its span."""
    kept: Iterable[Mapping[str, Any]] = attributes.get("kept_tools", ())
    return [RunEvent(event="tool", **tool) for tool in kept]


def of_tool(row: Mapping[str, Any]) -> RunEvent:
    """A tool call from its span."""
    notes: Mapping[str, Any] = row["attributes"] or {}
    replaced = "reason" in notes and not notes.get("changed_result")  # a policy gave a text in place of the call
    refused = (row["error"] or {}).get("type") in REFUSED or replaced
    output = row["output"]
    text = output.get("text", "") if isinstance(output, Mapping) else output
    outcome = "denied" if refused else "failed" if row["status"] == "error" else "ok"
    called = (notes.get("approval") or {}).get("arguments", row["input"])  # as a person changed them
    return RunEvent("tool", row["name"], outcome, arguments=called or {}, text=str(text or "")[:500])


def _finished(event: Mapping[str, Any]) -> RunEvent:
    return RunEvent("node", event["node"], event["outcome"], kind=event["kind"])


def _failed(event: Mapping[str, Any]) -> RunEvent:
    return RunEvent("node", event["node"], "error", kind=event["kind"])


def _called(event: Mapping[str, Any]) -> RunEvent:
    outcome = "denied" if event.get("denied") else "failed" if event["failed"] else "ok"
    return RunEvent("tool", event["tool"], outcome, arguments=event["arguments"], text=str(event["result"])[:500])


_READ: Final = {"node.finished": _finished, "node.failed": _failed, "tool.finished": _called}
