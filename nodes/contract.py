"""THE node contract: what a node kind declares, what it is given, what it may return.

A node kind is one file: a docstring (what it does, when to use it, the paper, where we deviate),
prompts as upper-case constants, a ``Config``, and one async function under ``@node``. The function

    async def critique(inputs: dict[str, Any], config: Config, ctx: Context) -> Result

reads as the algorithm. It imports nothing of LangGraph, LangChain or the store: model, memory,
tools, clock and limits come from ``ctx``. It returns one of

- ``dict``: output port -> value; the node ends with its first outcome (``done`` for most);
- ``Route(outcome, outputs)``: ends with the named outcome;
- ``FanOut(items, ...)``: run the frame's body once for each item (only ``control.for_each``);
- ``Pause(form, resume)``: wait for a person, then go on with ``resume(answer)``. LangGraph runs the
  node again from its top after a pause, so nothing with a side effect may stand before it.

Everything common - checking ports, retries, timeout, cost, trace, status events - is in the wrapper
that ``graphs`` puts around every node; a node does none of it. To fail, raise ``NodeError``.

Inputs: a required port is always present in ``inputs``; an optional one that no run of its source
has filled is absent. Values are JSON-like and of their port's type (``nodes.types``); do not mutate
them. Besides the ports, ``inputs["state"]`` holds the state variables (name -> value) for a kind with
template or CEL fields. ``start`` is given the run's inputs and returns them; what ``finish`` is given
are the run's outputs, and it returns them.
"""

import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from pydantic import BaseModel, ConfigDict

Family = Literal["planning", "memory", "tools", "reflection", "teams", "control", "guards", "resources"]
FAMILIES: Final[tuple[Family, ...]] = (
    "planning", "memory", "tools", "reflection", "teams", "control", "guards", "resources",
)  # fmt: skip

AttachSort = Literal["model", "memory", "tool"]


class Config(BaseModel):
    """Base of every node's settings. Fields carry title, description (with the unit), and bounds.

    ``json_schema_extra`` keys the settings form understands: ``widget`` ("prompt" for a Mustache
    template, "cel" for a condition, "textarea", "code", "model", "tool", "space", "folder"),
    ``unit`` ("s", "tok", "calls", ...), ``advanced`` (true: folded away).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Port:
    """One typed input or output. ``required`` matters for inputs only."""

    name: str
    type: str = "any"
    description: str = ""
    required: bool = True


@dataclass(frozen=True)
class Attach:
    """One socket below a node for resources of a sort. ``many``: several may be attached."""

    name: str
    sort: AttachSort
    required: bool = False
    many: bool = False


@dataclass(frozen=True)
class NodeSpec:
    """Everything known about a kind without running it."""

    kind: str
    """``family.name`` or, for the three that every workflow has, a bare name; never renamed."""
    family: Family
    title: str
    summary: str
    """One line of at most 60 characters for the palette."""
    config: type[Config]
    run: "NodeFunction | None" = None
    """None for kinds that never run: notes and resources."""
    version: int = 1
    inputs: tuple[Port, ...] = ()
    outputs: tuple[Port, ...] = ()
    outcomes: tuple[str, ...] = ("done",)
    """Flow handles on the right, in order; empty for a node that ends its branch or never runs."""
    attaches: tuple[Attach, ...] = ()
    provides: AttachSort | None = None
    """For a resource: what it is when attached."""
    make_tool: "Callable[[Any, Services], Tool] | None" = None
    """For a resource that provides a tool: builds it from its settings, for each run."""
    template_fields: tuple[str, ...] = ()
    """Config fields holding Mustache templates; each variable in them is an input port of type any.

    A field holds one template, or a record of them (``tools.call``): then all of its values in order.
    """
    typed_by: Mapping[str, str] = field(default_factory=dict[str, str])
    """Output port -> config field whose value is that port's type (``answer`` -> ``answer_type``)."""
    outcomes_field: str | None = None
    """Config field: a list of objects with ``name``; these names, then ``outcomes``, are the handles."""
    dynamic: Literal["workflow_inputs", "workflow_outputs", None] = None
    """start: outputs are the workflow's inputs; finish: inputs are the workflow's outputs."""
    bounds_loop: bool = False
    """Its config limits how often a cycle through it can turn."""
    frame: bool = False
    """Holds other nodes (their ``parent``); flow leaves into the body by the outcome ``each``."""
    frame_outputs: tuple[Port, ...] = ()
    """For a frame: ports that feed nodes of the body (item, index)."""
    frame_inputs: tuple[Port, ...] = ()
    """For a frame: ports the body feeds (result)."""
    side_effects: bool = False
    """Changes the world outside the run (remember, a tool that writes): never cached or replayed."""
    model_calls: str = "none"
    """How many model calls a visit costs, in words a designer understands: "1", "1 to max_calls"."""
    source: str = ""
    """Paper (authors, year, address) or "Nodeloom"."""
    doc: str = ""
    """The file's docstring: the reference page."""
    icon: str = ""
    """Name of the glyph on its tile."""


