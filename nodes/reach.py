"""What a running node may reach: models, memory, tools, roles, sub-workflows, policies, the workspace.

Protocols and the values that cross them. ``graphs`` gives the real ones, ``tests/fakes.py`` scripted
ones; a node sees nothing else of the engine or the store.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from pydantic import BaseModel

from nodes.records import Memory
from nodes.workshop import Workshop

# --- models ----------------------------------------------------------------------------------------


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


# --- tools and policies ----------------------------------------------------------------------------


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


@dataclass(frozen=True)
class RunEvent:
    """Something that happened earlier in the run; what a rule over time looks at."""

    event: Literal["node", "tool"]
    name: str
    """Of a node its id, of a tool its name."""
    outcome: str
    """Of a node its outcome; of a tool ``ok``, ``failed`` or ``denied``."""
    kind: str = ""
    """Of a node its kind."""
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])
    text: str = ""
    """Of a tool its result, cut to 500 characters."""


@dataclass(frozen=True)
class Ask:
    """A policy leaves its decision to a person, who sees the tool and may edit the arguments."""

    text: str = ""
    """What the person is told beside the call."""
    within: float | None = None
    """Seconds for the answer; None: for ever."""
    lenient: bool = False
    """Whether the call is made where nobody answers in time; else it is refused."""
    whole_run: bool = True
    """Whether the tool may be allowed for the rest of the run at once."""


@dataclass(frozen=True)
class Decision:
    """What a policy says to a tool call."""

    allowed: bool
    reason: str = ""
    fallback: str | None = None
    """Instead of a refusal, this text is the call's result."""
    ask: Ask | None = None
    """Not allowed until a person has said so."""


class Policy(Protocol):
    """A rule around the tool calls of the nodes it is attached to; the first refusal counts."""

    @property
    def name(self) -> str: ...

    async def before(self, tool: str, arguments: Mapping[str, Any], ctx: "Context") -> Decision:
        """Whether the call may be made; ``ctx.history`` holds what happened before."""
        ...

    async def after(self, tool: str, result: ToolResult, ctx: "Context") -> ToolResult:
        """The result as the model may see it: the same, cleaned, or a failed one with the reason."""
        ...


@dataclass(frozen=True)
class SearchProvider:
    """A web search service the user has set up under Settings."""

    name: str
    """``searxng``, ``brave`` or ``tavily``: which protocol it speaks."""
    base_url: str
    secret: str = ""
    """The key itself; '' where none is needed."""


@dataclass(frozen=True)
class ToolServer:
    """An MCP server the user has set up under Settings."""

    url: str
    secret: str = ""
    """The key itself; '' where none is needed."""


class Services(Protocol):
    """What a tool may ask of the workspace. A document names a grant; only the user defines it."""

    def folder(self, name: str) -> Path:
        """The folder the user granted under ``name``. Raises NodeError where there is none."""
        ...

    def database(self, name: str) -> Path:
        """The SQLite file the user granted under ``name``. Raises NodeError where there is none."""
        ...

    def run_folder(self) -> Path:
        """The run's own folder, made at its first use and removed with the run."""
        ...

    def search_provider(self) -> SearchProvider:
        """The workspace's web search. Raises NodeError where none is set up."""
        ...

    def tool_server(self, name: str) -> ToolServer:
        """The MCP server set up under ``name``. Raises NodeError where there is none."""
        ...

    def secret(self, name: str) -> str:
        """A secret by name. Raises NodeError where it is not set."""
        ...

    def now(self) -> float: ...


class Attached(Services, Protocol):
    """What a tool is built from: the workspace, and what is attached to the tool's own sockets."""

    @property
    def model(self) -> ChatModel:
        """The model attached to the tool, else that of the node that uses it; its calls count for that node."""
        ...

    @property
    def memory(self) -> Memory | None:
        """The memory space attached to the tool."""
        ...

    @property
    def tools(self) -> Sequence[Tool]:
        """The tools attached to the tool, which it wraps; it calls them by ``call`` itself."""
        ...

    @property
    def workshop(self) -> Workshop:
        """Workflows as data; one that the tool runs stands below the span of the node that uses it."""
        ...


# --- agents, roles, workflows ----------------------------------------------------------------------


@dataclass(frozen=True)
class AgentTurn:
    """What LangChain's agent loop did."""

    text: str
    messages: list[dict[str, Any]]
    tool_calls: int
    stopped: Literal["answer", "calls", "repeat"]
    """Why it ended: an answer, the limit on calls, or the same call again."""


@dataclass(frozen=True)
class Role:
    """An attached member of a team."""

    name: str
    persona: str
    """Who it is, as its system prompt."""
    skills: str
    """What it is good at, for whoever chooses or bids; may be ''."""
    model: ChatModel
    """The role's own, else the node's."""
    memory: Memory | None = None
    """Private to the role."""
    tools: Sequence[Tool] = ()


class Subworkflow(Protocol):
    """A sub-workflow attached to a socket."""

    @property
    def name(self) -> str:
        """Its label."""
        ...

    async def run(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Run its body once; ``inputs`` are the socket's ``takes``, the result its ``gives``.

        May run several times at once. Raises NodeError where the body fails or gives nothing.
        """
        ...


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
        """The model at the socket ``model``, else the workflow's, else the workspace's default."""
        ...

    def models(self, socket: str) -> Sequence[ChatModel]:
        """The models attached at a socket, in the order they were attached; () where none is."""
        ...

    @property
    def memory(self) -> Memory | None:
        """The first memory space attached."""
        ...

    def memory_at(self, socket: str) -> Memory | None:
        """The memory space at a socket, for a kind with several."""
        ...

    @property
    def tools(self) -> Sequence[Tool]: ...

    @property
    def roles(self) -> Sequence[Role]: ...

    def subworkflow(self, socket: str) -> Subworkflow | None:
        """The sub-workflow at a socket; None where nothing is attached."""
        ...

    @property
    def services(self) -> Services: ...
    @property
    def workshop(self) -> Workshop: ...

    @property
    def history(self) -> Sequence[RunEvent]:
        """Nodes that ended and tools that were called in this run so far, oldest first."""
        ...

    @property
    def variables(self) -> Mapping[str, Any]:
        """The state variables as they were when the visit began, by name."""
        ...

    @property
    def spent(self) -> Mapping[str, float]:
        """What the run has spent so far: ``steps``, ``seconds`` (waits for people not counted), ``tokens``, ``usd``."""
        ...

    def now(self) -> float:
        """When the visit began, in seconds since the epoch: the same however often it is asked, and in a replay."""
        ...

    def progress(self, text: str) -> None:
        """A line for whoever watches."""
        ...

    def show(self, view: Mapping[str, Any]) -> None:
        """Show a view of what the node does (``nodes.views``), in place of the one shown before."""
        ...

    async def call_tool(self, tool: Tool, arguments: Mapping[str, Any]) -> ToolResult:
        """Call a tool inside a span of its own, past the attached policies; nodes never call ``tool.call``."""
        ...

    async def agent(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        tools: Sequence[Tool],
        max_calls: int,
        temperature: float | None,
        model: ChatModel | None = None,
    ) -> AgentTurn:
        """LangChain's agent loop on ``model``, or on the node's where it is None."""
        ...
