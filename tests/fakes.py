"""Stand-ins for what a running node reaches: a scripted model, a memory in a list, a clock that stands still.

model = ScriptedModel("The draft is fine.", {"verdict": "accept", "score": 9})
ctx = FakeContext(model=model, memory=ListMemory(), tools=[FakeTool("search", "42")])
result = run_node(critique, {"draft": "..."}, ctx, max_revisions=1)
assert model.calls[0].messages[0]["role"] == "system"
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from nodes.contract import (
    AgentTurn,
    ChatModel,
    Hit,
    Memory,
    NodeError,
    NodeSpec,
    Reply,
    Role,
    RunEvent,
    SearchProvider,
    Tool,
    ToolResult,
    ToolServer,
    Weights,
    Workshop,
)

NOW = 1_790_000_000.0
"""2026-09-21 14:13:20 UTC."""


@dataclass(frozen=True)
class ToolCall:
    """A scripted answer that asks for a tool."""

    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class ModelCall:
    """One call of the model, as it came."""

    messages: list[dict[str, Any]]
    schema: type[BaseModel] | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    stream: bool = True

    @property
    def text(self) -> str:
        """All that was sent, for ``in``."""
        return "\n".join(str(message["content"]) for message in self.messages)


Scripted = str | dict[str, Any] | ToolCall | Exception | Callable[[ModelCall], Any]


class ScriptedModel:
    """Answers in order: text, a dict for a schema, a ToolCall, an exception to raise, or a function of the call."""

    reference = "scripted:fake"

    def __init__(self, *answers: Scripted) -> None:
        self._answers = list(answers)
        self.calls: list[ModelCall] = []

    def next(self, call: ModelCall) -> Any:
        """The next answer; AssertionError when the script is over."""
        self.calls.append(call)
        assert self._answers, f"the script has no answer for call {len(self.calls)}: {call.text[-300:]}"
        answer = self._answers.pop(0)
        if callable(answer) and not isinstance(answer, Exception):
            answer = answer(call)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def chat(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        schema: type[BaseModel] | None = None,
        temperature: float | None = None,
        max_tokens: int | None = None,
        stream: bool = True,
    ) -> Reply:
        """The next scripted answer; a dict becomes ``data``, whether it fits the schema or not."""
        answer = self.next(ModelCall([dict(each) for each in messages], schema, temperature, max_tokens, stream))
        if isinstance(answer, dict):
            return Reply(text=str(answer), data=answer, input_tokens=10, output_tokens=5, model=self.reference)
        return Reply(text=str(answer), input_tokens=10, output_tokens=5, model=self.reference)


@dataclass
class ListMemory:
    """A memory space in a list. Similarity is the share of the query's words that a record has."""

    space: str = "lessons"
    hits: dict[str, Hit] = field(default_factory=dict[str, Hit])
    searches: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    owner: str = ""
    owners: dict[str, str] = field(default_factory=dict[str, str])
    """Record -> its owner; '' for nobody's."""

    def owned_by(self, owner: str) -> "ListMemory":
        """A view of the same list."""
        return replace(self, owner=owner)

    def _mine(self) -> list[Hit]:
        return [hit for id, hit in self.hits.items() if self.owner in ("", self.owners.get(id))]

    async def search(
        self,
        query: str,
        *,
        top_k: int,
        weights: Weights,
        half_life_days: float,
        kinds: Sequence[str] = (),
        layers: Mapping[str, float] | None = None,
        only_trusted: bool = False,
    ) -> list[Hit]:
        """Best first; counts as a use."""
        asked = {"query": query, "top_k": top_k, "weights": weights, "half_life_days": half_life_days}
        self.searches.append({**asked, "kinds": tuple(kinds), "layers": layers, "only_trusted": only_trusted})
        words = set(query.lower().split())
        found = [
            _scored(hit, words)
            for hit in self._mine()
            if (not kinds or hit.kind in kinds)
            and (layers is None or hit.layer in layers)
            and (hit.trusted or not only_trusted)
        ]
        best = sorted(found, key=lambda hit: -hit.score)[:top_k]
        for hit in best:
            self.hits[hit.id] = replace(self.hits[hit.id], uses=hit.uses + 1, used_at=NOW)
        return best

    async def add(
        self,
        text: str,
        *,
        kind: str = "note",
        importance: float = 5.0,
        data: Mapping[str, Any] | None = None,
        layer: str = "",
        trusted: bool = True,
        ttl_days: float | None = None,
    ) -> str:
        """The id of the record; an equal text keeps its id."""
        twins = [hit.id for hit in self.hits.values() if (hit.text, hit.kind) == (text, kind)]
        known = next((id for id in twins if self.owners.get(id, "") == self.owner), None)
        id = known or f"m{len(self.hits) + 1}"
        self.owners[id] = self.owner
        self.hits[id] = Hit(
            id, text, kind, 0.0, 0.0, 0.0, importance, 0.0, NOW,
            data=dict(data or {}), layer=layer, trusted=trusted, rated=importance,
        )  # fmt: skip
        return id

    async def records(self, *, kinds: Sequence[str] = (), layer: str | None = None, limit: int = 100) -> list[Hit]:
        """The last written first."""
        found = [
            hit for hit in self._mine() if (not kinds or hit.kind in kinds) and layer in (None, hit.layer)
        ]  # fmt: skip
        return found[::-1][:limit]

    async def get(self, id: str) -> Hit | None:
        return next((hit for hit in self._mine() if hit.id == id), None)

    async def update(
        self,
        id: str,
        *,
        text: str | None = None,
        importance: float | None = None,
        data: Mapping[str, Any] | None = None,
        layer: str | None = None,
        trusted: bool | None = None,
    ) -> None:
        """Change what is given."""
        if id not in [hit.id for hit in self._mine()]:
            raise NodeError(f"There is no record {id!r}", mend="It was forgotten meanwhile.")
        given = {"text": text, "rated": importance, "data": data, "layer": layer, "trusted": trusted}
        self.hits[id] = replace(self.hits[id], **{name: value for name, value in given.items() if value is not None})

    async def forget(self, ids: Sequence[str]) -> int:
        """Remove them."""
        mine = {hit.id for hit in self._mine()}
        return sum(self.hits.pop(id, None) is not None for id in ids if id in mine)


