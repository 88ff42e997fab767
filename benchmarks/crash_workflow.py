"""A workflow of thirty nodes that writes to a ledger, and the process that works on it until it is killed.

Loops, a loop in a fan-out, branches that join, and a question to a person. Every ledger line has the idempotency
key that its tool call was given and LangGraph's id of the task that made it.
"""

import asyncio
import json
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from graphs.answerer import AlreadyAnswered
from graphs.document import Document
from graphs.providers import Providers
from graphs.runner import Runner
from nodes.contract import Attach, Config, Context, Inputs, NodeSpec, Outputs, Port, ToolResult, node
from nodes.idempotency import idempotency_key
from nodes.registry import KINDS
from store.database import Database
from store.questions import Questions
from store.runs import Runs
from store.span_writer import SpanWriter
from store.workflows import Workflows

ITEMS = 5
TURNS = 3
ROUNDS = 3
CHAIN = [f"c{number}" for number in range(10)]
BRANCHES = {"left": ["l0", "l1", "l2"], "right": ["r0", "r1"]}


@dataclass(frozen=True)
class Ledger:
    """A tool that changes the world: it adds a line to the file ``LEDGER``.

    ``KILL_AFTER``: the line after which the process kills itself.
    """

    name: str = "ledger"
    description: str = "Writes a line"

    @property
    def parameters(self) -> dict[str, Any]:
        return {"type": "object", "properties": {"line": {"type": "string"}}}

    async def call(self, arguments: Mapping[str, Any]) -> ToolResult:
        line = {"key": idempotency_key(), "pid": os.getpid(), "at": time.time(), **arguments}
        with Path(os.environ["LEDGER"]).open("a", encoding="utf-8") as ledger:
            ledger.write(json.dumps(line) + "\n")
        if os.environ.get("KILL_AFTER") == str(_lines()):
            os.kill(os.getpid(), signal.SIGKILL)  # the worst moment: done, and not yet noted
        return ToolResult("written")


def _lines() -> int:
    return Path(os.environ["LEDGER"]).read_text().count("\n")


ledger = NodeSpec(
    kind="crash.ledger", family="resources", title="Ledger", summary="Writes lines", config=Config,
    outcomes=(), provides="tool", make_tool=lambda config, attached: Ledger(), side_effects=True,
)  # fmt: skip


class EffectConfig(Config):
    seconds: float = 0.003


@node(
    kind="crash.effect", family="control", title="Effect", summary="Works a little and writes to the ledger",
    config=EffectConfig, inputs=(Port("a", "any", required=False),), outputs=(Port("out", "any"),),
    attaches=(Attach("tools", "tool", many=True),),
)  # fmt: skip
async def effect(inputs: Inputs, config: EffectConfig, ctx: Context) -> Outputs:
    await asyncio.sleep(config.seconds)
    said = {"node": ctx.node_id, "visit": ctx.visit, "task": ctx.task_id, "given": inputs.get("a")}
    for tool in ctx.tools:
        await ctx.call_tool(tool, said)
    await asyncio.sleep(config.seconds)
    return {"out": f"{ctx.node_id}{ctx.visit}"}


KILLED_KINDS = {**KINDS, ledger.kind: ledger, effect.kind: effect}


