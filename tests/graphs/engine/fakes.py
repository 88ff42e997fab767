"""What the engine's tests run on: small kinds, tables in memory, a runner in a temporary folder."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pydantic import Field

from graphs.document import Document
from graphs.memory_questions import MemoryQuestions
from graphs.models.script import Script
from graphs.models.scripted import ScriptedChat
from graphs.providers import Providers
from graphs.runner import Runner
from nodes.contract import Config, Context, FanOut, Inputs, NodeError, Outputs, Port, Route, node
from nodes.registry import KINDS


class StepConfig(Config):
    sleep: float = 0.0
    fail: int = 0
    """How many of its visits fail, from the first."""
    retryable: bool = False
    value: Any = None
    raises: str = ""


@node(
    kind="t.step", family="control", title="Step", summary="Says who it was fed by", config=StepConfig,
    inputs=(Port("a", "any", required=False), Port("b", "any", required=False)), outputs=(Port("out", "any"),),
)  # fmt: skip
async def step(inputs: Inputs, config: StepConfig, ctx: Context) -> Outputs:
    await asyncio.sleep(config.sleep)
    if ctx.visit <= config.fail:
        raise NodeError(f"{ctx.node_id} fails", mend="Mend it.", retryable=config.retryable)
    if config.raises:
        raise RuntimeError(config.raises)
    if config.value is not None:
        return {"out": config.value}
    fed = ",".join(str(inputs[name]) for name in ("a", "b") if name in inputs)
    return {"out": f"{ctx.node_id}{ctx.visit}({fed})"}


FLAKY: Counter[str] = Counter()


class FlakyConfig(Config):
    times: int = 1
    key: str


@node(
    kind="t.flaky", family="control", title="Flaky", summary="Fails, then works", config=FlakyConfig,
    outputs=(Port("out", "number"),),
)  # fmt: skip
async def flaky(inputs: Inputs, config: FlakyConfig, ctx: Context) -> Outputs:
    FLAKY[config.key] += 1
    if FLAKY[config.key] <= config.times:
        raise NodeError("not yet", mend="Wait.", retryable=True)
    return {"out": FLAKY[config.key]}


class Named(Config):
    name: str


class PickConfig(Config):
    routes: tuple[Named, ...] = ()
    take: tuple[str, ...] = Field(default=("done",))
    """Outcome by visit; the last one repeats."""


@node(
    kind="t.pick", family="control", title="Pick", summary="Ends as told", config=PickConfig, outcomes=("done",),
    outcomes_field="routes", outputs=(Port("out", "text"),), bounds_loop=True,
)  # fmt: skip
async def pick(inputs: Inputs, config: PickConfig, ctx: Context) -> Route:
    taken = config.take[min(ctx.visit, len(config.take)) - 1]
    return Route(taken, {"out": f"{ctx.node_id}{ctx.visit}"})


class BodyConfig(Config):
    fail_on: tuple[int, ...] = ()
    sleep: float = 0.0


RUNNING: Counter[str] = Counter()
MOST: Counter[str] = Counter()


@node(
    kind="t.body", family="control", title="Body", summary="Works on an item", config=BodyConfig,
    inputs=(Port("item", "any"), Port("outer", "any", required=False)), outputs=(Port("out", "any"),),
)  # fmt: skip
async def body(inputs: Inputs, config: BodyConfig, ctx: Context) -> Outputs:
    RUNNING[ctx.run_id] += 1
    MOST[ctx.run_id] = max(MOST[ctx.run_id], RUNNING[ctx.run_id])
    await asyncio.sleep(config.sleep)
    RUNNING[ctx.run_id] -= 1
    if inputs["item"] in config.fail_on:
        raise NodeError(f"item {inputs['item']} is bad", mend="Leave it out.")
    return {"out": f"{inputs.get('outer', '')}{inputs['item']}"}


class BadConfig(Config):
    returns: Any = None


@node(
    kind="t.bad", family="control", title="Bad", summary="Returns what it should not", config=BadConfig,
    outputs=(Port("out", "text"),),
)  # fmt: skip
async def bad(inputs: Inputs, config: BadConfig, ctx: Context) -> Outputs:
    return {"out": object()} if config.returns == "object" else dict(config.returns)


@node(
    kind="t.any_object", family="control", title="Object", summary="Returns an object", config=BadConfig,
    outputs=(Port("out", "any"),),
)  # fmt: skip
async def any_object(inputs: Inputs, config: BadConfig, ctx: Context) -> Outputs:
    return {"out": {1, 2}}


@node(
    kind="t.remember", family="control", title="State", summary="Writes a state variable", config=BadConfig,
)  # fmt: skip
async def write_state(inputs: Inputs, config: BadConfig, ctx: Context) -> Outputs:
    return {f"state.{name}": value for name, value in config.returns.items()}


async def _fan(inputs: Inputs, config: Config, ctx: Context) -> FanOut:
    return FanOut([])


SLOW = replace(step, kind="t.slow", model_calls="1")
"""As ``t.step``, with checkpoints after every step."""

TEST_KINDS = {
    **KINDS,
    **{each.kind: each for each in (step, flaky, pick, body, bad, any_object, write_state, SLOW)},
}


@dataclass
class Row:
    id: str
    number: str
    title: str
    version_hash: str
    inputs: dict[str, Any]
    status: str = "queued"
    outputs: dict[str, Any] | None = None
    error: dict[str, Any] | None = None
    model: str | None = None
    started_at: float | None = None
    ended_at: float | None = None
    seconds: float = 0.0
    steps: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float | None = 0.0
    limits: dict[str, Any] = field(default_factory=dict)
    forms: list[dict[str, Any]] = field(default_factory=list)
    workflow_id: str | None = None
    revision: int | None = None
    label: str = ""
    parent_id: str | None = None
    forked_at: str | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    kept: int = 0
    debugging: dict[str, Any] | None = None
    interruptions: list[dict[str, Any]] = field(default_factory=list)


class MemoryRuns:
    """``store.runs.Runs`` in memory."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}

    def create(self, *, title: str, version_hash: str, inputs: Mapping[str, Any], workflow_id: str | None = None,
               revision: int | None = None, **more: Any) -> Row:  # fmt: skip
        id = f"{len(self.rows) + 1:032x}"
        self.rows[id] = Row(id, f"r-{len(self.rows) + 1:04d}", title, version_hash, dict(inputs), **more)
        return self.rows[id]

    def get(self, id: str) -> Row:
        return replace(self.rows[id])

    def update(self, id: str, **fields: Any) -> Row:
        self.rows[id] = replace(self.rows[id], **fields)
        return self.rows[id]

    def recover(self) -> list[Row]:
        return []


