"""Intermediate form -> LangGraph graph. Pure: equal workflows give equal graphs.

Every node is async. A node whose flow is the same however it ends has plain edges; any other says by a
``Command`` where the flow goes, one of the targets its ``destinations`` declare.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from langgraph.graph import START, StateGraph
from langgraph.types import Command

from graphs.binding import RECORDS
from graphs.document import StateSpec
from graphs.frames import collect_node, collector, graph_body, is_single, item_node, item_runner, sends, single_body
from graphs.intermediate import Graph, Resource, Step, Workflow
from graphs.joins import MOVES, Join, joins_of
from graphs.state import WRITES, Channels, body_writes, channels_of, reads_of, results_channel, schema
from graphs.wrapper import Visit, Wrapper

NodeCall = Callable[[Any], Awaitable[Any]]
OWED: Final = "owed"
"""Key of a join's record: the branches whose arrival it will ignore."""


def compile_workflow(workflow: Workflow, checkpointer: Any = None) -> Any:
    """The runnable graph (a ``CompiledStateGraph``)."""
    return _Level(workflow.graph, workflow.state, None).build(checkpointer)


class Bodies:
    """The graphs of a workflow's attached sub-workflows, each compiled when it first runs."""

    def __init__(self, state: Mapping[str, StateSpec]) -> None:
        self._state = state
        self._graphs: dict[str, Any] = {}

    def graph(self, resource: Resource) -> Any:
        """The body as a graph; it reads what the sub-workflow takes from the record of its frame."""
        found = self._graphs.get(resource.id)
        if found is None:
            assert resource.body is not None
            found = self._graphs[resource.id] = _Level(resource.body, self._state, None).build(None)
        return found


