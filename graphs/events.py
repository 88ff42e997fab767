"""The events of a run, as they go over the wire (``docs/contracts.md``, "Run events").

``seq`` and ``at`` are added by the run's log. Events are plain dicts with a type for each: they are
made for every node of every run, and a model class would cost more than the node.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal, NotRequired, TypedDict

PREVIEW: Final = 500
"""Characters of an output in an event."""


class Failure(TypedDict):
    """What went wrong and how to mend it."""

    what: str
    mend: str


class RunStarted(TypedDict):
    type: Literal["run.started"]
    run_id: str
    number: str
    limits: dict[str, Any]
    status: str


class RunSpent(TypedDict):
    type: Literal["run.spent"]
    steps: int
    seconds: float
    tokens: int
    usd: float


class RunFinished(TypedDict):
    type: Literal["run.finished"]
    status: str
    outputs: dict[str, Any] | None
    error: dict[str, Any] | None


class OfVisit(TypedDict):
    """One run of a node; ``item`` in the body of a frame, ``within`` (a span) in a nested workflow; ``kept`` of one
    that did not run."""

    node: str
    visit: int
    item: NotRequired[int]
    kept: NotRequired[bool]
    within: NotRequired[str]


class NodeStarted(OfVisit):
    type: Literal["node.started"]
    step: int
    span: str


class NodeToken(OfVisit):
    type: Literal["node.token"]
    text: str


class NodeProgress(OfVisit):
    type: Literal["node.progress"]
    text: str


class NodeView(OfVisit):
    type: Literal["node.view"]
    view: dict[str, Any]


class NodeFinished(OfVisit):
    type: Literal["node.finished"]
    kind: str
    span: str
    outcome: str
    seconds: float
    tokens: int
    usd: float
    outputs: dict[str, Any]


class NodeFailed(OfVisit):
    type: Literal["node.failed"]
    kind: str
    span: str
    error: Failure
    handled: bool


class NodeWaiting(TypedDict):
    type: Literal["node.waiting"]
    node: str
    interrupt: str
    form: dict[str, Any]
    stop: NotRequired[dict[str, Any]]


class ToolStarted(OfVisit):
    type: Literal["tool.started"]
    tool: str
    arguments: dict[str, Any]


class ToolFinished(OfVisit):
    type: Literal["tool.finished"]
    tool: str
    arguments: dict[str, Any]
    result: str
    failed: bool
    denied: NotRequired[bool]
    policy: NotRequired[str]


class ModelFinished(OfVisit):
    type: Literal["model.finished"]
    model: str
    input_tokens: int
    output_tokens: int
    usd: float
    seconds: float


Event = (
    RunStarted
    | RunSpent
    | RunFinished
    | NodeStarted
    | NodeToken
    | NodeProgress
    | NodeView
    | NodeFinished
    | NodeFailed
    | NodeWaiting
    | ToolStarted
    | ToolFinished
    | ModelFinished
)


def previews(values: Mapping[str, Any]) -> dict[str, Any]:
    """Each value cut to ``PREVIEW`` characters; short scalars and small containers stay as they are."""
    return {name: preview(value) for name, value in values.items()}


def preview(value: Any) -> Any:
    """A value for an event: itself where it is small, else the beginning of its text."""
    kind = type(value)
    if kind is int or kind is float:
        return value
    if isinstance(value, str):
        return value if len(value) <= PREVIEW else value[:PREVIEW] + "…"
    if value is None or isinstance(value, int | float):
        return value
    pieces: list[str] = []
    if _render(value, pieces, PREVIEW) > 0:
        return value
    return "".join(pieces)[:PREVIEW] + "…"


def _render(value: Any, pieces: list[str], room: int) -> int:
    """Append the text of ``value`` until there is no room; the room left."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            pieces.append(f"{key}: ")
            room = _render(each, pieces, room - len(pieces[-1]))
            if room <= 0:
                break
        return room
    if isinstance(value, list | tuple):
        for each in value:
            room = _render(each, pieces, room - 2)
            pieces.append(", ")
            if room <= 0:
                break
        return room
    text = value if isinstance(value, str) else str(value)
    pieces.append(text[: max(room, 0)])
    return room - len(text)
