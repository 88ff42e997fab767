"""The intermediate form: what a workflow means, frozen, without a word of LangGraph.

``lower`` makes it from a document without error diagnostics and the installed kinds; ``compile``
turns it into a LangGraph graph. Names are resolved, settings are validated models, data edges are
bindings, flow edges are tables from outcome to targets, and the nodes of a frame are a graph of
their own inside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from graphs.document import InputSpec, Limits, StateSpec
from nodes.contract import Attach, Config, NodeSpec

EACH: Final = "each"
ERROR: Final = "error"
DONE: Final = "done"
JOIN_KIND: Final = "control.join"

Kinds = Mapping[str, NodeSpec]
JoinMode = Literal["all", "any"]


@dataclass(frozen=True)
class Source:
    """An output port of a node."""

    node: str
    port: str


@dataclass(frozen=True)
class Binding:
    """An input port and what feeds it; of several sources the one that ran last counts."""

    name: str
    type: str
    required: bool
    sources: tuple[Source, ...]
    trusted: bool = False
    """Every source declares this very type, so that its values were checked when they were produced."""


@dataclass(frozen=True)
class Resource:
    """A node attached to a socket: a model, a memory space, a tool, a role, a policy or a sub-workflow."""

    id: str
    socket: str
    spec: NodeSpec
    config: Config
    label: str = ""
    resources: "tuple[Resource, ...]" = ()
    """What is attached to it in turn."""
    body: "Graph | None" = None
    """Of a sub-workflow."""


@dataclass(frozen=True)
class Step:
    """A node that runs."""

    id: str
    label: str
    spec: NodeSpec
    config: Config
    inputs: tuple[Binding, ...]
    outputs: Mapping[str, str]
    """Port name -> type; for a frame also those only its body reads."""
    outcomes: tuple[str, ...]
    flow: Mapping[str, tuple[str, ...]]
    """Outcome -> the nodes that run then; an outcome that leads nowhere is absent."""
    resources: tuple[Resource, ...]
    join: JoinMode | None = None
    body: "Graph | None" = None
    reads_state: bool = False
    """Whether it reads state variables, or may write them; they are then in its inputs under ``state``."""


@dataclass(frozen=True)
class Graph:
    """One level: the workflow itself, or the body of a frame."""

    steps: Mapping[str, Step]
    entries: tuple[str, ...]
    """Where flow begins."""
    reads: tuple[str, ...] = ()
    """Nodes of the levels above whose values this level uses; of a body, first its frame."""
    results: tuple[Binding, ...] = ()
    """Of a body: the frame's input ports that it feeds."""

    @property
    def joins(self) -> tuple[Step, ...]:
        """The steps of this level that wait for several branches."""
        return tuple(step for step in self.steps.values() if step.join)


@dataclass(frozen=True)
class Workflow:
    """A whole workflow, ready to be compiled or written out as a program."""

    title: str
    graph: Graph
    inputs: Mapping[str, InputSpec]
    outputs: Mapping[str, str]
    """Name -> type."""
    state: Mapping[str, StateSpec]
    limits: Limits

    def all_steps(self) -> list[Step]:
        """The steps of every level."""
        return _steps_within(self.graph)


def _steps_within(graph: Graph) -> list[Step]:
    """The steps of a level, of the frames in it and of the sub-workflows attached to its nodes."""
    found: list[Step] = []
    for step in graph.steps.values():
        bodies = [step.body, *(each.body for each in step.resources)]
        found += [step, *(inner for body in bodies if body is not None for inner in _steps_within(body))]
    return found


class LoweringError(ValueError):
    """The document has an error that its diagnostics would have shown."""


def socket_for(spec: NodeSpec, resource: NodeSpec, socket: str | None) -> Attach | None:
    """The socket an attach edge leads to; the name may be left out where one of the sort exists."""
    fitting = [each for each in spec.attaches if each.sort == resource.provides]
    return next((each for each in fitting if socket in (None, each.name)), None)


def describe(value: Any) -> str:
    """A value as an error shows it: short."""
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:117]}..."
