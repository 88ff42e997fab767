"""What cannot become a program of its own, and why. Everything else can.

A program has LangGraph, LangChain and the mechanisms' own code; what reads, checks, edits or runs workflows *as
data* needs Nodeloom's engine and its kinds, and stays in Nodeloom.
"""

from dataclasses import dataclass
from typing import Final

from graphs.document import Document
from graphs.export.modules import closure
from graphs.export.names import home_of
from graphs.intermediate import Kinds
from graphs.pausing import ASKING
from nodes.contract import NodeError, NodeSpec

WORKSHOP: Final = "it reads, edits or runs workflows as data, which only Nodeloom's workshop can"
APPROVAL: Final = "a call that waits for a person goes on from Nodeloom's journal of what the node was answered"
FOREIGN: Final = "its kind is not one of Nodeloom's own, so its code cannot be copied"
_CONTRACT: Final = ("nodes.contract", "nodes.reach", "nodes.workshop")


@dataclass(frozen=True)
class Reason:
    """A node that cannot be exported."""

    node: str
    kind: str
    why: str


class NotExportable(NodeError):
    """The workflow cannot become a program; ``reasons`` has every node that stands in the way."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        listed = "; ".join(f"{each.node} ({each.kind}): {each.why}" for each in reasons)
        super().__init__(f"Not exported: {listed}", mend="Take these nodes out, or run the workflow in Nodeloom.")
        self.reasons = reasons


def check(document: Document, kinds: Kinds) -> None:
    """Raises NotExportable."""
    reasons = [
        Reason(id, node.kind, why)
        for id, node in document.nodes.items()
        if (spec := kinds.get(node.kind)) is not None and (why := reason(spec))
    ]
    if reasons:
        raise NotExportable(tuple(reasons))


def reason(spec: NodeSpec) -> str:
    """Why nodes of the kind cannot be exported; '' where they can."""
    if spec.run is None and spec.provides is None:
        return ""  # a note
    try:
        home, _ = home_of(spec)
    except LookupError:
        return FOREIGN
    reached = {name: each for name, each in closure([home]).items() if name not in _CONTRACT}
    if any("workshop" in each.attributes for each in reached.values()):
        return WORKSHOP
    return APPROVAL if spec.kind in ASKING else ""