def document() -> Document:
    """Thirty nodes that run, and the ledger."""
    effects = [*CHAIN, "turn", *BRANCHES["left"], *BRANCHES["right"], "after", "last", "tail", "i0", "i1", "i2"]
    inside = {"i0": "each", "i1": "each", "i2": "each"}
    nodes: dict[str, Any] = {
        id: {"kind": "crash.effect", **({"parent": inside[id]} if id in inside else {})} for id in effects
    }
    nodes |= {
        "start": {"kind": "start"}, "finish": {"kind": "finish"}, "ledger": {"kind": "crash.ledger"},
        "again": {"kind": "control.loop_limit", "config": {"max_turns": TURNS}},
        "whole": {"kind": "control.loop_limit", "config": {"max_turns": ROUNDS - 1}},
        "each": {"kind": "control.for_each", "config": {"parallel": 3}},
        "join": {"kind": "control.join"}, "ask": {"kind": "control.ask"},
        "count": {"kind": "control.set_state", "config": {"values": {"turns": "x"}}},
    }  # fmt: skip
    flow = [
        "start -> c0", *_path(CHAIN), f"{CHAIN[-1]} -> turn", "turn -> again", "again.again -> turn",
        "again.exhausted -> count", "count -> l0", "count -> r0", *_path(BRANCHES["left"]), *_path(BRANCHES["right"]),
        "l2 -> join", "r1 -> join", "join -> each", "each.each -> i0", "i0 -> i1", "i1 -> i2",
        "each -> after", "after -> whole", "whole.again -> turn", "whole.exhausted -> ask",
        "ask -> last", "last -> tail", "tail -> finish",
    ]  # fmt: skip
    data = [
        "start.items -> each.items", "each.item -> i0.a", "i0.out -> i1.a", "each.index -> i2.a",
        "i2.out -> each.result", "each.results -> after.a", "ask.text -> last.a", "last.out -> finish.answer",
        "each.results -> finish.items",
    ]  # fmt: skip
    attach = [f"ledger -> {id}.tools" for id in effects]
    return Document.model_validate({
        "title": "Thirty nodes", "inputs": {"items": {"type": "list[number]"}},
        "outputs": {"answer": {}, "items": {}}, "state": {"turns": {"type": "list[text]", "reducer": "append"}},
        "nodes": nodes, "edges": {"flow": flow, "data": data, "attach": attach},
    })  # fmt: skip


def expected_effects() -> dict[tuple[str, int, Any], int]:
    """(node, visit, what it was given) -> 1, for every line the ledger must have once."""
    found: dict[tuple[str, int, Any], int] = {(id, 1, None): 1 for id in CHAIN}
    # The inner loop's limit counts on: it lets through three more turns in the first round, none in the later ones.
    found |= {("turn", visit, None): 1 for visit in range(1, TURNS + ROUNDS + 1)}
    for round_ in range(1, ROUNDS + 1):
        found |= {(id, round_, None): 1 for id in (*BRANCHES["left"], *BRANCHES["right"])}
        found[("after", round_, "list")] = 1
    found |= {("last", 1, "yes"): 1, ("tail", 1, None): 1}
    return found


def _path(ids: list[str]) -> list[str]:
    return [f"{one} -> {two}" for one, two in pairwise(ids)]


class Worker:
    """One process's life: opens the home, goes on with the run there is, and ends when it has ended."""

    def __init__(self, home: Path) -> None:
        self._mark = home / "working"
        self.database = Database(home / "nodeloom.db")
        self.runs = Runs(self.database)
        self.writer = SpanWriter(self.database)
        services: Any = SimpleNamespace(now=time.time)
        self.runner = Runner(
            runs=self.runs, versions=Workflows(self.database), spans=self.writer, kinds=KILLED_KINDS,
            providers=Providers(NoModels(), lambda run_id: services), checkpoints=home / "checkpoints.db",
            questions=Questions(self.database),
        )  # fmt: skip

    def work(self) -> str:
        """Start, resume or answer until the run has ended; its status."""
        while True:
            known = self.runs.list(limit=1)
            if not known:
                id = self.runner.start(document(), {"items": list(range(ITEMS))})
            elif known[0].status in ("done", "failed"):
                return known[0].status
            else:
                id = known[0].id
                self._go_on(id, known[0].status)
            self._mark.touch()
            self.runner.wait_here(id)

    def _go_on(self, id: str, status: str) -> None:
        if status == "waiting":
            form = self.runs.get(id).forms[0]
            try:
                self.runner.answer(id, form["interrupt"], {"text": "yes"})
            except AlreadyAnswered:  # written down by a process that was killed before the run went on
                self.runner.go_on(id)
        else:
            self.runner.resume(id)

    def close(self) -> None:
        self.runner.close()
        self.writer.close()
        self.database.close()


class NoModels:
    """The workflow calls no model."""

    def default(self) -> str:
        return "scripted:none"

    def secret_values(self) -> list[str]:
        return []

    def chat_model(self, reference: str, **settings: Any) -> Any:
        raise NotImplementedError
