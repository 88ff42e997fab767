"""A recording: one run as data, from which it can be run again without models, tools, memory or network.

In a file it is one JSON object::

    {"nodeloom_recording": 1, "number": "r-0042", "title": ..., "document": {...}, "inputs": {...},
     "status": "done", "outputs": {...}, "spans": [{"id": 1, "operation": "invoke_workflow", ...}, ...]}

Spans are those of the trace (docs/contracts.md), numbered in the order they began, values whole, without
times, prices and views; what equals its default is left out.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal, Protocol, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from graphs.document import Document
from nodes.contract import NodeError

FORMAT: Final = 1
KEY: Final = "nodeloom_recording"
REPLAYABLE: Final = ("done", "failed", "limit")
"""A run that was stopped or lost ended where chance had it."""
ENDED: Final = ("ok", "error")

_ASKED: Final = ("temperature", "max_tokens", "tools", "schema")
_TAKEN: Final = ("kept_from", "pinned", "edited")
"""Attributes of a visit that did not come to what it did by itself."""
_MEND: Final = "Write one with `nodeloom replay RUN --export FILE`."


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RecordedSpan(_Part):
    """A span of the run."""

    id: int = Field(ge=1)
    """Place in the order in which spans began."""
    parent: int | None = None
    last: int = 0
    """Id of the last span that had begun when this one ended."""
    operation: Literal[
        "invoke_workflow", "invoke_node", "chat", "execute_tool", "retrieve_memory", "write_memory"
    ]  # fmt: skip
    name: str = ""
    node_id: str | None = None
    kind: str | None = None
    visit: int | None = None
    item: int | None = None
    status: str = "ok"
    at: float | None = None
    """Of a node's visit: when it began, seconds since the epoch; what it is told when it asks for the time."""
    in_tool: bool = False
    """It happened while a tool of the same node worked, and so may be the tool's doing, whose result is recorded."""
    taken: bool = False
    """Of a node's visit: it was kept or pinned, or a person changed it at a stop; its outcome is the recorded one."""
    state: dict[str, Any] = Field(default_factory=dict[str, Any])
    """State variables that a person set at it."""
    input: Any = None
    output: Any = None
    outcome: str | None = None
    error: dict[str, Any] | None = None
    retried: bool = False
    """Of a failed model call: the node was tried again."""
    input_tokens: int | None = None
    output_tokens: int | None = None
    finish_reason: str | None = None
    asked: dict[str, Any] = Field(default_factory=dict[str, Any])
    """Of a model call: temperature, max_tokens, schema, tools, as far as given."""


