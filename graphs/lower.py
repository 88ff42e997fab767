"""Document -> intermediate form. Only for documents without error diagnostics."""

from collections import defaultdict
from dataclasses import dataclass, field, replace

from pydantic import ValidationError

from graphs.document import Document, Node
from graphs.intermediate import (
    DONE,
    EACH,
    ERROR,
    JOIN_KIND,
    Binding,
    Graph,
    Kinds,
    LoweringError,
    Resource,
    Source,
    Step,
    Workflow,
    socket_for,
)
from graphs.ports import frame_inputs_of, ports_of
from graphs.state_reads import reads_state
from nodes.contract import Config, NodeSpec, Port


def lower(document: Document, kinds: Kinds) -> Workflow:
    """The intermediate form of a document.

    Raises LoweringError where the document has an error that its diagnostics would have shown.
    """
    index = _Index(document, kinds)
    return Workflow(
        title=document.title,
        graph=_level(index, None),
        inputs=document.inputs,
        outputs={name: spec.type for name, spec in document.outputs.items()},
        state=document.state,
        limits=document.limits,
    )


@dataclass
class _Index:
    """The document's edges by the node they touch, and its settings as models."""

    document: Document
    kinds: Kinds
    children: dict[str | None, list[str]] = field(default_factory=lambda: defaultdict(list))
    flow: dict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    data: dict[tuple[str, str], list[Source]] = field(default_factory=lambda: defaultdict(list))
    attached: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    """Node -> what is attached to it: (resource, socket)."""
    _resources: dict[str, Resource | None] = field(default_factory=dict[str, Resource | None])
    """Lowered so far; None while a resource is being lowered."""

    def __post_init__(self) -> None:
        for id, node in self.document.nodes.items():
            if self.spec(id).run is not None:
                self.children[node.parent].append(id)
        for edge in self.document.parsed("flow"):
            targets = self.flow[edge.source][edge.source_handle or DONE]
            if edge.target not in targets:
                targets.append(edge.target)
        for edge in self.document.parsed("data"):
            if edge.source_handle and edge.target_handle:
                self.data[edge.target, edge.target_handle].append(Source(edge.source, edge.source_handle))
        for edge in self.document.parsed("attach"):
            self._attach(edge.source, edge.target, edge.target_handle)

    def _attach(self, source: str, target: str, handle: str | None) -> None:
        spec = self.spec(source)
        socket = socket_for(self.spec(target), spec, handle)
        if socket is None:
            raise LoweringError(f"{target!r} has no socket for {source!r}")
        self.attached[target].append((source, socket.name))

    def resources(self, id: str) -> tuple[Resource, ...]:
        """What is attached to a node, in the order the edges were drawn."""
        return tuple(replace(self._resource(source), socket=socket) for source, socket in self.attached[id])

    def _resource(self, id: str) -> Resource:
        if id in self._resources:
            found = self._resources[id]
            if found is None:
                raise LoweringError(f"{id!r} is attached to itself")
            return found
        self._resources[id] = None
        spec, node = self.spec(id), self.node(id)
        made = self._resources[id] = Resource(
            id=id, socket="", spec=spec, config=self.config(id), label=node.label or id, resources=self.resources(id),
            body=_level(self, id) if spec.frame else None,
        )  # fmt: skip
        return made

    def node(self, id: str) -> Node:
        try:
            return self.document.nodes[id]
        except KeyError:
            raise LoweringError(f"an edge names the node {id!r}, which does not exist") from None

    def spec(self, id: str) -> NodeSpec:
        kind = self.node(id).kind
        try:
            return self.kinds[kind]
        except KeyError:
            raise LoweringError(f"node {id!r} is of the unknown kind {kind!r}") from None

    def config(self, id: str) -> Config:
        try:
            return self.spec(id).config.model_validate(self.node(id).config)
        except ValidationError as error:
            raise LoweringError(f"the settings of node {id!r} are not valid: {error.errors()[0]['msg']}") from error


def _level(index: _Index, frame: str | None) -> Graph:
    """The graph of the nodes whose parent is ``frame``."""
    ids = index.children[frame]
    steps = {id: _step(index, id, frozenset(ids)) for id in ids}
    if frame is None:
        entries = tuple(id for id in ids if index.spec(id).dynamic == "workflow_inputs")
    else:
        entries = tuple(index.flow[frame].get(EACH, ()))
    if not entries:
        raise LoweringError(f"nothing leads into the body of {frame!r}" if frame else "the workflow has no start")
    stray = [id for id in entries if id not in steps]
    if stray:
        raise LoweringError(f"flow leads from {frame!r} to {stray[0]!r}, which is not in its body")
    if frame is None:
        return Graph(steps, entries)
    return Graph(steps, entries, reads=_outer_reads(frame, steps), results=_bindings(index, frame, frame_side=True))


def _step(index: _Index, id: str, level: frozenset[str]) -> Step:
    node, spec = index.node(id), index.spec(id)
    config = index.config(id)
    ports = ports_of(index.document, id, index.kinds)
    outcomes = tuple(name for name in ports.outcomes if name not in (EACH, ERROR))
    flow = {
        outcome: tuple(targets) for outcome, targets in index.flow[id].items() if not (spec.frame and outcome == EACH)
    }
    foreign = [target for targets in flow.values() for target in targets if target not in level]
    if foreign:
        raise LoweringError(f"flow leads from {id!r} to {foreign[0]!r}, which is not on the same level")
    return Step(
        id=id,
        label=node.label or spec.title,
        spec=spec,
        config=config,
        inputs=_bindings(index, id),
        outputs={port.name: port.type for port in ports.outputs},
        outcomes=outcomes,
        flow=flow,
        resources=index.resources(id),
        join=getattr(config, "mode", "all") if spec.kind == JOIN_KIND else None,
        body=_level(index, id) if spec.frame else None,
        reads_state=bool(index.document.state) and (bool(spec.state_fields) or _reads_state(index, id)),
    )


def _reads_state(index: _Index, id: str) -> bool:
    """Whether a setting of the node, or of a resource below it, reads a state variable."""
    own = reads_state(index.spec(id), index.node(id).config)
    return own or any(_reads_state(index, each) for each, _ in index.attached[id])


def _bindings(index: _Index, id: str, frame_side: bool = False) -> tuple[Binding, ...]:
    """The input ports of a node, or of a frame those that its body feeds."""
    spec = index.spec(id)
    body_fed = {port.name for port in frame_inputs_of(spec, index.node(id))}
    return tuple(
        _binding(index, port, tuple(index.data[id, port.name]))
        for port in ports_of(index.document, id, index.kinds).inputs
        if (port.name in body_fed) == frame_side
    )


def _binding(index: _Index, port: Port, sources: tuple[Source, ...]) -> Binding:
    declared = [ports_of(index.document, source.node, index.kinds).output(source.port) for source in sources]
    trusted = port.type == "any" or all(found is not None and found.type == port.type for found in declared)
    return Binding(port.name, port.type, port.required, sources, trusted)


def _outer_reads(frame: str, steps: dict[str, Step]) -> tuple[str, ...]:
    """The nodes of the levels above that a body reads: its frame first, then in order of use."""
    wanted: dict[str, None] = {frame: None}
    for step in steps.values():
        inner = step.body.reads if step.body else ()
        sources = [source.node for binding in step.inputs for source in binding.sources]
        wanted.update((id, None) for id in (*sources, *inner) if id not in steps)
    return tuple(wanted)