class _Level:
    """The builder of one level's graph."""

    def __init__(self, graph: Graph, state: Mapping[str, StateSpec], frame: str | None, depth: int = 0) -> None:
        self.graph = graph
        self.state = state
        self.frame = frame
        self.depth = depth
        self.channels: Channels = channels_of(graph, state, body=frame is not None)
        self.joins = joins_of(graph)
        self.builder: Any = StateGraph(schema("Workflow" if frame is None else f"Body_{frame}", self.channels))

    def build(self, checkpointer: Any) -> Any:
        for step in self.graph.steps.values():
            wrapper = Wrapper(step, self.frame, self.state, self.depth)
            if step.body is not None:
                self._add_frame(step, wrapper, step.body)
            elif step.id in self.joins:
                self._add(step, self._joining(wrapper, self.joins[step.id]), reads_of(step, self.state))
            else:
                self._add(step, self._plain(wrapper), reads_of(step, self.state))
        for entry in self.graph.entries:
            self.builder.add_edge(START, entry)
        return self.builder.compile(checkpointer=checkpointer)

    # --- one LangGraph node for a step ---

    def _add(self, step: Step, call: NodeCall, reads: list[str]) -> None:
        self._add_node(step.id, call, reads, self._destinations(step))
        if self._static(step):
            for target in _targets(step):
                self.builder.add_edge(step.id, target)

    def _add_node(self, name: str, call: NodeCall, reads: list[str], destinations: tuple[str, ...]) -> None:
        self.builder.add_node(
            name, call, input_schema=schema(f"Reads_{name}", self.channels, reads), destinations=destinations or None
        )

    def _destinations(self, step: Step) -> tuple[str, ...]:
        if self._static(step):
            return ()
        return (*_targets(step), *((step.id,) if step.join else ()))

    def _static(self, step: Step) -> bool:
        """Whether the flow is the same however the node ends, so that plain edges do."""
        only = len(step.outcomes) <= 1 and set(step.flow) <= set(step.outcomes)
        return only and step.body is None and step.join is None

    def _plain(self, wrapper: Wrapper) -> NodeCall:
        step, static, moves = wrapper.step, self._static(wrapper.step), bool(self.joins)
        id, flow, visit_node = step.id, step.flow, wrapper.visit
        if static and not moves:

            async def run_static(state: Any) -> dict[str, Any]:
                visit = await visit_node(state)
                return {RECORDS: {id: visit.record}, **self._writes(visit)}

            return run_static

        async def run(state: Any) -> Any:
            visit = await visit_node(state)
            targets = flow.get(visit.outcome, ())
            update = self._update(step, visit, targets)
            return update if static else Command(update=update, goto=targets)

        return run

    def _update(self, step: Step, visit: Visit, targets: tuple[str, ...]) -> dict[str, Any]:
        update: dict[str, Any] = {RECORDS: {step.id: visit.record}, **self._writes(visit)}
        if self.joins:
            update[MOVES] = [[step.id, list(targets)]]
        return update

    def _writes(self, visit: Visit) -> Mapping[str, Any]:
        """To other channels; in a frame's body those to state variables once more, for the level around it."""
        if WRITES not in self.channels or not visit.writes:
            return visit.writes
        return {**visit.writes, WRITES: body_writes(visit.writes)}

    def _joining(self, wrapper: Wrapper, join: Join) -> NodeCall:
        step = wrapper.step

        async def run(state: Any) -> Any:
            record = (state.get(RECORDS) or {}).get(step.id)
            decision, owed = join.decide(state.get(MOVES) or (), record[OWED] if record and OWED in record else ())
            if decision == "go":
                visit = await wrapper.visit(state)
                onward = step.flow.get(visit.outcome, ())
                targets = (*onward, step.id) if owed else onward
                update = self._update(step, visit, targets)
                update[RECORDS] = {step.id: {**visit.record, OWED: list(owed)}}
            else:
                targets = (step.id,) if decision == "wait" else ()
                update = dict[str, Any]({MOVES: [[step.id, list(targets)]]})
                if record and OWED in record:
                    update[RECORDS] = {step.id: {**record, OWED: list(owed)}}
            return Command(update=update, goto=targets)

        return run

    # --- three LangGraph nodes for a frame ---

    def _add_frame(self, step: Step, wrapper: Wrapper, body: Graph) -> None:
        item, collect = item_node(step.id), collect_node(step.id)
        inner = single_body(self._body_wrapper(step, body)) if is_single(body) else self._body_graph(step, body)
        self._add_node(step.id, self._fanning(wrapper), reads_of(step, self.state), (item, collect, *_targets(step)))
        self._add_node(item, self._with_moves(step, item_runner(step, inner)), [RECORDS], ())
        self.builder.add_edge(item, collect)
        collected = self._collecting(wrapper)
        self._add_node(collect, collected, [RECORDS, results_channel(step.id)], _targets(step))

    def _body_wrapper(self, frame: Step, body: Graph) -> Wrapper:
        (step,) = body.steps.values()
        return Wrapper(step, frame.id, self.state, self.depth + 1)

    def _body_graph(self, frame: Step, body: Graph) -> Any:
        return graph_body(_Level(body, self.state, frame.id, self.depth + 1).build(None))

    def _fanning(self, wrapper: Wrapper) -> NodeCall:
        step = wrapper.step

        async def run(state: Any) -> Any:
            visit = await wrapper.visit(state)
            if visit.fan_out is None:
                targets = step.flow.get(visit.outcome, ())
                return Command(update=self._update(step, visit, targets), goto=targets)
            goto: Any = sends(step, state, visit, visit.fan_out) or [collect_node(step.id)]
            return Command(update=self._update(step, visit, (step.id,)), goto=goto)

        return run

    def _with_moves(self, step: Step, run_item: NodeCall) -> NodeCall:
        """While its items run, a frame counts as a node of the step."""
        if not self.joins:
            return run_item

        async def run(state: Any) -> dict[str, Any]:
            return {**await run_item(state), MOVES: [[step.id, [step.id]]]}

        return run

    def _collecting(self, wrapper: Wrapper) -> NodeCall:
        step, collect = wrapper.step, collector(wrapper)

        async def run(state: Any) -> Any:
            visit = await collect(state)
            targets = step.flow.get(visit.outcome, ())
            return Command(update=self._update(step, visit, targets), goto=targets)

        return run


def _targets(step: Step) -> tuple[str, ...]:
    return tuple(dict.fromkeys(target for targets in step.flow.values() for target in targets))
