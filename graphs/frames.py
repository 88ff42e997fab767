"""A frame: its body once for each item, several at a time, the results in the order of the items.

Three LangGraph nodes: the frame itself, whose items become a ``Send`` each; ``<frame>~item``, the body of
one item - the single node of it directly, more than one as a graph of its own; and ``<frame>~collect``,
which runs once in the step after them. An item is a task of LangGraph's, so an item that has finished is
not run again after a pause or a crash.

Each body sees the state variables as they were when the frame began. What bodies write to them goes on with the
collector, in the order of the items, by each variable's reducer - as the writes of LangGraph's parallel branches
do; of a variable that keeps the last, the last item's counts. An item that failed writes nothing.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from langgraph.errors import GraphInterrupt
from langgraph.types import Send

from graphs.active import CURRENT, NodeFailed
from graphs.binding import RECORDS, STATE_PREFIX, Record, Records, State, collected
from graphs.context import NodeContext
from graphs.events import OfVisit
from graphs.intermediate import DONE, ERROR, Graph, Step
from graphs.state import WRITES, Written, body_writes, carried, results_channel
from graphs.tracer import snapshot
from graphs.wrapper import Visit, Wrapper
from nodes.contract import FanOut

Body = Callable[[State], Awaitable[tuple[Records, Written]]]
"""The values a body reads -> the records of its nodes, and what they wrote to state variables."""


def item_node(frame: str) -> str:
    return f"{frame}~item"


def collect_node(frame: str) -> str:
    return f"{frame}~collect"


def is_single(body: Graph) -> bool:
    """Whether the body is one node that can be run without a graph around it."""
    if len(body.steps) != 1 or len(body.entries) != 1:
        return False
    (step,) = body.steps.values()
    return step.body is None and step.join is None and not step.flow


def single_body(wrapper: Wrapper) -> Body:
    """A body of one node."""

    async def run(state: State) -> tuple[Records, Written]:
        visit = await wrapper.visit(state)
        return {wrapper.step.id: visit.record}, body_writes(visit.writes)

    return run


def graph_body(graph: Any) -> Body:
    """A body of several nodes: a compiled graph."""
    kept = [RECORDS, *([WRITES] if WRITES in graph.channels else [])]

    async def run(state: State) -> tuple[Records, Written]:
        # The config (checkpoint namespace, limits) comes from LangGraph's context variable.
        result = await graph.ainvoke(dict(state), output_keys=kept) or {}
        return result.get(RECORDS) or {}, result.get(WRITES) or ()

    return run


def sends(step: Step, state: Mapping[str, Any], visit: Visit, fan_out: FanOut) -> list[Send]:
    """One Send for each item, with what the body reads of the levels above."""
    assert step.body is not None
    records = state.get(RECORDS) or {}
    outer = {id: records[id] for id in step.body.reads if id in records}
    variables = {name: value for name, value in state.items() if name.startswith(STATE_PREFIX)}
    common: Record = {
        "visit": visit.record["visit"], "step": visit.record["step"], "span": visit.record["span"],
        "parallel": fan_out.parallel, "skip": fan_out.on_error == "skip",
    }  # fmt: skip
    target = item_node(step.id)
    return [
        Send(target, {**variables, RECORDS: {**outer, step.id: {**common, "outputs": {"item": item, "index": index}}}})
        for index, item in enumerate(fan_out.items)
    ]


def item_runner(step: Step, body: Body) -> Callable[[State], Awaitable[dict[str, Any]]]:
    """The LangGraph node that works on one item."""
    assert step.body is not None
    frame, channel, results = step.id, results_channel(step.id), step.body.results
    handled = ERROR in step.flow

    async def run_item(state: State) -> dict[str, Any]:
        mine = state[RECORDS][frame]
        index = mine["outputs"]["index"]
        run = CURRENT.get()
        async with run.slot(mine["span"], mine["parallel"]):
            if mine["span"] in run.broken:
                return {}
            try:
                records, written = await body(state)
            except NodeFailed as failure:
                if mine["skip"]:
                    return {channel: [[index, None, None]]}
                if not handled:
                    raise
                # Raised, it would end the run; told, it lets the collector take the way of the error.
                run.broken.add(mine["span"])
                return {channel: [[index, None, failure.as_dict()]]}
        return {channel: [[index, collected(results, records), None, list(written)]]}

    return run_item


def collector(wrapper: Wrapper) -> Callable[[State], Awaitable[Visit]]:
    """The end of a frame's visit: results in order, its span closed."""
    step = wrapper.step
    assert step.body is not None
    channel = results_channel(step.id)
    pairs = list(zip((port.name for port in step.spec.frame_inputs), step.spec.outputs, strict=False))

    async def collect(state: Mapping[str, Any]) -> Visit:
        run = CURRENT.get()
        frame: Record = state[RECORDS][step.id]
        gathered: list[Any] = sorted(state.get(channel) or (), key=lambda result: result[0])
        place: OfVisit = {"node": step.id, "visit": frame["visit"]}
        span = run.tracer.reopen(frame["span"], **frame["opened"])
        record: Record = {"visit": frame["visit"], "step": frame["step"], "outputs": {}}
        run.slots.pop(span.id, None)
        failure = next((failure for _, _, failure, *_ in gathered if failure), None)
        if failure is not None:
            wrapper.failed(place, span, run, NodeFailed(**failure))
            return Visit(ERROR, record, {})
        done = [values for _, values, *_ in gathered if values is not None]
        written = [each for _, _, _, *writes in gathered for write in writes for each in write]
        outputs = {port.name: [values.get(name) for values in done] for name, port in pairs}
        outputs |= carried(written, wrapper.state)
        span.note(output=snapshot(outputs))
        outcome = step.outcomes[0] if step.outcomes else DONE
        overrides = None
        if run.steering is not None:
            ctx = NodeContext(run, step, place, span, state)
            try:
                outcome, outputs = await run.steering.after_frame(wrapper, ctx, outcome, outputs)
            except GraphInterrupt as asked:
                wrapper.waits(asked, ctx)
                raise
            span.note(output=snapshot(outputs))
            overrides = ctx.overrides
        wrapper.finished(place, span, outcome, outputs, run)
        ports = {name: value for name, value in outputs.items() if not name.startswith(STATE_PREFIX)}
        return Visit(outcome, {**record, "outputs": ports}, wrapper.writes(outputs, overrides))

    return collect
