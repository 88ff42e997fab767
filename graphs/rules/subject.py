"""What the rules look at: a document with its kinds, ports, edges and flow, each looked up once.

Whatever is faulty is left out here and reported by the rule whose matter it is: an edge that cannot be
read or joins nothing does not disturb the rules about flow and data.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol

from graphs.document import EDGE_SORTS, Document, Edge, EdgeSort, Node, parse_edge
from graphs.ports import DONE, NO_PORTS, NodePorts, config_value, frame_inputs_of, frame_outputs_of, ports_of
from graphs.topology import Flow, FlowEdge, Topology
from nodes.contract import NodeSpec, Port

JOIN: Final = "control.join"


class Workspace(Protocol):
    """What a person has set up, as far as a document can name it."""

    def default_model(self) -> str | None:
        """Reference of the default model; None where none is chosen."""
        ...

    def model_problem(self, reference: str) -> str | None:
        """Why a model cannot be used, as a sentence; None where it can, or where only a secret is missing."""
        ...

    def missing_secret(self, reference: str) -> str | None:
        """Name of the secret that the model's provider needs and nobody has stored; None where all is there."""
        ...

    def folders(self) -> Collection[str]:
        """Names of the folders the person granted."""
        ...

    def memory_spaces(self) -> Collection[str]:
        """Names of the memory spaces there are."""
        ...

    def refused(self) -> Collection[str]:
        """Keys of the permissions (``graphs.permissions``) that the workflow was refused."""
        ...


@dataclass(frozen=True)
class Line:
    """One edge of the document: its text, its index among its sort, its parts (None: unreadable)."""

    sort: EdgeSort
    text: str
    at: int
    edge: Edge | None


@dataclass(frozen=True)
class Feed:
    """A data edge whose ports both exist."""

    text: str
    source: str
    output: Port
    target: str
    input: Port