def _scored(hit: Hit, words: set[str]) -> Hit:
    share = len(words & set(hit.text.lower().split())) / max(len(words), 1)
    return replace(hit, score=share, similarity=share, recency=0.0, importance=0.0, keyword=0.0)


@dataclass
class FakeTool:
    """A tool that always says the same, or what a function makes of the arguments."""

    name: str
    answer: str | ToolResult | Callable[[dict[str, Any]], ToolResult] = "done"
    description: str = "a fake tool"
    parameters: dict[str, Any] = field(
        default_factory=lambda: {"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]}
    )
    calls: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    async def call(self, arguments: Mapping[str, Any]) -> ToolResult:
        """Keeps the arguments and answers."""
        self.calls.append(dict(arguments))
        if callable(self.answer):
            return self.answer(dict(arguments))
        return ToolResult(self.answer) if isinstance(self.answer, str) else self.answer


@dataclass
class FakeServices:
    """What tools are built from: granted folders, a clock that stands still, and what is attached to them."""

    folders: dict[str, Path] = field(default_factory=dict[str, Path])
    time: float = NOW

    def folder(self, name: str) -> Path:
        """The granted folder."""
        if name not in self.folders:
            raise NodeError(f"No folder is granted as {name!r}", mend="Grant one under Settings.")
        return self.folders[name]

    databases: dict[str, Path] = field(default_factory=dict[str, Path])
    own_folder: Path | None = None
    provider: SearchProvider | None = None
    model: ScriptedModel = field(default_factory=ScriptedModel)
    memory: Memory | None = None
    tools: Sequence[Tool] = ()
    shop: Workshop | None = None
    secrets: dict[str, str] = field(default_factory=dict[str, str])
    servers: dict[str, ToolServer] = field(default_factory=dict[str, ToolServer])

    @property
    def workshop(self) -> Workshop:
        """Workflows as data."""
        assert self.shop is not None, "give FakeServices a shop"
        return self.shop

    def database(self, name: str) -> Path:
        """The granted database."""
        if name not in self.databases:
            raise NodeError(f"No database is granted as {name!r}", mend="Grant one under Settings.")
        return self.databases[name]

    def run_folder(self) -> Path:
        """The run's own folder."""
        assert self.own_folder is not None, "give FakeServices an own_folder"
        return self.own_folder

    def tool_server(self, name: str) -> ToolServer:
        """The MCP server."""
        if name not in self.servers:
            raise NodeError(f"There is no MCP server {name!r}", mend="Add it in Settings.")
        return self.servers[name]

    def search_provider(self) -> SearchProvider:
        """The web search."""
        if self.provider is None:
            raise NodeError("No web search is set up", mend="Set one up under Settings.")
        return self.provider

    def secret(self, name: str) -> str:
        """A secret."""
        if name not in self.secrets:
            raise NodeError(f"There is no secret {name!r}", mend="Add it under Settings.")
        return self.secrets[name]

    def now(self) -> float:
        return self.time


@dataclass
class FakeSubworkflow:
    """An attached sub-workflow: what a function makes of its inputs; ``inputs`` keeps what it was given."""

    answer: Callable[[dict[str, Any]], dict[str, Any]]
    name: str = "part"
    inputs: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    async def run(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Keeps the inputs and answers."""
        self.inputs.append(dict(inputs))
        return self.answer(dict(inputs))


def role(name: str, *answers: Scripted, skills: str = "", memory: Memory | None = None) -> Role:
    """A member of a team with a script of its own."""
    return Role(name=name, persona=f"You are {name}.", skills=skills, model=ScriptedModel(*answers), memory=memory)


@dataclass
class FakeContext:
    """What a node reaches while it runs. ``lines`` holds its progress, ``tool_calls`` what it called, ``views``
    what it showed; ``at`` gives the models and memories of sockets by name, ``parts`` the sub-workflows.
    """

    model: ScriptedModel = field(default_factory=ScriptedModel)
    memory: Memory | None = None
    tools: Sequence[Tool] = ()
    roles: Sequence[Role] = ()
    visit: int = 1
    run_id: str = "run"
    node_id: str = "node"
    task_id: str = "task"
    time: float = NOW
    at: dict[str, Any] = field(default_factory=dict[str, Any])
    parts: dict[str, FakeSubworkflow] = field(default_factory=dict[str, FakeSubworkflow])
    services: FakeServices = field(default_factory=FakeServices)
    shop: Workshop | None = None
    history: list[RunEvent] = field(default_factory=list[RunEvent])
    variables: dict[str, Any] = field(default_factory=dict[str, Any])
    spent: dict[str, float] = field(default_factory=lambda: {"steps": 0, "seconds": 0.0, "tokens": 0, "usd": 0.0})
    lines: list[str] = field(default_factory=list[str])
    views: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    tool_calls: list[tuple[str, dict[str, Any], ToolResult]] = field(
        default_factory=list[tuple[str, dict[str, Any], ToolResult]]
    )

    def now(self) -> float:
        return self.time

    def models(self, socket: str) -> Sequence[ScriptedModel]:
        """Those of the socket."""
        return tuple(self.at.get(socket, ()))

    def memory_at(self, socket: str) -> Memory | None:
        """That of the socket."""
        return self.at.get(socket)

    def subworkflow(self, socket: str) -> FakeSubworkflow | None:
        """That of the socket."""
        return self.parts.get(socket)

    @property
    def workshop(self) -> Workshop:
        assert self.shop is not None, "give FakeContext a shop"
        return self.shop

    def progress(self, text: str) -> None:
        self.lines.append(text)

    def show(self, view: Mapping[str, Any]) -> None:
        """Keeps it, as JSON would."""
        self.views.append(json.loads(json.dumps(view)))

    async def call_tool(self, tool: Tool, arguments: Mapping[str, Any]) -> ToolResult:
        """Call and keep it."""
        result = await tool.call(arguments)
        self.tool_calls.append((tool.name, dict(arguments), result))
        return result

    async def agent(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        tools: Sequence[Tool],
        max_calls: int,
        temperature: float | None,
        model: ChatModel | None = None,
    ) -> AgentTurn:
        """The agent loop in small: a scripted ToolCall calls the tool, a text ends it."""
        said: list[dict[str, Any]] = [dict(message) for message in messages]
        known = {tool.name: tool for tool in tools}
        calls, last = 0, None
        while True:
            script = self.model if model is None else model
            assert isinstance(script, ScriptedModel)
            answer = script.next(ModelCall(list(said), temperature=temperature))
            if not isinstance(answer, ToolCall):
                said.append({"role": "assistant", "content": str(answer)})
                return AgentTurn(str(answer), said, calls, "answer")
            if calls >= max_calls or answer == last:
                return AgentTurn("", said, calls, "repeat" if answer == last else "calls")
            result = await self.call_tool(known[answer.name], answer.arguments)
            said += [
                {"role": "assistant", "content": "", "tool_calls": [{"name": answer.name, "args": answer.arguments}]},
                {"role": "tool", "content": result.text},
            ]
            calls, last = calls + 1, answer


def run_node(spec: NodeSpec, inputs: dict[str, Any], ctx: FakeContext | None = None, **config: Any) -> Any:
    """Run a kind once with settings as a document would give them."""
    assert spec.run is not None
    settings, run = spec.config.model_validate(config), spec.run

    async def visit() -> Any:
        return await run(inputs, settings, ctx or FakeContext())

    return asyncio.run(visit())


def call_tool(
    spec: NodeSpec, arguments: dict[str, Any], services: FakeServices | None = None, **config: Any
) -> ToolResult:
    """Build the tool of a kind with settings as a document would give them, and call it once."""
    assert spec.make_tool is not None
    tool = spec.make_tool(spec.config.model_validate(config), services or FakeServices())
    return asyncio.run(tool.call(arguments))  # type: ignore[arg-type]
