"""What Nodeloom's engine costs over a graph written by hand in LangGraph: process CPU, paired, in one process.

    uv run python -m benchmarks.engine [--repeat 15]

Ours runs with its trace on, into the real writer and a real database. The hand-written graphs are async
and idiomatic: one state key where one does, plain edges, a conditional edge for the loop, Sends for the
fan-out. Both sides get the same checkpointer class on the same settings. The repetitions of the two sides
alternate; the table gives medians of the process's CPU time, the writer's thread included.
"""

import argparse
import asyncio
import gc
import operator
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, TypedDict

from langgraph.graph import START, StateGraph
from langgraph.types import Send

from graphs.active import ActiveRun
from graphs.cache import Compiled, GraphCache
from graphs.checkpoints import Checkpoints
from graphs.document import Document, Limits
from graphs.heap import settle
from graphs.limits import Meter
from graphs.providers import Providers
from graphs.segment import execute
from graphs.stream import EventLog
from graphs.tracer import Tracer
from nodes.contract import Config, Context, Inputs, Outputs, Port, Route, node
from nodes.registry import KINDS
from store.database import Database
from store.span_writer import SpanWriter

SAMPLE = 500
"""Node runs in a sample, at least: the trace is written in batches of that order."""


class NoConfig(Config):
    turns: int = 100


@node(
    kind="bench.add", family="control", title="Add", summary="One more", config=NoConfig,
    inputs=(Port("n", "number"),), outputs=(Port("n", "number"),),
)  # fmt: skip
async def add(inputs: Inputs, config: NoConfig, ctx: Context) -> Outputs:
    return {"n": inputs["n"] + 1}


@node(
    kind="bench.turn", family="control", title="Turn", summary="Again or done", config=NoConfig,
    outputs=(Port("n", "number"),), outcomes=("again", "done"), bounds_loop=True,
)  # fmt: skip
async def turn(inputs: Inputs, config: NoConfig, ctx: Context) -> Route:
    return Route("again" if ctx.visit < config.turns else "done", {"n": ctx.visit})


@node(
    kind="bench.items", family="control", title="Items", summary="A list", config=NoConfig,
    outputs=(Port("items", "list[number]"),),
)  # fmt: skip
async def items(inputs: Inputs, config: NoConfig, ctx: Context) -> Outputs:
    return {"items": list(range(config.turns))}


BENCH_KINDS = {**KINDS, **{spec.kind: spec for spec in (add, turn, items)}}


@dataclass(frozen=True)
class Case:
    """One shape on both sides; ``nodes`` is how many node runs it has."""

    name: str
    nodes: int
    document: Document
    by_hand: Callable[[], StateGraph[Any]]
    first: dict[str, Any]
    answer: Callable[[dict[str, Any]], Any]
    expected: Any


def document(nodes: dict[str, Any], flow: list[str], data: list[str]) -> Document:
    return Document.model_validate({
        "inputs": {"n": {"type": "number"}}, "outputs": {"answer": {}},
        "nodes": {"start": {"kind": "start"}, "finish": {"kind": "finish"}, **nodes},
        "edges": {"flow": flow, "data": data},
    })  # fmt: skip


def chain(length: int) -> Case:
    """start, ``length`` nodes that add one, finish; the hand-written one has the same two ends."""
    ids = [f"a{i}" for i in range(length)]
    path = ["start", *ids, "finish"]
    doc = document(
        {id: {"kind": "bench.add"} for id in ids},
        [f"{a} -> {b}" for a, b in pairwise(path)],
        [
            "start.n -> a0.n",
            *(f"{a}.n -> {b}.n" for a, b in pairwise(ids)),
            f"{ids[-1]}.n -> finish.answer",
        ],
    )

    def by_hand() -> StateGraph[Any]:
        class State(TypedDict):
            n: int

        async def one_more(state: State) -> State:
            return {"n": state["n"] + 1}

        async def same(state: State) -> State:
            return {"n": state["n"]}

        graph = StateGraph(State)
        for id in path:
            graph.add_node(id, same if id in ("start", "finish") else one_more)
        graph.add_edge(START, "start")
        for a, b in pairwise(path):
            graph.add_edge(a, b)
        return graph

    return Case(f"chain of {length}", length + 2, doc, by_hand, {"n": 0}, lambda state: state["n"], length)


def loop(turns: int) -> Case:
    """One node that leads back to itself ``turns`` times."""
    doc = document(
        {"t": {"kind": "bench.turn", "config": {"turns": turns}}}, ["start -> t", "t.again -> t", "t.done -> finish"],
        ["t.n -> finish.answer"],
    )  # fmt: skip

    def by_hand() -> StateGraph[Any]:
        class State(TypedDict):
            n: int

        async def step(state: State) -> State:
            return {"n": state["n"] + 1}

        async def same(state: State) -> State:
            return {"n": state["n"]}

        graph = StateGraph(State)
        graph.add_node("start", same)
        graph.add_node("t", step)
        graph.add_node("finish", same)
        graph.add_edge(START, "start")
        graph.add_edge("start", "t")
        graph.add_conditional_edges("t", lambda state: "t" if state["n"] < turns else "finish", ["t", "finish"])
        return graph

    return Case(f"loop of {turns}", turns + 2, doc, by_hand, {"n": 0}, lambda state: state["n"], turns)