Inputs = dict[str, Any]
Outputs = dict[str, Any]


@dataclass(frozen=True)
class Route:
    """End with a named outcome."""

    outcome: str
    outputs: Outputs = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class FanOut:
    """Run the body once for each item; the results come back in the order of the items."""

    items: list[Any]
    parallel: int = 8
    """How many bodies run at the same time, 1 or more."""
    on_error: Literal["stop", "skip"] = "stop"


@dataclass(frozen=True)
class Form:
    """What a person is asked."""

    title: str
    text: str = ""
    fields: tuple[dict[str, Any], ...] = ()
    """Each: ``{"name", "title", "type": text|number|boolean|choice, "choices": [...], "default"}``."""


@dataclass(frozen=True)
class Pause:
    """Wait for a person. ``resume`` gets the answer, field name -> value."""

    form: Form
    resume: Callable[[dict[str, Any]], "Outputs | Route"]


Result = Outputs | Route | FanOut | Pause
NodeFunction = Callable[[Inputs, Any, "Context"], Awaitable[Result]]


# --- what a running node may reach -----------------------------------------------------------------


@dataclass(frozen=True)
class Reply:
    """One answer of a model."""

    text: str
    data: Any = None
    """The parsed object when a schema was asked for."""
    input_tokens: int = 0
    output_tokens: int = 0
    model: str = ""
    finish_reason: str = "stop"


class ChatModel(Protocol):
    """A chat model by reference; streams its tokens to whoever watches, and counts them."""

    @property
    def reference(self) -> str:
        """``provider:model``."""
        ...

    async def chat(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        schema: type[BaseModel] | None = None,
        temperature: float | None = None,
        max_tokens: int | None = None,
        stream: bool = True,
    ) -> Reply:
        """Send ``messages``. With ``schema`` the reply is constrained to it and ``data`` is its model.

        Raises NodeError when the model cannot be reached or refuses, AnswerError when the answer
        does not fit the schema.
        """
        ...


@dataclass(frozen=True)
class Hit:
    """A recalled record; the four parts sum to ``score`` (0 to 1, each already weighted)."""

    id: str
    text: str
    kind: str
    score: float
    similarity: float
    recency: float
    importance: float
    keyword: float
    created_at: float
    """Seconds since the epoch."""
    source: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Weights:
    """How the four parts of a hit's score are mixed; scaled to sum to 1. Each 0 to 1."""

    similarity: float = 0.55
    recency: float = 0.15
    importance: float = 0.20
    keyword: float = 0.10


class Memory(Protocol):
    """One memory space."""

    @property
    def space(self) -> str: ...

    async def search(
        self, query: str, *, top_k: int, weights: Weights, half_life_days: float, kinds: Sequence[str] = ()
    ) -> list[Hit]: ...

    async def add(self, text: str, *, kind: str = "note", importance: float = 5.0) -> str:
        """Store a record (importance 1 to 10) and return its id; an equal text updates its record."""
        ...


