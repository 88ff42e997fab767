"""A replay beside its recording: which recorded span stands for each that is opened, and where the two differ.

A span is matched the moment it opens, below the match of its parent, by node, visit and item. Among several
model calls, memory accesses or calls of one tool in a visit, the one that asked the very same is taken, else
the next in order; so calls made together find their own answers, however they overtake one another.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from graphs.limit_reached import LimitReached
from graphs.replay_recording import ENDED, RecordedSpan, Recording
from graphs.tracer import Row, Span, SpanSink, Tracer

ANSWERED: Final = {
    "chat": "a model", "execute_tool": "a tool", "retrieve_memory": "the memory", "write_memory": "the memory",
}  # fmt: skip
"""Operations whose answer comes from outside the workflow, and from whom."""
CHANGED: Final = {
    "chat": "prompt", "execute_tool": "arguments", "retrieve_memory": "query", "write_memory": "memory",
    "invoke_workflow": "input",
}  # fmt: skip
"""Operation -> the kind of departure when it asks something else than was recorded."""
_SAID: Final = {
    "prompt": "asks the model something else",
    "model": "asks another model, or with other settings",
    "arguments": "calls {name} with other arguments",
    "query": "asks the memory space {name} something else",
    "memory": "writes something else to the memory space {name}",
    "input": "hands other inputs to {name}",
}

ANSWERS: Final[dict[str, ContextVar[RecordedSpan | None]]] = {
    operation: ContextVar(f"recorded_{operation}", default=None) for operation in ANSWERED
}
"""Operation -> the recorded span that answers the one this task has open."""

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Departure:
    """A point where a replay and its recording differ."""

    kind: str
    """prompt, model, arguments, query, memory, input, kind, settings, new, unrecorded, unasked, missing, result,
    outcome, output or ending."""
    what: str
    """A sentence about it, after the node's name."""
    node: str | None = None
    visit: int | None = None
    item: int | None = None
    recorded: Any = None
    now: Any = None
    rank: float = 0.0
    """Place in the order of the recorded run."""


class NothingRecorded(LimitReached):
    """The replay asks what the run never asked. Like a spent budget it ends the run from anywhere."""

    def __init__(self, what: str) -> None:
        super().__init__("recording", what)
        self.mend = "Run the workflow with a model, or undo the change that leads here."