class MemoryVersions:
    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}

    def pin(self, document: dict[str, Any], hash: str) -> None:
        self.kept[hash] = document

    def pinned(self, hash: str) -> dict[str, Any]:
        return self.kept[hash]


class MemorySpans:
    """A sink that merges rows of the same id, as the writer does."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}

    def put(self, row: Mapping[str, Any]) -> None:
        given = {key: value for key, value in row.items() if value is not None}
        self.rows.setdefault(row["id"], {}).update(given)

    def settle(self) -> None:
        """They are there at once."""

    def flush(self) -> None:
        """They are there at once."""

    def of(self, operation: str) -> list[dict[str, Any]]:
        return [row for row in self.rows.values() if row["operation"] == operation]


class ScriptedModels:
    """Every reference is the same scripted model."""

    def __init__(self, script: Script | None = None) -> None:
        self.model = ScriptedChat.of(script or Script(replies=({"text": "ok", "repeat": True},)))  # pyright: ignore
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def default(self) -> str:
        return "scripted:script"

    def secret_values(self) -> list[str]:
        return []

    def chat_model(self, reference: str, **settings: Any) -> Any:
        self.asked.append((reference, settings))
        return self.model


SERVICES: Any = SimpleNamespace(now=time.time, folder=lambda name: Path(name))


@dataclass
class Bench:
    """A runner and what it writes to."""

    folder: Path
    models: Any = field(default_factory=ScriptedModels)
    kinds: Any = field(default_factory=lambda: TEST_KINDS)
    memory: Any = None
    runs: Any = field(default_factory=MemoryRuns)
    versions: Any = field(default_factory=MemoryVersions)
    spans: Any = field(default_factory=MemorySpans)
    questions: Any = field(default_factory=MemoryQuestions)
    runner: Any = None
    services: Any = field(default_factory=lambda: SERVICES)
    """What tools may ask of the workspace, the same for every run."""
    more: dict[str, Any] = field(default_factory=dict)
    """Further doors of the workspace."""
    trace: Any = None
    """Reads what was recorded; None: runs cannot be forked."""

    def open(self) -> "Bench":
        more = {**({"memory": self.memory} if self.memory else {}), **self.more}
        self.runner = Runner(
            runs=self.runs, versions=self.versions, spans=self.spans, kinds=self.kinds,
            providers=Providers(self.models, lambda run_id: self.services, **more),
            checkpoints=self.folder / "checkpoints.db", questions=self.questions,
            **({"trace": self.trace} if self.trace else {}),
        )  # fmt: skip
        return self

    def run(self, document: Document, inputs: Mapping[str, Any] | None = None, **more: Any) -> Row:
        return self.runner.wait_here(self.runner.start(document, inputs or {}, **more))

    def visits(self) -> Counter[str]:
        """How often each node ran."""
        return Counter(row["node_id"] for row in self.spans.of("invoke_node"))

    def order(self) -> list[str]:
        rows = sorted(self.spans.of("invoke_node"), key=lambda row: row["step"])
        return [row["node_id"] for row in rows]

    def events(self, run_id: str, after: int = 0) -> list[dict[str, Any]]:
        async def all_of_them() -> list[dict[str, Any]]:
            return [event async for event in self.runner.events(run_id, after)]

        return asyncio.run(all_of_them())

    def wait_for(self, run_id: str, type: str, after: int = 0, **fields: Any) -> dict[str, Any]:
        """The first event of a type with these fields."""

        async def first() -> dict[str, Any]:
            async with asyncio.timeout(10):
                async for event in self.runner.events(run_id, after):
                    if event["type"] == type and all(event.get(name) == value for name, value in fields.items()):
                        return event
            raise AssertionError(f"no {type} {fields}")

        return asyncio.run(first())


def workflow(nodes: Mapping[str, Any], flow: str, data: str = "", attach: str = "", **more: Any) -> Document:
    """A document in short: ``flow`` and ``data`` are edges by commas; a node is a kind or (kind, config)."""
    made: dict[str, Any] = {"start": {"kind": "start"}, "finish": {"kind": "finish"}}
    for id, given in nodes.items():
        if isinstance(given, str):
            made[id] = {"kind": given}
        elif isinstance(given, tuple):
            made[id] = {"kind": given[0], "config": given[1]}
        else:
            made[id] = given
    edges = {"flow": _split(flow), "data": _split(data), "attach": _split(attach)}
    return Document.model_validate({"outputs": {"answer": {}}, "nodes": made, "edges": edges, **more})


def _split(edges: str) -> list[str]:
    return [edge.strip() for edge in edges.split(",") if edge.strip()]
