"""Compiled graphs, kept by the content hash of their document: a run never builds one twice."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from graphs.compile import Bodies, compile_workflow
from graphs.document import Document, content_hash
from graphs.intermediate import Kinds, Workflow
from graphs.lower import lower
from graphs.signature import is_dear

KEPT: Final = 64


@dataclass(frozen=True)
class Compiled:
    """A workflow that can be run."""

    hash: str
    workflow: Workflow
    graph: Any
    """LangGraph's ``CompiledStateGraph``."""
    durability: str
    """When checkpoints are written: ``sync``, after every step, or ``exit``, when the run stops."""
    bodies: Bodies | None = None
    """Of the sub-workflows attached to its nodes."""
    first: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Channels that hold something before the first node runs, beside inputs and state variables."""
    checkpointer: Any = None

    def rebuilt(self, workflow: Workflow, first: Mapping[str, Any]) -> "Compiled":
        """Another graph of the same document: a part of its workflow. It is not kept."""
        return replace(
            self, workflow=workflow, graph=compile_workflow(workflow, self.checkpointer), durability="sync",
            bodies=Bodies(workflow.state), first=first,
        )  # fmt: skip


class GraphCache:
    """The last ``KEPT`` compiled graphs of one registry. Thread-safe."""

    def __init__(self, kinds: Kinds, checkpointer: Any = None) -> None:
        self._kinds = kinds
        self._checkpointer = checkpointer
        self._version = registry_version(kinds)
        self._kept: OrderedDict[tuple[str, str], Compiled] = OrderedDict()
        self._lock = threading.Lock()
        self.built = 0
        """How many graphs were compiled."""

    @property
    def kinds(self) -> Kinds:
        """The kinds its documents are made of."""
        return self._kinds

    def get(self, document: Document) -> Compiled:
        """The compiled document. Raises LoweringError where it has an error its diagnostics show."""
        key = (content_hash(document), self._version)
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                found = self._kept[key] = self._build(document, key[0])
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return found

    def _build(self, document: Document, hash: str) -> Compiled:
        workflow = lower(document, self._kinds)
        self.built += 1
        return Compiled(
            hash=hash,
            workflow=workflow,
            graph=compile_workflow(workflow, self._checkpointer),
            durability=durability(workflow),
            bodies=Bodies(workflow.state),
            checkpointer=self._checkpointer,
        )


def registry_version(kinds: Kinds) -> str:
    """Changes when a kind is added, removed or gets a new version."""
    names = ",".join(f"{name}@{spec.version}" for name, spec in sorted(kinds.items()))
    return hashlib.sha256(names.encode()).hexdigest()[:16]


def durability(workflow: Workflow) -> str:
    """``sync`` where losing a step would repeat something dear."""
    return "sync" if any(is_dear(step) for step in workflow.all_steps()) else "exit"