class Matcher:
    """What was recorded, and what of it the replay has met so far."""

    def __init__(self, recording: Recording) -> None:
        self.departures: list[Departure] = []
        self.stopped: Departure | None = None
        """Where the replay could not go on."""
        self.met: set[int] = set()
        """Ids of the recorded spans that were matched."""
        self._of: dict[str, RecordedSpan] = {}
        self._free: defaultdict[Key, list[RecordedSpan]] = defaultdict(list)
        self._reached = 0
        for span in recording.spans:
            self._free[span_key(span.parent, vars(span))].append(span)

    def of(self, span_id: str) -> RecordedSpan | None:
        """The recorded span that stands for an open one."""
        return self._of.get(span_id)

    def opened(self, row: Row) -> None:
        """Match a span that begins. Raises NothingRecorded where it needs an answer that there is not."""
        if self.stopped is not None:
            raise NothingRecorded(self.stopped.what)
        operation, above = row["operation"], self._of.get(row["parent_id"] or "")
        known = row["parent_id"] is None or above is not None
        found = self._take(span_key(above.id if above else None, row), row) if known else None
        if operation in ANSWERS:
            ANSWERS[operation].set(found)
        if found is not None:
            self._of[row["id"]] = found
            self.met.add(found.id)
            self._reached = found.id
            self._compare_asked(row, found)
        elif operation in ANSWERED:
            self.nothing_for(row, self._asked_there(row, above))
        elif known:
            name = row.get("node_id") or row["name"]
            self._depart("new", f"{name} did not run in the recording", row, self._reached + 0.5)

    def renamed(self, old: str, new: str) -> None:
        """A span that was opened has another id."""
        if old in self._of:
            self._of[new] = self._of.pop(old)

    def nothing_for(self, row: Row, recorded: Any = None) -> NoReturn:
        """Stop: there is no recorded answer. Raises NothingRecorded."""
        who = ANSWERED.get(row["operation"], "a person or the machine")
        what = f"asks {who} ({row['name']}), and no recorded answer exists"
        self._depart("unrecorded", what, row, self._reached + 0.5, recorded, row.get("input"))
        self.stopped = self.departures[-1]
        raise NothingRecorded(what)

    def closed(self, row: Row) -> None:
        """Compare how a span ended."""
        found = self._of.get(row["id"])
        if found is None or found.status not in ENDED or row["status"] not in ENDED:
            return
        rank = found.last + 0.5
        if row["operation"] == "invoke_node":
            if not found.taken and not same(row.get("input"), found.input):
                self._depart("input", "gets other inputs", row, found.id, found.input, row.get("input"))
            if (row["status"], row.get("outcome")) != (found.status, found.outcome):
                self._depart("outcome", "ends otherwise", row, rank, _ending(vars(found)), _ending(row))
            elif not same(row.get("output"), found.output):
                self._depart("output", "gives another output", row, rank, found.output, row.get("output"))
        elif row["operation"] in ("chat", "execute_tool"):
            now, then = _result(row), _result(vars(found))
            if not same(now, then):
                self._depart("result", f"gets another result of {row['name']}", row, rank, then, now)

    def met_below(self, above: RecordedSpan) -> None:
        """Count what stands below a visit as met: the visit was taken from the recording whole."""
        for key in [key for key in self._free if key[0] == above.id]:
            for span in self._free.pop(key):
                self.met.add(span.id)
                self.met_below(span)

    def _take(self, key: Key, row: Row) -> RecordedSpan | None:
        """The recorded span for a new one: the equal one, else the next, a tool's own last."""
        free = self._free.get(key)
        if not free:
            return None
        free.sort(key=lambda span: (span.in_tool, span.id))
        asked = _asked(row)
        found = next((span for span in free if same(_asked(vars(span)), asked)), free[0])
        free.remove(found)
        return found

    def _asked_there(self, row: Row, above: RecordedSpan | None) -> Any:
        """What the same visit asked in the recording, of the same sort; None where it asked nothing."""
        if above is None:
            return None
        prefix = (above.id, row["operation"])
        left = [span.input for key, spans in self._free.items() if key[:2] == prefix for span in spans]
        return left[0] if left else None

    def _compare_asked(self, row: Row, found: RecordedSpan) -> None:
        operation = row["operation"]
        if operation == "invoke_node":
            if row["kind"] != found.kind:
                self._depart("kind", "is of another kind", row, found.id, found.kind, row["kind"])
            return
        now, then = _asked(row), _asked(vars(found))
        if same(now, then) or row["parent_id"] is None:
            return
        kind = CHANGED[operation]
        if operation == "chat" and same(row["input"], found.input):
            kind, now, then = "model", {"model": now[0], **now[2]}, {"model": then[0], **then[2]}
        else:
            now, then = row["input"], found.input
        self._depart(kind, _SAID[kind].format(name=row["name"]), row, found.id, then, now)

    def _depart(
        self, kind: str, what: str, row: Mapping[str, Any], rank: float, recorded: Any = None, now: Any = None
    ) -> None:
        place = {"node": row.get("node_id"), "visit": row.get("visit"), "item": row.get("item")}
        self.departures.append(Departure(kind, what, recorded=recorded, now=now, rank=rank, **place))


class ReplayTracer(Tracer):
    """A tracer that keeps nothing and shows every span to a matcher."""

    def __init__(self, matcher: Matcher, run_id: str) -> None:
        super().__init__(_Nowhere(), run_id)
        self._matcher = matcher

    def start(self, operation: str, name: str, parent_id: str | None, id: str | None = None, **fields: Any) -> Span:
        span = super().start(operation, name, parent_id, id, **fields)
        try:
            self._matcher.opened(span.row)
        except NothingRecorded:
            span.end("cancelled")
            raise
        return span

    def rename(self, span: Span, id: str) -> None:
        self._matcher.renamed(span.id, id)
        super().rename(span, id)

    def close(self, span: Span) -> None:
        self._matcher.closed(span.row)
        super().close(span)


class _Nowhere(SpanSink):
    def put(self, span: Row) -> None:
        """A replay leaves no trace."""

    def settle(self) -> None:
        """There is nothing to write."""

    def flush(self) -> None:
        """There is nothing to write."""


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal as JSON, which is how they are recorded."""
    return one is other or _json(one) == _json(other)


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=repr)


def span_key(parent: int | None, row: Mapping[str, Any]) -> Key:
    """Where a span belongs: spans of two runs with equal keys, below spans that match, stand for each other."""
    operation = row["operation"]
    name = row["name"] if operation == "execute_tool" else None
    node = row.get("node_id") if operation == "invoke_node" else None
    return parent, operation, node, row.get("visit"), row.get("item"), name


def _asked(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a span asks for: of a model call its reference, messages and settings."""
    if row["operation"] != "chat":
        return row["name"], row.get("input")
    attributes: Mapping[str, Any] = row.get("asked") or row.get("attributes") or {}
    settings = {key: attributes[key] for key in ("temperature", "max_tokens", "tools", "schema") if key in attributes}
    return row["name"], row["input"], settings


def _result(row: Mapping[str, Any]) -> Any:
    error: Mapping[str, Any] = row.get("error") or {}
    return {"failed": error.get("what")} if row["status"] == "error" else row.get("output")


def _ending(row: Mapping[str, Any]) -> Any:
    error: Mapping[str, Any] = row.get("error") or {}
    return {"outcome": row.get("outcome"), **({"error": error["what"]} if error else {})}