@dataclass(frozen=True)
class ToolResult:
    text: str
    data: Any = None
    failed: bool = False


class Tool(Protocol):
    """Something a model or a node can call."""

    @property
    def name(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def parameters(self) -> dict[str, Any]:
        """JSON Schema of the arguments."""
        ...

    async def call(self, arguments: Mapping[str, Any]) -> ToolResult:
        """Never raises for what the caller did wrong: the result says so, and a model can mend it."""
        ...


class Services(Protocol):
    """What a tool may ask of the workspace. A document names a grant; only the user defines it."""

    def folder(self, name: str) -> Path:
        """The folder the user granted under ``name``. Raises NodeError where there is none."""
        ...

    def now(self) -> float: ...


@dataclass(frozen=True)
class AgentTurn:
    """What LangChain's agent loop did."""

    text: str
    messages: list[dict[str, Any]]
    tool_calls: int
    stopped: Literal["answer", "calls", "repeat"]
    """Why it ended: an answer, the limit on calls, or the same call again."""


class Context(Protocol):
    """What a node reaches while it runs. Given by ``graphs``; a fake one in ``tests/fakes.py``."""

    @property
    def run_id(self) -> str: ...
    @property
    def node_id(self) -> str: ...
    @property
    def visit(self) -> int:
        """1 for the node's first run in this run of the workflow, 2 for the second, ..."""
        ...

    @property
    def task_id(self) -> str:
        """Same after a crash and resume: the idempotency key for side effects."""
        ...

    @property
    def model(self) -> ChatModel:
        """The attached model, else the workflow's, else the workspace's default."""
        ...

    @property
    def memory(self) -> Memory | None: ...
    @property
    def tools(self) -> Sequence[Tool]: ...

    def now(self) -> float:
        """Seconds since the epoch."""
        ...

    def progress(self, text: str) -> None:
        """A line for whoever watches."""
        ...

    async def call_tool(self, tool: Tool, arguments: Mapping[str, Any]) -> ToolResult:
        """Call a tool inside a span of its own; nodes never call ``tool.call`` themselves."""
        ...

    async def agent(
        self, messages: Sequence[Mapping[str, Any]], *, tools: Sequence[Tool], max_calls: int, temperature: float | None
    ) -> AgentTurn:
        """LangChain's agent loop on the node's model."""
        ...


class NodeError(Exception):
    """A node cannot go on. Says what, with the value, and how to mend it.

    ``retryable`` marks passing faults (a model that does not answer), which the wrapper tries again.
    """

    def __init__(self, what: str, *, mend: str = "", retryable: bool = False) -> None:
        super().__init__(what)
        self.what = what
        self.mend = mend
        self.retryable = retryable


class AnswerError(NodeError):
    """A model answered, but not in the shape that was asked for. ``text`` is what it said.

    Nodes ask once more when they see it; any other ``NodeError`` of a model ends them.
    """

    def __init__(self, what: str, *, text: str = "", mend: str = "") -> None:
        super().__init__(what, mend=mend or "Ask for something simpler, or use a stronger model.")
        self.text = text


def node(
    *,
    kind: str,
    family: Family,
    title: str,
    summary: str,
    config: type[Config],
    **declared: Any,
) -> Callable[[NodeFunction], NodeSpec]:
    """Turn a node function into its spec; the remaining keywords are fields of ``NodeSpec``.

    ``doc`` is the docstring of the function's module unless it is given.
    """

    def declare(run: NodeFunction) -> NodeSpec:
        declared.setdefault("doc", sys.modules[run.__module__].__doc__ or "")
        return NodeSpec(
            kind=kind, family=family, title=title, summary=summary, config=config, run=run,
            **declared,
        )  # fmt: skip

    return declare