class Recording(_Part):
    """A run that has ended."""

    nodeloom_recording: Literal[1] = FORMAT
    number: str
    run: str
    title: str = ""
    model: str | None = None
    document: Document
    inputs: dict[str, Any] = Field(default_factory=dict[str, Any])
    limits: dict[str, Any] = Field(default_factory=dict[str, Any])
    status: Literal["done", "failed", "limit"]
    outputs: dict[str, Any] | None = None
    error: dict[str, Any] | None = None
    workflows: dict[str, dict[str, Any]] = Field(default_factory=dict[str, dict[str, Any]])
    """Name -> document, of the saved workflows the run looked up."""
    spans: tuple[RecordedSpan, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _a_tree(self) -> Self:
        for place, span in enumerate(self.spans, 1):
            root = place == 1
            if span.id != place or root != (span.parent is None) or (span.parent or 0) >= place:
                raise ValueError(f"span {span.id} at place {place} does not stand below an earlier one")
        return self

    @classmethod
    def load(cls, path: Path) -> "Recording":
        """Read a file. Raises NodeError for one that cannot be read or is no recording."""
        try:
            content = path.read_bytes()
        except OSError as error:
            raise NodeError(f"The recording {path} cannot be read: {error.strerror}", mend="Check the path.") from None
        return cls.read(content, str(path))

    @classmethod
    def read(cls, content: bytes, path: str) -> "Recording":
        """Read a file's content; ``path`` names it in messages. Raises NodeError for one that is no recording."""
        try:
            raw: Any = json.loads(content.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise NodeError(f"{path} is no recording: it is not JSON ({error})", mend=_MEND) from None
        _require_ours(path, raw)
        try:
            return cls.model_validate(raw)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"]) or "its spans"
            got = f", and not {str(first['input'])[:80]!r}" if first["loc"] else ""
            raise NodeError(f"The recording {path} is broken at {place}: {first['msg']}{got}", mend=_MEND) from None

    def save(self, path: Path) -> None:
        """Write the file. Raises OSError."""
        path.write_text(self.text(), encoding="utf-8")

    def text(self) -> str:
        """The file's content."""
        data = {KEY: FORMAT, **self.model_dump(mode="json", exclude_defaults=True)}
        return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _require_ours(path: str, raw: Any) -> None:
    if isinstance(raw, dict) and KEY in raw:
        if raw[KEY] != FORMAT:  # pyright: ignore[reportUnknownArgumentType]
            version: Any = raw[KEY]
            raise NodeError(
                f"The recording {path} is of format {version!r}; this Nodeloom reads {FORMAT}",
                mend="Replay it with the Nodeloom that wrote it, or record the run again.",
            )
        return
    found = "a model's script" if isinstance(raw, dict) and "replies" in raw else f"it has no {KEY!r}"
    raise NodeError(f"{path} is no recording: {found}", mend=_MEND)


# --- from the trace --------------------------------------------------------------------------------


class EndedRun(Protocol):
    """``store.runs.RunRow`` by shape."""

    @property
    def id(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def model(self) -> str | None: ...
    @property
    def status(self) -> str: ...
    @property
    def inputs(self) -> dict[str, Any]: ...
    @property
    def limits(self) -> dict[str, Any]: ...
    @property
    def outputs(self) -> dict[str, Any] | None: ...
    @property
    def error(self) -> dict[str, Any] | None: ...


Row = Mapping[str, Any]
T = TypeVar("T")


def recording_of_run(run: EndedRun, document: Document, spans: Iterable[Row]) -> Recording:
    """The recording of a run from the spans of its trace, whole. Raises NodeError where it cannot be replayed."""
    if run.status not in REPLAYABLE or (run.error or {}).get("limit") == "seconds":
        how = "ran out of time" if run.status == "limit" else f"is {run.status}"
        raise NodeError(
            f"The run {run.number} {how} and cannot be replayed",
            mend="Replay one that ended by itself; `nodeloom runs` lists them.",
        )
    ordered = sorted(spans, key=lambda row: (row["started_at"], row["id"]))
    rows = that_counted(ordered, dict)
    if not rows or rows[0]["parent_id"] is not None:
        raise NodeError(f"The run {run.number} has no trace, so nothing to replay", mend="Run the workflow again.")
    return Recording(
        number=run.number, run=run.id, title=run.title, model=run.model, document=document, inputs=run.inputs,
        limits=run.limits, status=run.status, outputs=run.outputs, error=run.error, spans=_numbered(rows),
    )  # fmt: skip


def that_counted(spans: Sequence[T], row: Callable[[T], Row]) -> list[T]:
    """Of spans in the order they began, without the visits that a resumed run began anew, and what stands below those.

    ``row`` gives the columns of a span.
    """
    rows = [row(span) for span in spans]
    last = {_visit(each): each["id"] for each in rows if each["operation"] == "invoke_node"}
    kept: dict[str | None, T | None] = {None: None}
    for span, each in zip(spans, rows, strict=True):
        superseded = each["operation"] == "invoke_node" and last[_visit(each)] != each["id"]
        if each["parent_id"] in kept and not superseded:
            kept[each["id"]] = span
    return [span for span in kept.values() if span is not None]


def _visit(row: Row) -> tuple[Any, ...]:
    return row["parent_id"], row["node_id"], row["visit"], row["item"]


def _numbered(rows: list[Row]) -> tuple[RecordedSpan, ...]:
    numbers = {row["id"]: place for place, row in enumerate(rows, 1)}
    tools: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["operation"] == "execute_tool":
            tools[row["parent_id"]].append(row)
    by_id = {row["id"]: row for row in rows}
    ends = _last_begun(rows)
    return tuple(
        _span(row, by_id.get(row["parent_id"], {}), numbers, ends[row["id"]], _within(row, tools)) for row in rows
    )


def _last_begun(rows: list[Row]) -> dict[str, int]:
    """Id -> number of the last span begun before its end."""
    ended = sorted(rows, key=lambda row: row["ended_at"] or row["started_at"])
    found: dict[str, int] = {}
    begun = 0
    for row in ended:
        while begun < len(rows) and rows[begun]["started_at"] <= (row["ended_at"] or row["started_at"]):
            begun += 1
        found[row["id"]] = begun
    return found


def _within(row: Row, tools: Mapping[str, list[Row]]) -> bool:
    if row["operation"] in ("execute_tool", "invoke_node") or row["ended_at"] is None:
        return False
    return any(
        (tool["started_at"], tool["id"]) < (row["started_at"], row["id"]) and row["ended_at"] <= (tool["ended_at"] or 0)
        for tool in tools.get(row["parent_id"], ())
    )


def _span(row: Row, parent: Row, numbers: Mapping[str, int], last: int, in_tool: bool) -> RecordedSpan:
    attributes: Mapping[str, Any] = row["attributes"] or {}
    columns = ("operation", "name", "node_id", "kind", "visit", "item", "status", "input", "output", "outcome", "error")
    chat = row["operation"] == "chat"
    counts = ("input_tokens", "output_tokens", "finish_reason") if chat else ()
    failures: list[Row] = (parent.get("attributes") or {}).get("failed_attempts") or []
    return RecordedSpan(
        id=numbers[row["id"]],
        parent=numbers.get(row["parent_id"]),
        last=last,
        at=row["started_at"] if row["operation"] == "invoke_node" else None,
        in_tool=in_tool,
        taken=any(attributes.get(name) for name in _TAKEN),
        state=(attributes.get("edited") or {}).get("state") or {},
        retried=chat and row["error"] is not None and any(row["error"]["what"] == each["what"] for each in failures),
        asked={key: attributes[key] for key in _ASKED if key in attributes} if chat else {},
        **{key: row[key] for key in (*columns, *counts)},
    )