class Subject:
    """A document under examination. Everything is computed when first asked for."""

    def __init__(self, document: Document, kinds: Mapping[str, NodeSpec], workspace: Workspace | None = None) -> None:
        self.document = document
        self.kinds = kinds
        self.workspace = workspace

    def on(self, workspace: Workspace) -> "Subject":
        """The same document in a workspace; what is known of the document is kept."""
        other = copy(self)
        other.workspace = workspace
        return other

    @cached_property
    def specs(self) -> dict[str, NodeSpec]:
        """Node -> its kind's spec, for the nodes whose kind is known."""
        nodes = self.document.nodes.items()
        return {id: spec for id, node in nodes if (spec := self.kinds.get(node.kind)) is not None}

    @cached_property
    def _ports(self) -> dict[str, NodePorts]:
        return {id: ports_of(self.document, id, self.kinds) for id in self.specs}

    def ports(self, id: str) -> NodePorts:
        return self._ports.get(id, NO_PORTS)

    @cached_property
    def running(self) -> Collection[str]:
        """The nodes that run, in the order of the document; those of unknown kinds are taken to."""
        specs = self.specs
        return {id: None for id in self.document.nodes if (spec := specs.get(id)) is None or spec.run is not None}

    def hands_body(self, id: str) -> frozenset[str]:
        """Names of the outputs that a frame has for its body; empty for every other node."""
        spec = self.specs.get(id)
        return frozenset(port.name for port in frame_outputs_of(spec, self.node(id))) if spec else frozenset()

    def body_feeds(self, id: str) -> tuple[Port, ...]:
        """The inputs of a frame that its body feeds."""
        spec = self.specs.get(id)
        return frame_inputs_of(spec, self.node(id)) if spec else ()

    def node(self, id: str) -> Node:
        return self.document.nodes[id]

    def label(self, id: str) -> str:
        """What the person sees on the node."""
        spec = self.specs.get(id)
        return self.node(id).label or (spec.title if spec else id)

    # --- edges ------------------------------------------------------------------------------------------

    @cached_property
    def lines(self) -> list[Line]:
        """All edges as written."""
        return [
            Line(sort, text, at, parse_edge(text))
            for sort in EDGE_SORTS
            for at, text in enumerate(getattr(self.document.edges, sort))
        ]

    def joined(self, sort: EdgeSort) -> list[Line]:
        """The readable edges of a sort between nodes that exist."""
        return self._joined[sort]

    @cached_property
    def _joined(self) -> dict[str, list[Line]]:
        found: dict[str, list[Line]] = {sort: [] for sort in EDGE_SORTS}
        nodes = self.document.nodes
        for line in self.lines:
            if line.edge is not None and line.edge.source in nodes and line.edge.target in nodes:
                found[line.sort].append(line)
        return found

    @cached_property
    def feeds(self) -> list[Feed]:
        """The data edges whose ports both exist."""
        found: list[Feed] = []
        for line in self.joined("data"):
            if line.edge is None:
                continue
            output = self.ports(line.edge.source).output(line.edge.source_handle)
            target = self.ports(line.edge.target).input(line.edge.target_handle)
            if output is not None and target is not None:
                found.append(Feed(line.text, line.edge.source, output, line.edge.target, target))
        return found

    @cached_property
    def feeds_into(self) -> Mapping[tuple[str, str], list[Feed]]:
        """(node, input port) -> what feeds it."""
        found: dict[tuple[str, str], list[Feed]] = defaultdict(list)
        for feed in self.feeds:
            found[feed.target, feed.input.name].append(feed)
        return found

    @cached_property
    def fed(self) -> frozenset[tuple[str, str | None]]:
        """(node, input port) pairs that some edge leads into, however faulty its source is."""
        return frozenset((line.edge.target, line.edge.target_handle) for line in self.joined("data") if line.edge)

    # --- flow -------------------------------------------------------------------------------------------

    @cached_property
    def flow(self) -> Topology:
        running, parts = self.running, self.subworkflows
        sources = {*running, *parts}
        edges: dict[tuple[str, str, str], FlowEdge] = {}
        for line in self.joined("flow"):
            edge = line.edge
            if edge is not None and edge.target_handle is None and edge.source in sources and edge.target in running:
                outcome = edge.source_handle or DONE
                if edge.source not in self.specs or outcome in self.ports(edge.source).outcomes:
                    key = (edge.source, outcome, edge.target)
                    edges.setdefault(key, FlowEdge(*key, text=line.text))
        flowing = [id for id in self.document.nodes if id in sources]
        outcomes = {id: self.ports(id).outcomes if id in self.specs else (DONE,) for id in flowing}
        joins = {id: self._mode(id) for id in self.running if self.node(id).kind == JOIN}
        return Topology(Flow(outcomes, tuple(edges.values()), (*self.starts, *parts), joins))

    def _mode(self, id: str) -> str:
        spec = self.specs.get(id)
        return "any" if spec is not None and config_value(spec, self.node(id), "mode") == "any" else "all"

    @cached_property
    def starts(self) -> list[str]:
        return [id for id, spec in self.specs.items() if spec.dynamic == "workflow_inputs"]

    @cached_property
    def finishes(self) -> list[str]:
        return [id for id, spec in self.specs.items() if spec.dynamic == "workflow_outputs"]

    # --- frames -----------------------------------------------------------------------------------------

    def levels(self, id: str) -> list[str | None]:
        """The frames around a node, innermost first, and at last None for the workflow itself."""
        found: list[str | None] = []
        parent = self.node(id).parent
        while parent is not None and parent in self.document.nodes and parent not in found:
            found.append(parent)
            parent = self.node(parent).parent
        return [*found, None]

    @cached_property
    def subworkflows(self) -> list[str]:
        """The frames that are attached to nodes; the flow of each begins at the frame."""
        return [id for id, spec in self.specs.items() if spec.frame and spec.provides == "workflow"]

    def part_of(self, id: str) -> str | None:
        """The innermost attached sub-workflow that a node stands in."""
        return next((each for each in self.levels(id) if each in self.subworkflows), None)

    @cached_property
    def children(self) -> Mapping[str, list[str]]:
        """Frame -> the nodes in it."""
        found: dict[str, list[str]] = defaultdict(list)
        for id, node in self.document.nodes.items():
            if node.parent is not None:
                found[node.parent].append(id)
        return found

    def fresh_id(self, wish: str) -> str:
        """``wish``, or ``wish_2``, ... whichever no node has."""
        taken = self.document.nodes
        return next(
            name
            for number in range(1, len(taken) + 2)
            if (name := f"{wish}_{number}" if number > 1 else wish) not in taken
        )
