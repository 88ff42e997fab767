"""The workflow document: one readable file, with a canonical form and a content hash.

A document is data. It carries no code and no commands: prompts are Mustache, conditions are CEL,
node behaviour comes from installed kinds by name and version. Reading and writing YAML is in
``yaml_format``; edits are in ``operations``; what is wrong with a document is in ``validate``.

Ids of nodes are lower-case words (``[a-z][a-z0-9_]*``), so that ``node.port`` reads without quotes.
"""

import hashlib
import json
from functools import lru_cache
from typing import Annotated, Any, Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

FORMAT_VERSION: Final = 1
ID_PATTERN: Final = r"^[a-z][a-z0-9_]{0,63}$"

NodeId = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
PortName = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
EdgeSort = Literal["flow", "data", "attach"]
EDGE_SORTS: Final[tuple[EdgeSort, ...]] = ("flow", "data", "attach")


class Part(BaseModel):
    """Base of everything in a document: unknown keys are refused, values never change in place."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Edge(NamedTuple):
    """``source.source_handle -> target.target_handle``.

    A flow edge's source handle is an outcome (``done`` when not written) and it has no target handle.
    A data edge has both. An attach edge has only a target handle, the socket, which may be left out
    where the target has one socket of the resource's sort.
    """

    source: str
    source_handle: str | None
    target: str
    target_handle: str | None

    def __str__(self) -> str:
        left = f"{self.source}.{self.source_handle}" if self.source_handle else self.source
        right = f"{self.target}.{self.target_handle}" if self.target_handle else self.target
        return f"{left} -> {right}"


class InputSpec(Part):
    """A workflow input: a field of the form a person fills in, and of every API's schema."""

    type: str = "text"
    title: str = ""
    description: str = ""
    required: bool = True
    default: Any = None
    examples: tuple[Any, ...] = ()


class OutputSpec(Part):
    """A workflow output; a ``finish`` node has one input port for each."""

    type: str = "any"
    title: str = ""


class StateSpec(Part):
    """A variable shared by the nodes of a run."""

    type: str = "any"
    reducer: Literal["last", "append", "merge", "add"] = "last"
    default: Any = None


class Limits(Part):
    """Where a run stops, in a state it can be resumed from. None: no limit of that kind."""

    steps: int | None = Field(default=None, ge=1, le=100_000, description="node runs")
    seconds: float | None = Field(default=None, gt=0, le=604_800, description="wall time, seconds")
    tokens: int | None = Field(default=None, ge=1, description="model tokens, in and out")
    usd: float | None = Field(default=None, ge=0, description="US dollars, by list prices")


class Node(Part):
    """One node. ``position`` and ``size`` are layout: they do not change the hash."""

    kind: str
    version: int = 1
    label: str = ""
    note: str = ""
    parent: NodeId | None = None
    config: dict[str, Any] = Field(default_factory=dict)
    position: tuple[float, float] | None = None
    size: tuple[float, float] | None = None


class Edges(Part):
    """The three sorts of edges, each written ``a.x -> b.y``, in the order they were drawn."""

    flow: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    attach: tuple[str, ...] = ()


class Document(Part):
    """A workflow."""

    nodeloom: Literal[1] = FORMAT_VERSION
    title: str = "Untitled workflow"
    summary: str = ""
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    inputs: dict[PortName, InputSpec] = Field(default_factory=dict)
    outputs: dict[PortName, OutputSpec] = Field(default_factory=dict)
    state: dict[PortName, StateSpec] = Field(default_factory=dict)
    limits: Limits = Limits()
    nodes: dict[NodeId, Node] = Field(default_factory=dict)
    edges: Edges = Edges()

    def parsed(self, sort: EdgeSort) -> list[Edge]:
        """The edges of a sort that follow the grammar (a rule reports the others)."""
        return [edge for text in getattr(self.edges, sort) if (edge := parse_edge(text)) is not None]


@lru_cache(maxsize=16_384)  # the same few hundred texts, after every edit of a document
def parse_edge(text: str) -> Edge | None:
    """``a.x -> b.y`` to its parts; None where the text does not follow the grammar."""
    sides = [side.strip().split(".") for side in text.split("->")]
    if len(sides) != 2 or any(len(side) > 2 or not all(side) for side in sides):
        return None
    (source, *source_handle), (target, *target_handle) = sides
    return Edge(source, next(iter(source_handle), None), target, next(iter(target_handle), None))


def canonical(document: Document) -> dict[str, Any]:
    """The document as sorted JSON data without layout and without values equal to the defaults."""
    data = document.model_dump(mode="json", exclude_defaults=True)
    data["nodeloom"] = FORMAT_VERSION
    for node in data.get("nodes", {}).values():
        node.pop("position", None)
        node.pop("size", None)
    edges = data.get("edges", {})
    for sort in edges:
        # Of what is attached to one socket, the order is that of a team or a list of tools: it is kept.
        edges[sort] = sorted(edges[sort], key=_socket if sort == "attach" else None)
    return data


def _socket(attach: str) -> str:
    """Where an attach edge leads."""
    return attach.rpartition("->")[2].strip()


def content_hash(document: Document) -> str:
    """SHA-256 (64 hex digits) of the canonical form; layout and the order of keys do not change it."""
    text = json.dumps(canonical(document), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
