"""Stand-ins for what a running node reaches: a scripted model, a memory in a list, a clock that stands still.

model = ScriptedModel("The draft is fine.", {"verdict": "accept", "score": 9})
ctx = FakeContext(model=model, memory=ListMemory(), tools=[FakeTool("search", "42")])
result = run_node(critique, {"draft": "..."}, ctx, max_revisions=1)
assert model.calls[0].messages[0]["role"] == "system"
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from nodes.contract import AgentTurn, Hit, Memory, NodeError, NodeSpec, Reply, Tool, ToolResult, Weights

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
    records: dict[str, Hit] = field(default_factory=dict[str, Hit])
    searches: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    async def search(
        self, query: str, *, top_k: int, weights: Weights, half_life_days: float, kinds: Sequence[str] = ()
    ) -> list[Hit]:
        """Best first."""
        asked = {"query": query, "top_k": top_k, "weights": weights, "half_life_days": half_life_days}
        self.searches.append({**asked, "kinds": tuple(kinds)})
        words = set(query.lower().split())
        hits = [_scored(hit, words) for hit in self.records.values() if not kinds or hit.kind in kinds]
        return sorted(hits, key=lambda hit: -hit.score)[:top_k]

    async def add(self, text: str, *, kind: str = "note", importance: float = 5.0) -> str:
        """The id of the record; an equal text keeps its id."""
        known = next((hit.id for hit in self.records.values() if hit.text == text), None)
        id = known or f"m{len(self.records) + 1}"
        self.records[id] = Hit(id, text, kind, 0.0, 0.0, 0.0, importance, 0.0, NOW)
        return id


def _scored(hit: Hit, words: set[str]) -> Hit:
    share = len(words & set(hit.text.lower().split())) / max(len(words), 1)
    return Hit(hit.id, hit.text, hit.kind, share, share, 0.0, 0.0, 0.0, hit.created_at)


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
    """The workspace as tools see it: granted folders and a clock that stands still."""

    folders: dict[str, Path] = field(default_factory=dict[str, Path])
    time: float = NOW

    def folder(self, name: str) -> Path:
        """The granted folder."""
        if name not in self.folders:
            raise NodeError(f"No folder is granted as {name!r}", mend="Grant one under Settings.")
        return self.folders[name]

    def now(self) -> float:
        return self.time


@dataclass
class FakeContext:
    """What a node reaches while it runs. ``lines`` holds its progress, ``tool_calls`` what it called."""

    model: ScriptedModel = field(default_factory=ScriptedModel)
    memory: Memory | None = None
    tools: Sequence[Tool] = ()
    visit: int = 1
    run_id: str = "run"
    node_id: str = "node"
    task_id: str = "task"
    time: float = NOW
    lines: list[str] = field(default_factory=list[str])
    tool_calls: list[tuple[str, dict[str, Any], ToolResult]] = field(
        default_factory=list[tuple[str, dict[str, Any], ToolResult]]
    )

    def now(self) -> float:
        return self.time

    def progress(self, text: str) -> None:
        self.lines.append(text)

    async def call_tool(self, tool: Tool, arguments: Mapping[str, Any]) -> ToolResult:
        """Call and keep it."""
        result = await tool.call(arguments)
        self.tool_calls.append((tool.name, dict(arguments), result))
        return result

    async def agent(
        self, messages: Sequence[Mapping[str, Any]], *, tools: Sequence[Tool], max_calls: int, temperature: float | None
    ) -> AgentTurn:
        """The agent loop in small: a scripted ToolCall calls the tool, a text ends it."""
        said: list[dict[str, Any]] = [dict(message) for message in messages]
        known = {tool.name: tool for tool in tools}
        calls, last = 0, None
        while True:
            answer = self.model.next(ModelCall(list(said), temperature=temperature))
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