def fan(width: int) -> Case:
    """A list, the same node for each item, the results collected."""
    doc = document(
        {
            "src": {"kind": "bench.items", "config": {"turns": width}},
            "each": {"kind": "control.for_each", "config": {"parallel": 64}},
            "body": {"kind": "bench.add", "parent": "each"},
        },
        ["start -> src", "src -> each", "each.each -> body", "each -> finish"],
        ["src.items -> each.items", "each.item -> body.n", "body.n -> each.result", "each.results -> finish.answer"],
    )

    def by_hand() -> StateGraph[Any]:
        class State(TypedDict):
            n: int
            items: list[int]
            out: Annotated[list[tuple[int, int]], operator.add]
            answer: list[int]

        async def start(state: State) -> dict[str, Any]:
            return {"n": state["n"]}

        async def src(state: State) -> dict[str, Any]:
            return {"items": list(range(width))}

        async def body(state: dict[str, Any]) -> dict[str, Any]:
            return {"out": [(state["index"], state["item"] + 1)]}

        async def finish(state: State) -> dict[str, Any]:
            return {"answer": [value for _, value in sorted(state["out"])]}

        graph = StateGraph(State)
        for name, function in (("start", start), ("src", src), ("body", body), ("finish", finish)):
            graph.add_node(name, function)
        graph.add_edge(START, "start")
        graph.add_edge("start", "src")
        graph.add_conditional_edges(
            "src",
            lambda state: [Send("body", {"index": i, "item": item}) for i, item in enumerate(state["items"])],
            ["body"],
        )
        graph.add_edge("body", "finish")
        return graph

    return Case(
        f"fan-out of {width}",
        width + 4,
        doc,
        by_hand,
        {"n": 0},
        lambda state: state["answer"],
        list(range(1, width + 1)),
    )


class NoModels:
    """The benchmark calls no model."""

    def default(self) -> str:
        return "scripted:none"

    def secret_values(self) -> list[str]:
        return []

    def chat_model(self, reference: str, **settings: Any) -> Any:
        raise NotImplementedError


@dataclass
class Sides:
    """Both sides of one case, ready to run."""

    case: Case
    ours: Compiled
    theirs: Any
    checkpoints: Checkpoints | None
    writer: SpanWriter
    runs: int = 0

    async def run_ours(self) -> Any:
        self.runs += 1
        id = f"{self.runs:032x}"
        tracer = Tracer(self.writer, id)
        root = tracer.start("invoke_workflow", "bench", None, id=id[16:])
        providers = Providers(NoModels(), NO_SERVICES)
        run = ActiveRun(id, self.case.first, None, providers, Meter(Limits()), tracer, EventLog(), root)
        ending = await execute(run, self.ours, self.checkpoints)
        root.end("ok")
        tracer.flush()
        assert ending.status == "done", ending.error
        return (ending.outputs or {})["answer"]

    async def run_theirs(self) -> Any:
        self.runs += 1
        config: Any = {"configurable": {"thread_id": f"hand{self.runs}"}, "recursion_limit": 10_000}
        more: Any = {"durability": "sync"} if self.checkpoints else {}
        return self.case.answer(await self.theirs.ainvoke(self.case.first, config, **more))


NO_SERVICES: Any = None


async def timed(run: Callable[[], Any], case: Case, flush: Callable[[], None]) -> float:
    """CPU seconds of a run: of as many in a row as make ``SAMPLE`` node runs, the trace written."""
    times = max(1, SAMPLE // case.nodes)
    gc.collect()
    before = time.process_time()
    for _ in range(times):
        answer = await run()
        assert answer == case.expected, (answer, case.expected)
    flush()
    return (time.process_time() - before) / times


async def compare(case: Case, folder: Path, *, saved: bool, repeat: int) -> tuple[float, float, list[float]]:
    """Medians of ours and theirs in CPU seconds, and the ratio of each pair."""
    database = Database(folder / "nodeloom.db")
    writer = SpanWriter(database)
    checkpoints = Checkpoints(folder / "checkpoints.db") if saved else None
    compiled = GraphCache(BENCH_KINDS, checkpoints).get(case.document)
    compiled = Compiled(compiled.hash, compiled.workflow, compiled.graph, "sync")
    sides = Sides(case, compiled, case.by_hand().compile(checkpointer=checkpoints), checkpoints, writer)
    ours: list[float] = []
    theirs: list[float] = []
    for turn_ in range(repeat + 2):
        order = [(ours, sides.run_ours), (theirs, sides.run_theirs)]
        for kept, run in order if turn_ % 2 else reversed(order):
            kept.append(await timed(run, case, writer.flush))
    writer.close()
    database.close()
    if checkpoints is not None:
        checkpoints.close()
    ours, theirs = ours[2:], theirs[2:]  # the first two warm up
    return statistics.median(ours), statistics.median(theirs), [a / b for a, b in zip(ours, theirs, strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    settle()  # as the product does when its engine opens; both sides gain
    cases = [case for case in (chain(10), chain(50), loop(100), fan(1000)) if given.only in case.name]
    print(
        "| graph | checkpoints | by hand, us a node | Nodeloom, us a node | ratio of medians | middle half of ratios |"
    )
    print("|---|---|---|---|---|---|")
    for saved in (False, True):
        for case in cases:
            with tempfile.TemporaryDirectory() as folder:
                ours, theirs, ratios = asyncio.run(compare(case, Path(folder), saved=saved, repeat=given.repeat))
            low, _, high = statistics.quantiles(ratios, n=4)
            print(
                f"| {case.name} | {'SQLite' if saved else 'none'} | {theirs / case.nodes * 1e6:.0f} | "
                f"{ours / case.nodes * 1e6:.0f} | {ours / theirs:.2f} | {low:.2f} to {high:.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
