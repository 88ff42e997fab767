"""The doors of a replay: models, tools, memory and people that answer as they did in the recorded run.

Nothing behind them is reached: tools are made for their names and parameters and never called, nothing is
written to memory, and no secret, folder or address is handed out.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from graphs.guarded_calls import WrappedTool
from graphs.intermediate import Kinds
from graphs.models.recorder import reply_of
from graphs.models.script import Script
from graphs.models.scripted import ScriptedChat
from graphs.pausing import PAUSING
from graphs.replay_matching import ANSWERS, Matcher
from graphs.replay_recording import ENDED, RecordedSpan
from nodes.contract import (  # fmt: skip
    Context,
    Decision,
    Hit,
    NodeError,
    NodeSpec,
    Outputs,
    Policy,
    Route,
    SearchProvider,
    ToolResult,
    ToolServer,
    Weights,
)

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from graphs.context import NodeContext

TAKEN: Final = PAUSING | {"control.wait", "tools.load_documents", "memory.board_post", "memory.move_layers"}
"""Kinds whose visits are taken from the recording whole: a person answered, the clock decided or was written down,
files were read."""
PATIENCE: Final = 10.0
"""Seconds a call waits that never ended in the recording; there the run ended before."""
TIME: Final = "seconds"
"""Where a node gives out how long something took, it is called so."""
NOWHERE: Final = Path("replay-reaches-no-files")


class RecordedModels:
    """``graphs.providers.Models``: each call gets the answer recorded for it."""

    def __init__(self, default: str) -> None:
        self._default = default

    def default(self) -> str:
        return self._default

    def chat_model(
        self, reference: str, *, temperature: float | None = None, max_tokens: int | None = None
    ) -> "BaseChatModel":
        """A model with the one answer to the call that is open; with none outside of a call."""
        found = ANSWERS["chat"].get()
        replies = () if found is None else (reply_of(_as_row(found)),)
        pace = 1.0 if found is not None and found.status not in ENDED else 0.0
        return ScriptedChat.of(Script(name=reference.partition(":")[2], replies=replies), pace=pace)

    def secret_values(self) -> Sequence[str]:
        return ()


def _as_row(span: RecordedSpan) -> dict[str, Any]:
    """As the recorder reads a span; for whichever call is open, however long it took."""
    row = {**vars(span), "node_id": None, "visit": None, "item": None}
    if span.status not in ENDED:
        return {**row, "status": "ok", "output": None, "started_at": 0.0, "ended_at": PATIENCE}
    return row


class RecordedMemory:
    """``nodes.contract.Memory`` with the hits and ids that were recorded."""

    def __init__(self, space: str) -> None:
        self._space = space

    @property
    def space(self) -> str:
        return self._space

    def owned_by(self, owner: str) -> "RecordedMemory":
        return self

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
        return await _hits()

    async def records(self, *, kinds: Sequence[str] = (), layer: str | None = None, limit: int = 100) -> list[Hit]:
        return await _hits()

    async def get(self, id: str) -> Hit | None:
        return next(iter(await _hits()), None)

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
        return str((await _written())["id"])

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
        await _written()

    async def forget(self, ids: Sequence[str]) -> int:
        return int((await _written())["forgotten"])


async def _hits() -> list[Hit]:
    found = await _answer("retrieve_memory")
    return [Hit(**hit) for hit in found.output or ()]


async def _written() -> dict[str, Any]:
    return (await _answer("write_memory")).output or {}


async def _answer(operation: str) -> RecordedSpan:
    """The recorded span of the call that is open. Raises NodeError as it failed then."""
    found = ANSWERS[operation].get()
    assert found is not None, "the matcher stops a replay before an unrecorded call"
    if found.status not in ENDED:
        await asyncio.sleep(PATIENCE)
        raise NodeError(f"The call of {found.name} never ended in the recorded run")
    if found.error is not None and operation != "execute_tool":
        raise NodeError(found.error["what"], mend=found.error.get("mend") or "")
    return found


@dataclass(frozen=True)
class RecordedTool(WrappedTool):
    """A tool with the name and parameters of another and the results that were recorded."""

    async def call(self, arguments: Mapping[str, Any]) -> ToolResult:
        found = await _answer("execute_tool")
        output, failed = found.output, found.status == "error"
        if isinstance(output, Mapping):
            whole = cast(Mapping[str, Any], output)
            return ToolResult(str(whole["text"]), failed=failed, data=whole["data"])
        return ToolResult(str(output or ""), failed=failed)


@dataclass(frozen=True)
class RecordedPolicy:
    """A policy that decides anew before a call; what it made of the result is in the recorded one already."""

    policy: Policy

    @property
    def name(self) -> str:
        return self.policy.name

    async def before(self, tool: str, arguments: Mapping[str, Any], ctx: Context) -> Decision:
        decision = await self.policy.before(tool, arguments, ctx)
        # What a person said to the call is in the recorded result.
        return Decision(True) if decision.ask else decision

    async def after(self, tool: str, result: ToolResult, ctx: Context) -> ToolResult:
        return result


class NoServices:
    """``nodes.contract.Services`` for tools that are made and never called."""

    def folder(self, name: str) -> Path:
        return NOWHERE

    def database(self, name: str) -> Path:
        return NOWHERE

    def run_folder(self) -> Path:
        return NOWHERE

    def search_provider(self) -> SearchProvider:
        return SearchProvider("searxng", "http://replay.invalid")

    def tool_server(self, name: str) -> ToolServer:
        return ToolServer("https://replay.invalid")

    def secret(self, name: str) -> str:
        return ""

    def now(self) -> float:
        return 0.0


def recorded_kinds(kinds: Kinds, matcher: Matcher) -> dict[str, NodeSpec]:
    """The kinds with every way out of the run closed, and their clock set back."""
    return {name: _closed(spec, matcher) for name, spec in kinds.items()}


def _closed(spec: NodeSpec, matcher: Matcher) -> NodeSpec:
    make_tool, make_policy, run = spec.make_tool, spec.make_policy, spec.run
    if make_tool is not None:
        return replace(spec, make_tool=lambda config, attached: RecordedTool(make_tool(config, attached)))
    if make_policy is not None:
        return replace(spec, make_policy=lambda config: RecordedPolicy(make_policy(config)))
    if run is None:
        return spec
    return replace(spec, run=_taken(matcher) if spec.kind in TAKEN else _at_its_time(run, matcher))


def _at_its_time(run: Callable[..., Awaitable[Any]], matcher: Matcher) -> Callable[..., Awaitable[Any]]:
    """``run`` told the time at which the recorded visit began."""

    async def visit(inputs: Any, config: Any, ctx: "NodeContext") -> Any:
        found = matcher.of(ctx.span.id)
        if found is not None and found.taken:
            ctx.overrides = dict(found.state) or None
            return await _taken(matcher)(inputs, config, ctx)
        if found is not None and found.at is not None:
            began = found.at
            vars(ctx)["now"] = lambda: began
        result = await run(inputs, config, ctx)
        return result if found is None else _with_times(result, found.output)

    return visit


def _with_times(now: Any, then: Any) -> Any:
    """``now`` with each number called ``seconds`` as it was: how long something took, which nodes give out too."""
    if isinstance(now, Route):
        return Route(now.outcome, _with_times(now.outputs, then))
    if isinstance(now, dict) and isinstance(then, dict):
        pairs = cast(dict[str, Any], now), cast(dict[str, Any], then)
        return {key: _time_of(key, value, pairs[1]) for key, value in pairs[0].items()}
    if isinstance(now, list) and isinstance(then, list):
        lists = cast(list[Any], now), cast(list[Any], then)
        return [_with_times(*each) for each in zip(*lists, strict=True)] if len(lists[0]) == len(lists[1]) else now
    return now


def _time_of(key: str, value: Any, then: dict[str, Any]) -> Any:
    recorded = then.get(key)
    timed = key == TIME and isinstance(value, int | float) and isinstance(recorded, int | float)
    return recorded if timed else _with_times(value, recorded)


def _taken(matcher: Matcher) -> Callable[..., Awaitable[Any]]:
    """A visit that comes to what the recorded one came to."""

    async def visit(inputs: Any, config: Any, ctx: "NodeContext") -> Outputs | Route:
        found = matcher.of(ctx.span.id)
        if found is None or found.status not in ENDED:
            matcher.nothing_for(ctx.span.row)
        if found.error is not None:
            raise NodeError(found.error["what"], mend=found.error.get("mend") or "")
        matcher.met_below(found)
        outputs: Outputs = dict(found.output or {})
        return Route(found.outcome, outputs) if found.outcome in ctx.step.outcomes else outputs

    return visit
